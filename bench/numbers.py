"""A number finds its leads, in whatever way it is written on them."""

from odoo import SUPERUSER_ID, api

from . import calls, lists
from .mail_data import multiply
from .measure import Row, in_turn

PAGE = 80
GROWTH = 1.3
#: One of so many leads and contacts has a second number in its phone field.
SECOND = 20


def measure(registry, options) -> list[Row]:
    """Measure the finding of leads at each size: as many leads and contacts."""
    with registry.cursor() as cr:
        setting = calls.prepare(cr)
    rows, first = [], {}
    for size in options.sizes:
        print(f"{size} leads and contacts ...", flush=True)
        with registry.cursor() as cr:
            fill(api.Environment(cr, SUPERUSER_ID, {}), size)
            env = api.Environment(cr, setting.user_ids[0], {})
            for row in NumbersBench(env, setting, options.rounds).rows():
                growth = row.ours.median / first.setdefault(row.path, row.ours.median)
                row.others_met = growth <= GROWTH
                row.note = f"{growth:.2f} x of {options.sizes[0]}"
                row.path = f"{row.path} @{size}"
                print(f"  {row.path}: {row.ours.median * 1000:.1f} ms", flush=True)
                rows.append(row)
    return rows


def fill(env, size: int) -> None:
    """Make contacts and leads until there are ``size`` of each, some with two numbers."""
    contact = env["res.partner"].create({"name": "Source", "phone": "+48 61 100 00 00"})
    lead = env["crm.lead"].create({"name": "Source", "type": "opportunity", "user_id": 1})
    env.flush_all()
    number = "'+4822' || (1000000 + n %% 8999999)"
    person = {"phone": number, "phone_sanitized": number}
    multiply(env.cr, contact, size, person | {"commercial_partner_id": "new_id"})
    env.cr.execute("SELECT max(id) FROM res_partner")
    # Each contact has a lead of another number.
    contact_id = f"{env.cr.fetchone()[0]} - n %% {size - 1}"
    multiply(env.cr, lead, size, person | {"partner_id": contact_id})
    for table in ("crm_lead", "res_partner"):
        env.cr.execute(
            f"""
            UPDATE {table} SET phone = phone || '; 60' || lpad(id::text, 7, '0'),
                phone_keys = concat_ws(' ', '+4860' || lpad(id::text, 7, '0'),
                    lpad(id::text, 7, '0'), '0' || lpad(id::text, 7, '0'),
                    '60' || lpad(id::text, 7, '0'), '860' || lpad(id::text, 7, '0'))
            WHERE id % {SECOND} = 0 AND phone_sanitized IS NOT NULL AND phone_keys IS NULL
            """
        )
    env.cr.commit()
    env.cr.execute("ANALYZE res_partner; ANALYZE crm_lead")
    env.cr.commit()
    env.invalidate_all()


class NumbersBench:
    """The measurements by one salesperson in a database of one size; nothing of them stays."""

    def __init__(self, env, setting, rounds):
        self.env, self.setting, self.rounds = env, setting, rounds

    def rows(self):
        """Yield all rows of the table, in its order."""
        numbers = self._numbers()
        pages = {name: self._calls(found) for name, found in numbers.items()}
        for count in (1, PAGE):
            variants = {name: self._find(page[:count]) for name, page in pages.items()}
            variants["look-up"] = self._look_up(numbers["whole"][:count])
            series = in_turn(variants, self.rounds, self.env.cr)
            for name in pages:
                yield Row(
                    f"{name} number, {count}",
                    series[name],
                    series["look-up"],
                    "flat",
                )

    def _numbers(self):
        """Return numbers of calls by how they are written on leads."""
        self.env.cr.execute(
            "SELECT phone_sanitized FROM crm_lead WHERE phone_sanitized LIKE '+4822%'"
            " AND user_id IS NOT NULL ORDER BY id DESC LIMIT 2000"
        )
        whole = [number for (number,) in self.env.cr.fetchall()]
        self.env.cr.execute(
            "SELECT split_part(phone_keys, ' ', 1) FROM crm_lead WHERE phone_keys IS NOT NULL"
            " ORDER BY id DESC LIMIT %s",
            [PAGE],
        )
        second = [number for (number,) in self.env.cr.fetchall()]
        return {
            "whole": whole[:PAGE],
            "second": second,
            "hinted": [f"+49{number[3:]}" for number in whole[:PAGE]],
            "switchboard's": [number for number in whole if number.endswith("0")][:PAGE],
            "nobody's": [f"+4861{number[-7:]}" for number in second],
        }

    def _calls(self, numbers):
        return (
            self.env["lead.communication"]
            .sudo()
            .create(
                [
                    {
                        "type": "call",
                        "direction": "incoming",
                        "number": number,
                        "phone_sanitized": number,
                        "user_id": self.env.uid,
                        "company_id": self.env.company.id,
                    }
                    for number in numbers
                ]
            )
            .sudo(False)
        )

    def _find(self, rows):
        def run():
            lists._start_request(self.env)
            rows.fetch(["type", "number", "phone_sanitized", "email_normalized", "company_id"])
            yield
            rows._find_candidates()
            yield

        return run

    def _look_up(self, numbers):
        def run():
            yield
            self.env.cr.execute(
                "SELECT id FROM crm_lead WHERE phone_sanitized = ANY(%s)", [numbers]
            )
            self.env.cr.fetchall()
            yield

        return run
