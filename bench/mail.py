"""Taking mail in, and finding the lead: beside Odoo alone, in databases of several sizes."""

import time
from dataclasses import dataclass
from pathlib import Path

from odoo import SUPERUSER_ID, api
from odoo.fields import Command
from odoo.tools import config

from . import heavy
from .host import HostAlone, drop_indexes
from .mail_data import ADDRESS, fill, large, small
from .measure import Row, Series, in_turn

MEGABYTE = 1_000_000
#: Some goals are for a database of this size.
FULL, AT_FULL = 1_000_000, "at 1,000,000"
GROWTH = 1.3
#: Mails of which the bytes on the disk are counted.
DISK_MAILS = 8


@dataclass
class Setting:
    """What was made in the database to measure with."""

    mailbox_id: int
    user_id: int
    partner_id: int
    #: The Message-ID of what was sent from a lead.
    sent_id: str


def measure(registry, options) -> list[Row]:
    """Measure all there is about mail, at each size of the database."""
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        setting = _prepare(env)
        cr.commit()
    rows, first = [], {}
    for size in options.sizes:
        print(f"{size} leads, contacts, messages and emails ...", flush=True)
        with registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            started = time.perf_counter()
            fill(env, size)
            print(f"  filled in {time.perf_counter() - started:.0f} s", flush=True)
            bench = MailBench(registry, env, setting, options.rounds)
            for row in bench.rows():
                if size < FULL and row.goal.endswith(AT_FULL):
                    row.limit = None
                _note_growth(row, first, options.sizes[0])
                row.path = f"{row.path} @{size}"
                print(f"  {row.path}: {row.ours.median * 1000:.1f} ms", flush=True)
                rows.append(row)
    print("Heavy mail, each in a process of its own ...", flush=True)
    return rows + _heavy(options.database)


def _note_growth(row, first, size):
    """Compare with the smallest database: most must not grow with it."""
    before = first.setdefault(row.path, row)
    if before is row or row.path not in (SMALL, ONE, PAGE, RATE):
        return
    growth = row.ours.median / before.ours.median
    row.others_met = row.others_met is not False and growth <= GROWTH
    row.note = f"{row.note}; " if row.note else ""
    row.note += f"{growth:.2f} x of {size} (goal <= {GROWTH})"


def _prepare(env) -> Setting:
    server = env["fetchmail.server"].create(
        {"name": "Bench", "server_type": "imap", "server": "127.0.0.1", "state": "done"}
    )
    user = (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            {
                "name": "Bench",
                "login": "bench-mail",
                "group_ids": [Command.link(env.ref("sales_team.group_sale_salesman_all_leads").id)],
            }
        )
    )
    mailbox = env["lead.mailbox"].create(
        {
            "name": "Bench",
            "address": ADDRESS,
            "server_id": server.id,
            "fetch_since": "2020-01-01",
            "member_ids": user.ids,
        }
    )
    partner = env["res.partner"].create({"name": "Takes mail", "email": "takes@mail.test"})
    lead = env["crm.lead"].create({"name": "Bench", "email_from": "jan@answers.test"})
    sent = lead.message_post(
        body="Our offer", message_type="comment", subtype_xmlid="mail.mt_comment"
    )
    return Setting(mailbox.id, user.id, partner.id, sent.message_id)


SMALL = "small mail into Ready"
RATE = "mails of one process, seconds a mail"
ONE = "suggestions of one email"
PAGE = "suggestions of a page of 80"


