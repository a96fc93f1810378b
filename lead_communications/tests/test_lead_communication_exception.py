from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..telephony.call_event import CallEvent
from .common import LeadCommunicationsCommon

NUMBER = "+48221234567"


class ExceptionCommon(LeadCommunicationsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Exceptions = cls.env["lead.communication.exception"]

    @classmethod
    def _exception(cls, value, user=None, **values):
        return cls.Exceptions.with_user(user or cls.marek).create({"value": value} | values)

    def _report(self, name="one", **values):
        event = CallEvent(
            **{
                "external_id": name,
                "direction": "incoming",
                "number": NUMBER,
                "start": fields.Datetime.now().replace(microsecond=0),
            }
            | values
        )
        self.env["lead.communication"]._record_calls(self.pbx, [event])
        return self.env["lead.communication"].search([("external_id", "=", name)])

    def _count(self, function):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        function()
        self.env.flush_all()
        return self.cr.sql_log_count - before


@tagged("post_install", "-at_install", "lead_communications")
class TestLeadCommunicationException(ExceptionCommon):
    """What an exception is, and that it ignores what comes in."""

    def test_kind_is_guessed_and_the_value_normalized(self):
        cases = [
            ("Jan <JAN@Customer.TEST>", "address", "jan@customer.test"),
            ("jan@żółw.pl", "address", "jan@xn--w-uga1v8h.pl"),
            ("@Customer.test", "domain", "customer.test"),
            ("żółw.pl", "domain", "xn--w-uga1v8h.pl"),
            ("https://www.customer.test/contact", "domain", "customer.test"),
            ("22 123 45 67", "number", NUMBER),
            ("tel:+48-22-123-45-67", "number", NUMBER),
            ("+48 22*", "prefix", "+4822"),
            ("0048 22 123", "prefix", "+4822123"),
        ]
        for value, kind, key in cases:
            with self.subTest(value=value):
                row = self._exception(value)
                self.assertEqual((row.kind, row.value_normalized), (kind, key))
                self.assertEqual(row.value, value)
                row.unlink()

    def test_number_is_read_in_the_country_of_its_company(self):
        self.other_company.country_id = self.env.ref("base.de")
        row = self._exception("030 123456", self.otto)
        self.assertEqual(row.company_id, self.other_company)
        self.assertEqual(row.value_normalized, "+4930123456")

    def test_refused(self):
        cases = [
            ("gmail.com", "whole address"),
            ("@WP.pl", "whole address"),
            ("com.pl", "no domain"),
            ("com", "no domain"),
            ("10.0.0.1", "no whole"),
            ("some words", "no domain"),
            ("%", "no domain"),
            ("a@b.test, c@b.test", "no email address"),
            ("jan@", "no email address"),
            ("123", "no whole"),
            ("+999*", "no beginning"),
            ("+*", "no "),
            ("22*", "no beginning"),
            ("+48*", "own country"),
            ("x" * 300 + ".test", "too long"),
            ("\0", "no domain"),
            (" ", "no domain"),
        ]
        for value, message in cases:
            with self.subTest(value=value), self.assertRaisesRegex(ValidationError, message):
                self._exception(value)

    def test_characters_that_nobody_sees_are_no_part_of_it(self):
        row = self._exception(" \u202ecustomer.test\0\r\n")
        self.assertEqual((row.value, row.value_normalized), ("customer.test", "customer.test"))

    # ---- INTAKE ----

    def test_call_of_an_excepted_number_is_ignored_without_a_trace_elsewhere(self):
        exception = self._exception(NUMBER)
        self.team.user_id = self.marek
        call = self._report(result="missed", end=fields.Datetime.now())
        self.assertEqual((call.state, call.reason), ("ignored", f"Exception: {NUMBER}"))
        self.assertEqual(call.exception_id, exception)
        self.assertFalse(call.decision_id or call.callback_activity_id or call.message_ids)
        self.assertEqual((exception.hit_count, exception.last_hit_date), (1, call.date))

    def test_ringing_call_of_an_excepted_number_shows_no_popup(self):
        self._exception(NUMBER)
        self.assertFalse(self._report().ringing_user_ids)
        self.assertTrue(self._report("two", number="+48221234568").ringing_user_ids)

    def test_number_that_comes_with_a_later_event(self):
        self._exception(NUMBER)
        call = self._report(number="")
        self.assertEqual(call.state, "ready")
        self.assertTrue(call.ringing_user_ids)
        call = self._report()
        self.assertEqual(call.state, "ignored")
        self.assertFalse(call.ringing_user_ids, "the popup is taken back")

    def test_later_report_does_not_reopen(self):
        self._exception(NUMBER)
        self._report()
        call = self._report(result="answered", extension="101", talk_seconds=20)
        self.assertEqual((call.state, call.result), ("ignored", "answered"))

    def test_what_a_person_decided_stays(self):
        call = self._report()
        call.with_user(self.marek).action_ignore()
        call.with_user(self.marek).action_reopen()
        self._exception(NUMBER)
        call = self._report(result="missed")
        self.assertEqual((call.state, call.result), ("ready", "missed"))

    def test_reopened_row_belongs_to_no_exception(self):
        exception = self._exception(NUMBER)
        call = self._report()
        call.with_user(self.marek).action_reopen()
        self.assertFalse(call.exception_id or call.reason)
        self.assertEqual(exception.hit_count, 0)
        self.assertEqual(self._report(result="missed").state, "ready")

    def test_outgoing_and_internal_calls_pass(self):
        self._exception(NUMBER)
        self.assertEqual(self._report(direction="outgoing").state, "ready")
        call = self._report("two", direction="internal")
        self.assertEqual((call.reason, call.exception_id.id), ("Internal call", False))

    def test_call_found_to_be_internal_later_is_counted_no_more(self):
        exception = self._exception(NUMBER)
        call = self._report("two")
        call.direction = "internal"
        self._report("two", direction="internal")
        self.assertEqual((call.state, call.reason), ("ignored", "Internal call"))
        self.assertEqual(exception.hit_count, 0)

    def test_call_written_down_by_hand_waits(self):
        self._exception(NUMBER)
        call = self._create_call(pbx_id=False, external_id=False)
        call._except()
        self.assertEqual(call.state, "ready")

    def test_email_of_an_excepted_sender(self):
        email = self._receive()
        self._exception("customer.test")
        self.assertEqual(email.with_user(self.anna)._except(), email)
        self.assertEqual((email.state, email.reason), ("ignored", "Exception: customer.test"))
        self.assertFalse(email._except(), "once only")

    def test_answer_on_a_lead_passes(self):
        lead = self._create_lead()
        email = self._receive()
        email.with_user(self.anna)._decide("attach", lead.with_user(self.anna))
        self._exception("customer.test")
        self.assertFalse(email._except())
        self.assertEqual((email.state, email.lead_id), ("done", lead))

    # ---- MATCHING ----

    def _matched(self, **values):
        row = self._create_call(**values)
        return self.Exceptions._match(row).get(row.id, self.Exceptions)

    def test_the_exact_one_counts_before_the_wide_one(self):
        wide = self._exception("+48 22*")
        self.assertEqual(self._matched(), wide)
        wider, exact = self._exception("+48 2*"), self._exception(NUMBER)
        self.assertEqual(self._matched(), exact)
        exact.active = False
        self.assertEqual(self._matched(), wide)
        wide.unlink()
        self.assertEqual(self._matched(), wider)
        self.assertFalse(self._matched(phone_sanitized="+48321234567"))
        self.assertFalse(self._matched(phone_sanitized=False))

    def test_number_is_not_the_beginning_of_longer_ones(self):
        self._exception("+4822123456", kind="prefix")
        self.assertTrue(self._matched())
        self.assertFalse(self._matched(phone_sanitized="+48221234"))

    def test_subdomains_and_neighbours(self):
        def matched(address):
            return self._matched(phone_sanitized=False, email_normalized=address)

        domain = self._exception("customer.test")
        self.assertEqual(matched("jan@customer.test"), domain)
        self.assertEqual(matched("jan@mail.eu.customer.test"), domain)
        self.assertEqual(matched('"a b"@customer.test'), domain)
        for address in ("jan@mycustomer.test", "jan@customer.test.evil.test", "customer.test@x.pl"):
            self.assertFalse(matched(address), address)
        address = self._exception("jan@customer.test")
        self.assertEqual(matched("jan@customer.test"), address)
        self._exception("żółw.pl")
        self.assertTrue(matched("jan@poczta.żółw.pl"))
        self.assertTrue(matched("jan@xn--w-uga1v8h.pl"))

    def test_wildcards_of_sql_match_themselves(self):
        self._exception("a_b.test")
        row = self._matched(phone_sanitized=False, email_normalized="x@axb.test")
        self.assertFalse(row)
        waiting = self._receive(**{"from": "x@axb.test"})
        exception = self.Exceptions.search([("value", "=", "a_b.test")])
        found = self.env["lead.communication"].search(exception._waiting_domain())
        self.assertFalse(found & waiting)

    def test_companies_are_apart(self):
        other = self._exception(NUMBER, self.otto)
        self.assertFalse(self._matched())
        self.assertEqual(self._matched(company_id=self.other_company.id), other)
        everybody = self._exception("+4822*", company_id=False)
        self.assertEqual(self._matched(), everybody)
        self.assertEqual(self._matched(company_id=self.other_company.id), other)

    def test_as_many_queries_for_2_rows_as_for_80(self):
        numbers = [f"+482212300{number:02}" for number in range(80)]
        calls = self.env["lead.communication"].concat(
            *(self._create_call(phone_sanitized=number) for number in numbers)
        )
        self._exception("+48221230011")
        self._exception("+48 22 123 00 7*")
        self._exception("customer.test")

        def match(rows):
            return self._count(lambda: self.Exceptions._match(rows))

        self.assertEqual(match(calls[:2]), match(calls))
        few = self._count(lambda: calls[10:12]._except())
        calls.write({"state": "ready", "exception_id": False, "reason": False})
        many = self._count(lambda: calls._except())
        self.assertEqual(few, many)
        self.assertEqual(len(calls.filtered("exception_id")), 11)

    # ---- RIGHTS ----

    def test_salespeople_add_and_take_back_their_own(self):
        own = self._exception("a.test", self.anna)
        foreign = self._exception("b.test", self.ben)
        for exception, user, allowed in (
            (own, self.anna, True),
            (own, self.ben, False),
            (own, self.clara, False),
            (own, self.marek, True),
            (foreign, self.anna, False),
        ):
            with self.subTest(value=exception.value, user=user.name):
                row = exception.with_user(user)
                self.assertTrue(row.has_access("read"))
                self.assertEqual(row.has_access("write"), allowed)
                self.assertEqual(row.has_access("unlink"), allowed)
        self.assertFalse(own.with_user(self.otto).has_access("read"))
        self.assertFalse(own.with_user(self.otto).has_access("write"))

    def test_whose_it_is_cannot_be_taken(self):
        own = self._exception("a.test", self.anna)
        with self.assertRaises(AccessError):
            own.with_user(self.ben).write({"user_id": self.ben.id})
        with self.assertRaises(AccessError):
            self._exception("b.test", self.anna, company_id=self.other_company.id)
        with self.assertRaises(AccessError):
            own.with_user(self.anna).write({"company_id": self.other_company.id})

    def test_those_of_all_companies_are_made_by_managers(self):
        with self.assertRaises(AccessError):
            self._exception("a.test", self.anna, company_id=False)
        own = self._exception("b.test", self.anna)
        with self.assertRaises(AccessError):
            own.with_user(self.anna).company_id = False
        shared = self._exception("c.test", company_id=False)
        self.assertTrue(shared.with_user(self.otto).has_access("read"))
        self.assertFalse(shared.with_user(self.anna).has_access("write"))

    # ---- TWICE ----

    def test_twice_is_refused_also_for_an_archived_one(self):
        exception = self._exception(NUMBER, self.anna)
        for active in (True, False):
            exception.active = active
            with (
                self.assertRaisesRegex(UniqueViolation, "key_unique"),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self._exception("22 123-45-67", self.ben)
        self._exception("+4822*")
        self._exception(NUMBER, self.otto)
        self._exception(NUMBER, company_id=False)

    def test_archived_one_is_used_again_by_whoever_adds_it_again(self):
        exception = self._exception(NUMBER, self.anna)
        exception.active = False
        again = self.Exceptions.with_user(self.ben)._find_or_create(
            "number", "22 123 45 67", self.company
        )
        self.assertEqual(again, exception)
        self.assertTrue(again.active)
        self.assertEqual(again.user_id, self.ben)
        again.active = False
