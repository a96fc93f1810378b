from datetime import timedelta
from email.utils import format_datetime
from functools import wraps
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from ..tours import ToursCommon

# What is obvious about ten rows: attach, create, ignore; as in minute_tour.js.
MINUTE = "aciacaicia"


@tagged("post_install", "-at_install", "lead_communications")
class TestCommunicationTours(ToursCommon):
    """The lists of what waits, and what is decided in them."""

    def test_the_second_is_told_who_was_first(self):
        self._second("second", "/odoo/lead-calls")

    def test_the_second_is_told_who_was_first_in_the_inbox(self):
        self._second("inbox_second", "/odoo/lead-inbox")

    def _second(self, tour, path):
        lead = self._create_lead(name="First come")
        call = self._create_call()
        Communication = self.registry["lead.communication"]
        read_list = Communication.web_search_read

        @wraps(read_list)
        def read_before_a_colleague_decides(rows, *args, **kwargs):
            result = read_list(rows, *args, **kwargs)
            env = rows.env(user=self.clara.id, context={})
            undecided = env["lead.communication"].browse(call.id)
            if undecided.state == "ready":
                undecided._decide("attach", env["crm.lead"].browse(lead.id))
            return result

        # Odoo would read the list on a cursor that cannot write.
        read_before_a_colleague_decides._readonly = False
        with patch.object(Communication, "web_search_read", read_before_a_colleague_decides):
            self._tour(tour, self.anna, path=path)
        self.assertEqual(call.lead_id, lead)

    def test_ten_calls_and_ten_mails_by_keyboard(self):
        rows = self.env["lead.communication"].concat(*map(self._waiting, range(20)))
        self._tour("inbox_keys", self.anna, path="/odoo/lead-inbox")
        states = {"i": "ignored", "c": "done", "a": "done"}
        expected = [states["ica"[number % 3]] for number in range(19)]
        self.assertEqual(rows.mapped("state"), [*expected, "ready"])
        self.assertEqual(rows[:19].decision_user_id, self.anna)
        for number, row in enumerate(rows):
            if row.lead_id and number % 3 == 2:
                self.assertEqual(row.lead_id.name, f"Lead of Caller {number:02}")
        created = rows[:19].filtered(lambda row: row.decision_id.action == "create")
        self.assertEqual(len(created.lead_id), 6)

    def test_ten_decisions_by_twelve_keys(self):
        self._minute("minute_keys")

    def test_ten_decisions_by_ten_clicks(self):
        self._minute("minute_mouse")

    def _minute(self, tour):
        """Decide about ten calls and mails in a tour that counts; none of them wrongly."""
        rows = self.env["lead.communication"].concat(
            *(self._waiting(number, action == "a") for number, action in enumerate(MINUTE))
        )
        self._tour(tour, self.anna, path="/odoo/lead-inbox")
        actions = {"a": "attach", "c": "create", "i": "ignore"}
        self.assertEqual(rows.mapped("decision_id.action"), [actions[action] for action in MINUTE])
        for number, (row, action) in enumerate(zip(rows, MINUTE, strict=True)):
            if action == "a":
                self.assertEqual(row.lead_id.name, f"Lead of Caller {number:02}")
            self.assertEqual(bool(row.lead_id), action != "i")

    def test_keys_that_are_too_fast(self):
        rows = self.env["lead.communication"].concat(
            *(self._waiting(number, has_lead=True) for number in range(9))
        )
        self._tour("fast_keys", self.anna, path="/odoo/lead-inbox")
        self.assertEqual(set(rows[:8].mapped("state")), {"done"})
        self.assertEqual(
            rows[:8].mapped("lead_id.name"), [f"Lead of Caller {number:02}" for number in range(8)]
        )
        self.assertEqual(rows[8].state, "ready")
        self.assertEqual(self.env["crm.lead"].search_count([("create_uid", "=", self.anna.id)]), 0)

    def _waiting(self, number, has_lead=None):
        """Return one of ten calls and ten mails, each older than the one before.

        :param has_lead: whether there is a lead of the party, else of one in three.
        """
        has_lead = number % 3 == 2 if has_lead is None else has_lead
        name, date = f"Caller {number:02}", fields.Datetime.now() - timedelta(hours=number + 1)
        phone, email = f"+482212345{number:02}", f"caller{number}@c{number}.test"
        if has_lead:
            self._create_lead(name=f"Lead of {name}", phone=phone, email_from=email)
        if number % 2:
            return self._receive(**{"from": f"{name} <{email}>", "date": format_datetime(date)})
        return self._create_call(
            contact_name=name, number=phone, phone_sanitized=phone, date=date, result="missed"
        )

    def test_ignore_always_and_the_way_back(self):
        call = self._create_call()
        neighbour = self._create_call(number="+48221234568", phone_sanitized="+48221234568")
        self._tour("ignore_always", self.anna, path="/odoo/lead-calls")
        self.assertEqual((call.state, neighbour.state), ("ready", "ignored"))
        self.assertEqual(neighbour.exception_id.value_normalized, "+482212345")
        self.assertFalse(neighbour.exception_id.active)


@tagged("post_install", "-at_install", "lead_communications")
class TestPhoneTours(ToursCommon):
    """The same work on a telephone."""

    browser_size = "360x740"
    touch_enabled = True

    def test_calls_are_decided_on_a_phone(self):
        ignored, opened, created = (
            self._create_call(number=number, phone_sanitized=number)
            for number in ("+48221234501", "+48221234502", "+48221234503")
        )
        self._tour("phone", self.anna, path="/odoo/crm")
        self.assertEqual((ignored.state, opened.state, created.state), ("ignored", "ready", "done"))
        self.assertEqual(created.lead_id.user_id, self.anna)

    def test_inbox_on_a_phone(self):
        ignored, created = (
            self._create_call(number=number, phone_sanitized=number, result="missed")
            for number in ("+48221234501", "+48221234502")
        )
        mail = self._receive()
        self._tour("inbox_phone", self.anna, path="/odoo/crm")
        self.assertEqual((ignored.state, created.state, mail.state), ("ignored", "done", "ready"))
