"""The queue: finding the leads of a page, the lists, the badge, and deciding."""

from odoo import SUPERUSER_ID, api

from . import calls, data, lists, mail_data
from .measure import Row, in_turn

PAGE = 80
GROWTH = 1.3
SUGGESTION, SUGGESTIONS = "suggestion of one row", f"suggestions of a page of {PAGE}"


def measure(registry, options) -> list[Row]:
    """Measure the queue at each size: as many leads, contacts, emails and calls."""
    with registry.cursor() as cr:
        setting = calls.prepare(cr)
    rows, first = [], {}
    for size in options.sizes:
        print(f"{size} leads, contacts, emails and calls ...", flush=True)
        with registry.cursor() as cr:
            mail_data.fill(api.Environment(cr, SUPERUSER_ID, {}), size)
            data.fill(cr, setting.pbx_id, setting.user_ids, size)
            env = api.Environment(cr, setting.user_ids[0], {})
            for row in DecideBench(env, setting, options.rounds).rows():
                name = row.path
                if name in first and row.path in (SUGGESTION, SUGGESTIONS):
                    growth = row.ours.median / first[name]
                    row.others_met = growth <= GROWTH
                    row.note = f"{growth:.2f} x of {options.sizes[0]}"
                first.setdefault(name, row.ours.median)
                row.path = f"{name} @{size}"
                print(f"  {row.path}: {row.ours.median * 1000:.1f} ms", flush=True)
                rows.append(row)
    return rows + lists.measure(registry, setting, options.sizes, options.rounds)


class DecideBench:
    """The measurements by one salesperson in a database of one size; nothing of them stays."""

    def __init__(self, env, setting, rounds):
        self.env, self.setting, self.rounds = env, setting, rounds
        self.lead = env["crm.lead"].create({"name": "Bench", "type": "opportunity"})
        env.flush_all()

    def rows(self):
        """Yield all rows of the table, in its order."""
        yield from self._suggestions()
        for count in (1, PAGE):
            yield self._decision("Ignore", count, lambda rows: rows._decide("ignore"))
            yield self._decision("Attach", count, lambda rows: rows._decide("attach", self.lead))
        yield self._create()
        yield self._move()

    # ---- VARIANTS ----

    def _waiting(self, count):
        """Return calls that wait, of this salesperson."""
        waiting = [("type", "=", "call"), ("state", "=", "ready"), ("user_id", "=", self.env.uid)]
        return self.env["lead.communication"].search(waiting, limit=count)

    def _variant(self, prepare, act):
        """Return a variant that does ``act`` with what ``prepare`` returns, and takes it back."""

        def run():
            lists._start_request(self.env)
            thing = prepare()
            self.env.flush_all()
            self.env.cr.execute("SAVEPOINT bench")
            yield
            act(thing)
            self.env.flush_all()
            yield
            self.env.clear()
            self.env.cr.precommit.clear()
            self.env.cr.execute("ROLLBACK TO SAVEPOINT bench")

        return run

    def _in_turn(self, variants):
        return in_turn(variants, self.rounds, self.env.cr)

    # ---- FINDING ----

    def _suggestions(self):
        goals = {1: ("<= 3 x", 3), PAGE: ("<= 2 x", 2)}
        for count, (goal, limit) in goals.items():
            series = self._in_turn(
                {
                    "ours": self._variant(lambda n=count: self._fetched(n), self._find),
                    "bare SQL": self._variant(lambda n=count: self._numbers(n), self._bare_find),
                }
            )
            name = SUGGESTION if count == 1 else SUGGESTIONS
            yield Row(name, series["ours"], series["bare SQL"], f"{goal}, flat", limit)

    def _fetched(self, count):
        rows = self._waiting(count)
        rows.fetch(["phone_sanitized", "email_normalized", "company_id"])
        return rows

    def _find(self, rows):
        rows._find_candidates()

    def _numbers(self, count):
        return self._waiting(count).mapped("phone_sanitized")

    def _bare_find(self, numbers):
        self.env.cr.execute(
            """
            SELECT id, name, stage_id, user_id FROM crm_lead WHERE phone_sanitized = ANY(%(n)s)
            UNION
            SELECT lead.id, lead.name, lead.stage_id, lead.user_id
            FROM res_partner partner JOIN crm_lead lead ON lead.partner_id = partner.id
            WHERE partner.phone_sanitized = ANY(%(n)s)
            """,
            {"n": numbers},
        )
        self.env.cr.fetchall()

    # ---- DECIDING ----

    def _decision(self, name, count, decide):
        series = self._in_turn(
            {
                "ours": self._variant(lambda: self._waiting(count), decide),
                "bare UPDATE": self._variant(lambda: self._waiting(count), self._update),
            }
        )
        most = 3
        return Row(
            f"{name} {count}",
            series["ours"],
            series["bare UPDATE"],
            f"<= 2.5 x, <= {most} queries",
            2.5,
            most_queries=most,
        )

    def _update(self, rows):
        self.env.cr.execute(
            "UPDATE lead_communication SET state = 'ignored' WHERE id = ANY(%s) AND state = 'ready'"
            " RETURNING id",
            [rows.ids],
        )
        self.env.cr.fetchall()

    def _create(self):
        def values():
            return self._waiting(1)._prepare_lead_values()

        series = self._in_turn(
            {
                "ours": self._variant(
                    lambda: self._waiting(1), lambda rows: rows._decide("create")
                ),
                "bare lead": self._variant(values, self.env["crm.lead"].create),
            }
        )
        bare = series["bare lead"]
        return Row(
            "Create",
            series["ours"],
            bare,
            "<= 1.05 x, <= 2 queries more",
            1.05,
            most_queries=bare.queries + 2,
        )

    def _move(self):
        """Move an email and its message: ours, and Odoo's way to move all messages."""

        def attach(row):
            row._decide("attach", self.lead)

        def move(row):
            row.sudo().message_change_thread(self.lead)

        variants = {"ours": attach, "host": move}
        series = self._in_turn(
            {name: self._variant(self._email, variants[name]) for name in variants}
        )
        path = "Attach an email, with its message"
        return Row(path, series["ours"], series["host"], "<= 0.5 x", 0.5)

    def _email(self):
        sudo = self.env["lead.communication"].sudo().with_context(tracking_disable=True)
        row = sudo.create({"type": "email", "direction": "incoming", "subject": "Bench"})
        message = row.message_post(body="Bench", message_type="email", email_from="a@b.test")
        row._link_message(message)
        return row