class MailBench:
    """The measurements in a database of one size."""

    def __init__(self, registry, env, setting, rounds):
        self.env, self.setting, self.rounds = env, setting, rounds
        self.host = HostAlone(registry)
        self.mailbox = env["lead.mailbox"].browse(setting.mailbox_id)

    def rows(self):
        """Yield all rows of the table, in its order."""
        yield self._small()
        yield self._rate()
        yield from self._two_megabytes()
        yield from self._not_ours()
        yield self._gateway()
        yield from self._look_ups()
        yield from self._suggestions()

    # ---- VARIANTS ----

    def _ours(self, make):
        """Return a variant that takes a mail in by the mailbox."""

        def run():
            raw = make()
            self._start()
            yield
            self.mailbox._receive(raw)
            self._finish()
            yield
            self.env.cr.commit()

        return run

    def _gateway_run(self, make, model="crm.lead", thread_id=None, alone=True, slow=False):
        """Return a variant that gives a mail to Odoo's gateway.

        :param alone: without our overrides.
        :param slow: without our indexes, too.
        """

        def run():
            raw = make()
            self._start()
            if slow:
                drop_indexes(self.env.cr)
            if alone:
                self.host.__enter__()
            yield
            self.env["mail.thread"].message_process(model, raw, thread_id=thread_id)
            self._finish()
            yield
            if alone:
                self.host.__exit__()
            if slow:
                self.env.cr.rollback()
                self.env.invalidate_all()
            else:
                self.env.cr.commit()

        return run

    def _start(self):
        self.env.invalidate_all()

    def _finish(self):
        """Do what the end of a transaction does, but for the waiting for the disk."""
        self.env.flush_all()
        self.env.cr.precommit.run()

    def _in_turn(self, variants, rounds=None, warm=3):
        return in_turn(variants, rounds or self.rounds, self.env.cr, warm=warm)

    # ---- TAKING IN ----

    def _small(self):
        series = self._in_turn(
            {"ours": self._ours(small), "host to lead": self._gateway_run(_for_host)}
        )
        return Row(
            SMALL,
            series["ours"],
            series["host to lead"],
            "<= 0.5 x, <= 20 queries",
            0.5,
            most_queries=20,
            note=f"host: {series['host to lead'].queries} queries",
        )

    def _rate(self):
        """Take in mail after mail with a commit each, as a fetch does."""
        seconds = []
        for _number in range(max(self.rounds, 20)):
            raw = small()
            started = time.perf_counter()
            self.mailbox._receive(raw)
            self.env.cr.commit()
            seconds.append(time.perf_counter() - started)
            self.env.invalidate_all()
        row = Row(RATE, Series("ours", seconds))
        row.goal = ">= 45 mails/s"
        rate = len(seconds) / sum(seconds)
        row.others_met = rate >= 45
        row.note = f"{rate:.0f} mails/s"
        return row

    def _two_megabytes(self):
        series = self._in_turn(
            {
                "ours": self._ours(lambda: large(2 * MEGABYTE)),
                "host without original": self._gateway_run(
                    lambda: large(2 * MEGABYTE, "x@other.test")
                ),
            },
            max(self.rounds // 3, 10),
        )
        path = "2 MB mail with the exact original"
        yield Row(path, series["ours"], series["host without original"], "<= 0.65 x", 0.65)
        row = Row(f"{path}: disk", series["ours"])
        ours = self._disk(self._ours(lambda: large(2 * MEGABYTE)))
        host = self._disk(self._gateway_run(lambda: large(2 * MEGABYTE, "x@other.test")))
        row.goal = "<= 1.05 x the mail"
        row.others_met = ours <= 1.05
        row.note = f"{ours:.2f} x the mail; host without original {host:.2f} x"
        yield row

    def _disk(self, variant):
        """Return how many bytes of the disk a byte of mail takes, database and files."""
        before = self._disk_bytes()
        for _number in range(DISK_MAILS):
            for _step in variant():
                pass
        return (self._disk_bytes() - before) / (DISK_MAILS * len(large(2 * MEGABYTE)))

    def _disk_bytes(self):
        # Files that nothing refers to any more do not count.
        self.env["ir.attachment"]._gc_file_store_unsafe()
        self.env.cr.commit()
        folder = Path(config.filestore(self.env.cr.dbname))
        files = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        self.env.cr.execute("SELECT pg_database_size(current_database())")
        return files + self.env.cr.fetchone()[0]

    # ---- THE HOST WITH US ----

    def _not_ours(self):
        """Compare what Odoo does with and without us."""
        partner_id, sent_id = self.setting.partner_id, self.setting.sent_id
        plans = {
            "mail that is not ours, on a contact": (_for_host, "res.partner", partner_id),
            "mail that is not ours, to a new lead": (_for_host, "crm.lead", None),
            "answer on a lead": (
                lambda: _for_host(sender="jan@answers.test", in_reply_to=sent_id),
                "crm.lead",
                None,
            ),
        }
        for path, plan in plans.items():
            series = self._in_turn(
                {
                    "with us": self._gateway_run(*plan, alone=False),
                    "host": self._gateway_run(*plan),
                }
            )
            with_us, host = series["with us"], series["host"]
            goal = "<= 1.05 x, <= 1 query more"
            yield Row(path, with_us, host, goal, 1.05, most_queries=host.queries + 1)

    def _gateway(self):
        """Compare Odoo's gateway with our indexes and without them."""
        series = self._in_turn(
            {
                "with us": self._gateway_run(_for_host, alone=False),
                "host without our indexes": self._gateway_run(_for_host, slow=True),
            },
            max(self.rounds // 3, 10),
        )
        return Row(
            "Odoo's own gateway after installing us",
            series["with us"],
            series["host without our indexes"],
            f">= 10 x faster {AT_FULL}",
            10,
            is_least=True,
        )

    # ---- FINDING ----

    def _search(self, model, field, values, slow=False):
        """Return a variant that looks records up by a number or an address."""

        def run():
            domain = [(field, "=", next(values))]
            if slow:
                drop_indexes(self.env.cr)
                # The first query after it reads the catalogue anew.
                self.env[model].search([(field, "=", "nobody")])
            self._start()
            yield
            self.env[model].search(domain).ids  # noqa: B018 - reads
            yield
            if slow:
                self.env.cr.rollback()
                self.env[model].search([(field, "=", "nobody")])

        return run

    def _look_ups(self):
        plans = {
            "email to lead": ("crm.lead", "email_normalized", 20),
            "email to contact": ("res.partner", "email_normalized", 100),
            "number to contact": ("res.partner", "phone_sanitized", 100),
        }
        for path, (model, field, limit) in plans.items():
            values = self._known(model, field)
            series = self._in_turn(
                {
                    "ours": self._search(model, field, values),
                    "host's indexes": self._search(model, field, values, slow=True),
                }
            )
            goal = f">= {limit} x {AT_FULL}"
            yield Row(path, series["ours"], series["host's indexes"], goal, limit, is_least=True)

    def _known(self, model, field):
        """Yield numbers or addresses that records have, without end."""
        self.env.cr.execute(
            f"SELECT {field} FROM {self.env[model]._table} WHERE {field} IS NOT NULL"
            " ORDER BY id DESC LIMIT 1000"
        )
        found = [value for (value,) in self.env.cr.fetchall()]
        while True:
            yield from found

    def _suggestions(self):
        """Find the leads of emails that wait, by the rights of a salesperson."""
        addresses = self._known("crm.lead", "email_normalized")
        rows = self.env["lead.communication"]
        for _number in range(80):
            rows += self.mailbox._receive(small(sender=next(addresses)))
        self.env.cr.commit()
        env = api.Environment(self.env.cr, self.setting.user_id, {})
        page = env["lead.communication"].browse(rows.ids)
        numbers = self._known("crm.lead", "phone_sanitized")

        def suggest(rows):
            def run():
                self._start()
                rows.fetch(["type", "email_normalized", "phone_sanitized", "conversation_ref"])
                env.user.partner_id.fetch(["lang", "tz"])
                yield
                rows._find_candidates()
                yield

            return run

        def host():
            domain = [("phone_mobile_search", "=", next(numbers))]
            self._start()
            yield
            env["crm.lead"].search(domain).ids  # noqa: B018 - reads
            yield

        def one_by_one():
            self._start()
            yield
            for row in page.sudo():
                env["crm.lead"].search([("email_normalized", "=", row.email_normalized)])
            yield

        series = self._in_turn({"ours": suggest(page[:1]), "phone_mobile_search": host})
        yield Row(ONE, series["ours"], series["phone_mobile_search"], "<= 0.8 x", 0.8)
        series = self._in_turn({"ours": suggest(page), "80 searches": one_by_one})
        yield Row(PAGE, series["ours"], series["80 searches"], "<= 0.5 x", 0.5)


def _for_host(**headers):
    return small("x@other.test", **headers)


# ---- HEAVY MAIL ----


def _heavy(database) -> list[Row]:
    rows = []
    for path, kind in (("25 MB mail", "large"), ("mail to 5,000 people in Cc", "many")):
        ours, host = (heavy.run(database, kind, who) for who in ("ours", "host"))
        row = Row(path, Series("ours", [ours["seconds"]]), Series("host", [host["seconds"]]))
        row.goal = "< 5 s, < 600 MB"
        row.others_met = ours["seconds"] < 5 and ours["megabytes"] < 600
        row.note = (
            f"{ours['megabytes']:.0f} MB at the most, of which the process itself"
            f" {ours['before']:.0f}; host {host['megabytes']:.0f} MB"
        )
        rows.append(row)
    return rows
