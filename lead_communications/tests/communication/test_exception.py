from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ...telephony.call_event import CallEvent
from ..common import LeadCommunicationsCommon

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
            ("101", "short", "101"),
            ("sip:101@pbx.test", "short", "101"),
            ("*@Newsletter.*", "pattern", "*@newsletter.*"),
            ("+48*555", "pattern", "+48*555"),
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
            ("com.pl", "not a domain"),
            ("com", "not a domain"),
            ("10.0.0.1", "not a complete"),
            ("some words", "not a domain"),
            ("%", "not a domain"),
            ("a@b.test, c@b.test", "not an email address"),
            ("jan@", "not an email address"),
            ("1234567", "not a complete"),
            ("*@*.com", "safe"),
            ("*@gmail.*", "safe"),
            ("news*@" + "x" * 100 + ".test", "safe"),
            ("+999*", "not the beginning"),
            ("+*", "not "),
            ("22*", "not the beginning"),
            ("+48*", "own country"),
            ("x" * 300 + ".test", "too long"),
        ]
        for value, message in cases:
            with self.subTest(value=value), self.assertRaisesRegex(ValidationError, message):
                self._exception(value)

    def test_nothing_is_refused(self):
        for value in ("", " ", "\0", "\u200b"):
            with (
                self.subTest(value=value),
                self.assertRaisesRegex(ValidationError, "“Who” must not be empty"),
            ):
                self._exception(value)

    def test_characters_that_nobody_sees_are_no_part_of_it(self):
        row = self._exception(" \u202ecustomer.test\0\r\n")
        self.assertEqual((row.value, row.value_normalized), ("customer.test", "customer.test"))

    # ---- INTAKE ----

    def test_call_of_an_excepted_number_is_ignored_without_a_trace_elsewhere(self):
        exception = self._exception(NUMBER)
        self.team.user_id = self.marek
        call = self._report(result="missed", end=fields.Datetime.now())
        self.assertEqual((call.state, call.rule), ("ignored", "exception"))
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
        self.assertFalse(call.exception_id)
        self.assertEqual(exception.hit_count, 0)
        self.assertEqual(self._report(result="missed").state, "ready")

    def test_outgoing_and_internal_calls_pass(self):
        self._exception(NUMBER)
        self.assertEqual(self._report(direction="outgoing").state, "ready")
        call = self._report("two", direction="internal")
        self.assertEqual((call.rule, call.exception_id.id), ("internal", False))

    def test_call_found_to_be_internal_later_is_counted_no_more(self):
        exception = self._exception(NUMBER)
        call = self._report("two")
        call.direction = "internal"
        self._report("two", direction="internal")
        self.assertEqual((call.state, call.rule), ("ignored", "internal"))
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
        self.assertEqual((email.state, email.rule), ("ignored", "exception"))
        self.assertFalse(email._except(), "once only")

    def test_answer_on_a_lead_passes(self):
        lead = self._create_lead()
        email = self._receive()
        email.with_user(self.anna)._decide("attach", lead.with_user(self.anna))
        self._exception("customer.test")
        self.assertFalse(email._except())
        self.assertEqual((email.state, email.lead_id), ("done", lead))

    # ---- OPEN LEADS ----

    def test_exceptions_for_many_yield_to_an_open_lead(self):
        cases = {
            "+48 22*": ("call", {"phone": NUMBER}),
            "+48*567": ("call", {"phone": NUMBER}),
            "customer.test": ("email", {"email_from": "jan@customer.test"}),
            "*@customer.*": ("email", {"email_from": "jan@customer.test"}),
        }
        for value, (kind, party) in cases.items():
            with self.subTest(value=value):
                exception = self._exception(value)
                # Nobody of the queue may see it: it is the customer's all the same.
                lead = self._create_lead(user_id=self.clara.id, **party)
                row = self._report(value) if kind == "call" else self._receive()
                self.assertRecordValues(row, [{"state": "ready", "exception_id": False}])
                lead.action_set_lost()
                row = self._report(value + "2") if kind == "call" else self._receive()
                self.assertRecordValues(row, [{"state": "ignored", "exception_id": exception.id}])
                lead.unlink()
                exception.unlink()

    def test_exceptions_for_one_party_count_whatever_leads_there_are(self):
        self._create_lead(phone=NUMBER, email_from="jan@customer.test")
        self._exception(NUMBER)
        self._exception("jan@customer.test")
        self.assertEqual(self._report().rule, "exception")
        self.assertEqual(self._receive().rule, "exception")

    def test_what_waits_with_an_open_lead_is_left_by_exceptions_for_many(self):
        self._create_lead(email_from="jan@customer.test")
        jan, ewa = self._receive(), self._receive(**{"from": "ewa@customer.test"})
        self._exception("customer.test").with_user(self.anna).action_apply()
        self.assertEqual((jan.state, ewa.state), ("ready", "ignored"))

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

    def test_internal_line(self):
        line = self._exception("101")
        self.assertEqual(self._matched(number="101", phone_sanitized=False), line)
        self.assertEqual(self._matched(number="sip:101@pbx.test", phone_sanitized=False), line)
        self.assertFalse(self._matched(number="1011", phone_sanitized=False))
        self.assertFalse(self._matched(number="101"), "It is a number of somebody else's")
        call = self._report(number="101")
        self.assertEqual((call.state, call.exception_id), ("ignored", line))

    def test_patterns(self):
        def matched(number=False, email=False, shown="anonymous"):
            return self._matched(phone_sanitized=number, email_normalized=email, number=shown)

        news = self._exception("*@newsletter.*")
        under_score = self._exception(r"a_b%c*@acme.test")
        number, lines = self._exception("+48*555"), self._exception("1*", kind="pattern")
        self.assertEqual(matched(email="jan@newsletter.acme.test"), news)
        self.assertFalse(matched(email="jan@mynewsletter.test"))
        self.assertEqual(matched(email="a_b%cd@acme.test"), under_score)
        self.assertFalse(matched(email="axbyc@acme.test"), "_ and % stand for themselves")
        self.assertEqual(matched(number="+48221234555"), number)
        self.assertFalse(matched(number="+48221235551"))
        self.assertEqual(matched(shown="102"), lines)
        self.assertFalse(matched(shown="202"))
        self.assertFalse(matched(number="+15551234567", shown="1 555 123 45 67"))

    def test_a_pattern_counts_last_and_in_its_company(self):
        pattern = self._exception("+48*567", company_id=False)
        self.assertEqual(self._matched(), pattern)
        of_other = self._exception("+4822*567", self.otto)
        self.assertEqual(self._matched(company_id=self.other_company.id), of_other)
        self.assertEqual(self._matched(), pattern)
        prefix = self._exception("+4822*")
        self.assertEqual(self._matched(), prefix)
        prefix.active = pattern.active = False
        self.assertFalse(self._matched())

    def test_backslash_and_quotes_are_text(self):
        for value in ("news'*@acme.test", "news{*}@acme.test"):
            self._exception(value)
        for value in ("news\\*@acme.test", 'news"*@acme.test', "(a+)+news*@acme.test "):
            with self.subTest(value=value), self.assertRaisesRegex(ValidationError, "safe"):
                self._exception(value, kind="pattern")
        row = self._matched(phone_sanitized=False, email_normalized="news'letter@acme.test")
        self.assertEqual(row.value, "news'*@acme.test")

    def test_pattern_is_applied_to_what_waits(self):
        email = self._receive(**{"from": "a@newsletter.acme.test"})
        other = self._receive(**{"from": "a@newsletters.acme.test"})
        call = self._create_call(phone_sanitized="+48221234555")
        line = self._create_call(number="101", phone_sanitized=False)
        exceptions = [self._exception(value) for value in ("*@newsletter.*", "+48*555", "101")]
        for exception in exceptions:
            exception.with_user(self.anna).action_apply()
        self.assertEqual([row.exception_id for row in (email, call, line)], exceptions)
        self.assertEqual(other.state, "ready")
        action = exceptions[0].action_open_ignored()
        self.assertEqual(self.env["lead.communication"].search(action["domain"]), email)
        self.assertEqual(action["path"], "lead-emails")
        exceptions[0].with_user(self.anna).action_bring_back()
        self.assertEqual(email.state, "ready")

    def test_patterns_are_written_by_managers(self):
        for value in ("*@newsletter.*", "+48*555"):
            with self.assertRaisesRegex(AccessError, "managers"):
                self._exception(value, self.clara)
        own = self._exception("a.test", self.anna)
        with self.assertRaisesRegex(AccessError, "managers"):
            own.with_user(self.anna).write({"value": "*@newsletter.*", "kind": "pattern"})

    def test_patterns_are_forgotten_with_the_last_one(self):
        self.assertFalse(self.Exceptions._has_patterns())
        pattern = self._exception("+48*567")
        self.assertTrue(self.Exceptions._has_patterns())
        pattern.write({"value": "+4822*567"})
        self.assertEqual(self._matched(), pattern)
        pattern.write({"value": NUMBER, "kind": "number"})
        self.assertFalse(self.Exceptions._has_patterns())
        pattern.write({"value": "+48*567", "kind": "pattern"})
        self.assertEqual(self._matched(), pattern)
        pattern.unlink()
        self.assertFalse(self.Exceptions._has_patterns())

    def test_patterns_are_found_by_an_index(self):
        self.env.flush_all()
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        self.env.cr.execute(
            "EXPLAIN SELECT id FROM lead_communication_exception WHERE active"
            " AND kind = 'pattern' AND (company_id IS NULL OR company_id = ANY(ARRAY[1]))"
        )
        plan = " ".join(line for (line,) in self.env.cr.fetchall())
        self.assertIn("lead_communication_exception_pattern_idx", plan)

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
        self._exception("+49*12345")
        self._exception("customer.test")

        def match(rows):
            return self._count(lambda: self.Exceptions._match(rows))

        match(calls)  # whether there are patterns is known from now on
        calls._filtered_open_lead()  # and which addresses are ours
        self.assertEqual(match(calls[:2]), match(calls))
        # Exact ones and those of many, which yield to open leads: by one query for all rows.
        few = self._count(lambda: (calls[11] | calls[71])._except())
        calls.write({"state": "ready", "exception_id": False, "rule": False})
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

    def test_that_of_salespeople_is_for_the_calls_that_they_decide(self):
        self._exception(NUMBER, self.ben)
        self.assertFalse(self._matched(user_id=self.anna.id))
        self.assertFalse(self._matched(user_id=False, team_id=self.team.id))
        self.assertTrue(self._matched(user_id=self.ben.id))
        self.assertFalse(self._matched(user_id=self.ben.id, company_id=self.other_company.id))

    def test_that_of_salespeople_is_for_the_mailboxes_of_which_they_are_members(self):
        for value in ("jan@customer.test", "customer.test"):
            for user, expected in (
                (self.ben, "ready"),
                (self.clara, "ready"),
                (self.anna, "ignored"),
            ):
                with self.subTest(value=value, user=user.login):
                    exception = self._exception(value, user)
                    self.assertEqual(self._receive().state, expected)
                    exception.unlink()

    def test_that_of_managers_is_for_everybody(self):
        self._exception("customer.test", self.marek)
        self.assertEqual(self._receive().state, "ignored")

    def test_hidden_one_of_a_colleague_does_not_stand_in_the_way_of_the_next(self):
        self._exception(NUMBER, self.ben)
        wide = self._exception("+48 22 12*", self.anna)
        self.assertEqual(self._matched(user_id=self.anna.id), wide)

    def test_whoever_adds_it_too_has_it_until_they_take_it_back(self):
        exception = self._exception(NUMBER, self.ben)
        added = self.Exceptions.with_user(self.anna)._find_or_create("number", NUMBER, self.company)
        self.assertEqual(added, exception)
        self.assertEqual(exception.user_id, self.ben)
        self.assertTrue(self._matched(user_id=self.anna.id))
        exception.with_user(self.ben)._take_back()
        self.assertRecordValues(
            exception, [{"active": True, "user_id": self.anna.id, "also_user_ids": []}]
        )
        self.assertFalse(self._matched(user_id=self.ben.id))
        exception.with_user(self.anna)._take_back()
        self.assertFalse(exception.active)

    def test_nobody_adds_one_in_the_name_of_another(self):
        forged = {"user_id": self.marek.id, "also_user_ids": [(4, self.marek.id)]}
        in_context = {"default_user_id": self.marek.id, "default_also_user_ids": self.marek.ids}
        own = self.Exceptions.with_user(self.anna).with_context(**in_context)
        for row in (
            self._exception("a.test", self.anna, **forged),
            own.create({"value": "b.test"}),
        ):
            self.assertRecordValues(row, [{"user_id": self.anna.id, "also_user_ids": []}])
            row.write(forged)
            self.assertRecordValues(row, [{"user_id": self.anna.id, "also_user_ids": []}])

    def test_wide_beginnings_are_written_by_managers(self):
        self._exception("+49*", self.marek)
        own = self._exception("+48 22*", self.anna)
        for value in ("+43*", "+43 1*", "+1*", "0033*"):
            with self.subTest(value=value), self.assertRaises(AccessError), self.env.cr.savepoint():
                self._exception(value, self.anna)
            with self.subTest(value=value), self.assertRaises(AccessError), self.env.cr.savepoint():
                own.write({"value": value})

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


@tagged("post_install", "-at_install", "lead_communications")
class TestIgnoreAlways(ExceptionCommon):
    """Ignore Always on rows, and the ways back."""

    def _open(self, rows, user=None):
        action = rows.with_user(user or self.anna).action_ignore_always()
        return self.env[action["res_model"]].with_user(user or self.anna).browse(action["res_id"])

    def _ignore(self, rows, user=None, **values):
        """Press the button in the dialog, as the web client does; return the message."""
        with Form(self._open(rows, user)) as form:
            for name, value in values.items():
                setattr(form, name, value)
        return form.record.action_ignore_always()["params"]["message"]

    def test_caller(self):
        call, again = self._create_call(), self._create_call()
        other = self._create_call(phone_sanitized="+48221234568")
        message = self._ignore(call, note="Our supplier")
        self.assertEqual(message, "Always ignored from now on: +48 22 123 45 67. Ignored now: 2.")
        exception = call.exception_id
        self.assertEqual((exception.kind, exception.value_normalized), ("number", NUMBER))
        self.assertEqual((exception.user_id, exception.note), (self.anna, "Our supplier"))
        self.assertEqual((call.state, again.state, other.state), ("ignored", "ignored", "ready"))
        self.assertEqual(call.decision_user_id, self.anna)
        self.assertEqual(self._report("next").exception_id, exception)
        self.assertEqual(exception.hit_count, 3)

    def test_only_this_one(self):
        call, again = self._create_call(), self._create_call()
        self.assertEqual(self._open(call).other_count, 1)
        self._ignore(call, apply_to_others=False)
        self.assertEqual((call.state, again.state), ("ignored", "ready"))

    def test_others_are_those_that_the_user_sees(self):
        call = self._create_call()
        of_ben = self._create_call(user_id=self.ben.id)
        self.assertEqual(self._open(call).other_count, 0)
        self._ignore(call)
        self.assertEqual(of_ben.state, "ready")
        self.assertEqual(self._open(of_ben, self.marek).other_count, 0)

    def test_all_numbers_beginning_with(self):
        call = self._create_call()
        neighbour = self._create_call(phone_sanitized="+48221234599")
        wizard = self._open(call)
        self.assertEqual(wizard.prefix, "+48 22 123 45*")
        self._ignore(call, call_kind="prefix")
        self.assertEqual(call.exception_id.value_normalized, "+482212345")
        self.assertEqual(neighbour.exception_id, call.exception_id)

    def test_count_follows_what_is_chosen(self):
        call = self._create_call()
        self._create_call(phone_sanitized="+48221234599")
        with Form(self._open(call)) as form:
            self.assertEqual(form.other_count, 0)
            form.call_kind = "prefix"
            self.assertEqual(form.other_count, 1)
            form.prefix = "nonsense"
            self.assertEqual(form.other_count, 0)
            form.prefix = "+48 22 123 456*"
            self.assertEqual(form.other_count, 0)

    def test_beginning_that_does_not_fit_is_refused(self):
        call = self._create_call()
        with self.assertRaisesRegex(UserError, "does not fit"):
            self._ignore(call, call_kind="prefix", prefix="+49 30*")
        with self.assertRaisesRegex(ValidationError, "not the beginning"):
            self._ignore(call, call_kind="prefix", prefix="22*")
        self.assertEqual(call.state, "ready")

    def test_sender_and_domain(self):
        email = self._receive()
        colleague = self._receive(**{"from": "ola@mail.customer.test"})
        wizard = self._open(email)
        self.assertEqual((wizard.address, wizard.domain), ("jan@customer.test", "customer.test"))
        self.assertEqual(wizard.other_count, 0)
        self._ignore(email, email_kind="domain")
        self.assertEqual(email.exception_id.kind, "domain")
        self.assertEqual(colleague.exception_id, email.exception_id)

    def test_open_leads_are_told_before_they_are_hit(self):
        call, email = self._create_call(), self._receive()
        self.assertFalse(self._open(call).open_lead_warning)
        self._create_lead(name="School", phone=NUMBER)
        self._create_lead(name="Hidden", phone=NUMBER, user_id=self.ben.id)
        self._create_lead(name="Lost", phone=NUMBER).action_set_lost()
        self.assertEqual(
            self._open(call).open_lead_warning,
            "There is an open lead: School, 1 more. What they send goes to Ignored all the"
            " same, except answers to our emails.",
        )
        self._create_lead(name="Neighbour", email_from="ola@mail.customer.test")
        self._create_lead(name="Stranger", email_from="ola@tomer.test")
        with Form(self._open(email)) as form:
            self.assertFalse(form.open_lead_warning)
            form.email_kind = "domain"
            self.assertEqual(
                form.open_lead_warning,
                "Some of them have an open lead: Neighbour. Their calls and emails still wait in"
                " Ready.",
            )
            form.domain = "nonsense"
            self.assertFalse(form.open_lead_warning)
            form.domain = "customer.test"
        with Form(self._open(call)) as form:
            form.call_kind = "prefix"
            self.assertIn("still wait in Ready", form.open_lead_warning)

    def test_open_leads_of_other_companies_are_not_told(self):
        call = self._create_call()
        self._create_lead(phone=NUMBER, company_id=self.other_company.id, user_id=False)
        self.assertFalse(self._open(call).open_lead_warning)
        with Form(self._open(call)) as form:
            form.call_kind = "prefix"
            form.prefix = "+48 22 123 456*"
            self.assertFalse(form.open_lead_warning)

    def test_what_is_left_to_an_open_lead_is_not_counted(self):
        email = self._receive()
        self._create_lead(email_from="ola@customer.test", user_id=self.ben.id)
        ola = self._receive(**{"from": "ola@customer.test"})
        eva = self._receive(**{"from": "eva@customer.test"})
        with Form(self._open(email)) as form:
            form.email_kind = "domain"
            self.assertEqual(form.other_count, 1)
        self._ignore(email, email_kind="domain")
        self.assertEqual((ola.state, eva.state), ("ready", "ignored"))

    def test_sender_of_a_subdomain_gets_the_whole_domain(self):
        email = self._receive(**{"from": "ola@mail.customer.test"})
        self._ignore(email, email_kind="domain", domain="customer.test")
        self.assertEqual(email.exception_id.value, "customer.test")

    def test_domain_of_free_mail_is_refused(self):
        email = self._receive(**{"from": "jan@gmail.com"})
        with self.assertRaisesRegex(ValidationError, "whole address"):
            self._ignore(email, email_kind="domain")
        self._ignore(email)
        self.assertEqual(email.exception_id.value, "jan@gmail.com")

    def test_selection_of_several_parties(self):
        calls = (
            self._create_call()
            | self._create_call()
            | self._create_call(phone_sanitized="+48221234568")
        )
        anonymous = self._create_call(phone_sanitized=False, number="anonymous")
        email = self._receive()
        message = self._ignore(calls | anonymous | email)
        self.assertIn("Ignored now: 4.", message)
        self.assertEqual(len((calls | email).exception_id), 3)
        self.assertEqual(anonymous.state, "ready")

    def test_internal_line_has_no_neighbours(self):
        call = self._create_call(number="101", phone_sanitized=False)
        again = self._create_call(number="101", phone_sanitized=False)
        wizard = self._open(call)
        self.assertTrue(wizard.is_internal)
        self.assertEqual(wizard.other_count, 1)
        self.assertIn("Ignored now: 2.", self._ignore(call))
        self.assertEqual((call.exception_id.kind, again.state), ("short", "ignored"))

    def test_nobody_to_ignore(self):
        with self.assertRaisesRegex(UserError, "Nobody knows"):
            self._open(self._create_call(phone_sanitized=False, number="anonymous"))

    def test_row_that_was_ignored_once(self):
        call = self._create_call()
        call.with_user(self.anna).action_ignore()
        self.assertIn("Ignored now: 0.", self._ignore(call))
        self.assertFalse(call.exception_id, "A person ignored it")
        self.assertEqual(self._report("next").state, "ignored")

    def test_too_late(self):
        call = self._create_call()
        wizard = self._open(call)
        lead = self._create_lead(user_id=self.marek.id)
        call.with_user(self.marek)._decide("attach", lead.with_user(self.marek))
        with self.assertRaisesRegex(UserError, "Marek was first"):
            wizard.action_ignore_always()
        with self.assertRaisesRegex(UserError, "Marek was first"):
            self._open(call)
        self.assertFalse(self.Exceptions.search([("value_normalized", "=", NUMBER)]))

    def test_rows_of_others(self):
        call = self._create_call(user_id=self.ben.id)
        with self.assertRaises(AccessError):
            call.with_user(self.anna).action_ignore_always()
        wizard = self._open(self._create_call())
        wizard.sudo().communication_ids = call
        with self.assertRaises(AccessError):
            wizard.action_ignore_always()
        with self.assertRaises(AccessError):
            call.with_user(self.otto).action_ignore_always()
        with self.assertRaises(AccessError):
            wizard.with_user(self.ben).read(["number"])

    def test_exception_that_is_there_is_used(self):
        exception = self._exception(NUMBER)
        exception.active = False
        call = self._create_call()
        self._ignore(call)
        self.assertEqual(call.exception_id, exception)
        self.assertEqual((exception.active, exception.user_id), (True, self.anna))

    # ---- BACK ----

    def test_remove_by_one_click(self):
        call, again = self._create_call(), self._create_call()
        self._ignore(call)
        exception = call.exception_id
        message = call.with_user(self.anna).action_remove_exception()["params"]["message"]
        self.assertEqual(
            message,
            "“+48 22 123 45 67” is no longer an exception. What else it ignored stays there: 1.",
        )
        self.assertFalse(exception.active or call.exception_id)
        self.assertEqual((call.state, again.state), ("ready", "ignored"))
        self.assertEqual(self._report("next").state, "ready")

    def test_remove_that_of_a_colleague(self):
        call = self._report(extension="")
        self._exception(NUMBER, self.clara)
        call._except()
        with self.assertRaisesRegex(AccessError, "added by Clara"):
            call.with_user(self.anna).action_remove_exception()
        call.with_user(self.anna).action_reopen()
        self.assertEqual(call.state, "ready")
        with self.assertRaisesRegex(UserError, "No exception"):
            call.with_user(self.anna).action_remove_exception()

    def test_bring_back_what_the_user_sees(self):
        exception = self._exception(NUMBER)
        own, foreign = self._create_call(), self._create_call(user_id=self.ben.id)
        (own | foreign)._except()
        seen = exception.with_user(self.anna).hit_count
        self.assertEqual((seen, exception.hit_count), (1, 2))
        message = exception.with_user(self.anna).action_bring_back()["params"]["message"]
        self.assertEqual(message, "Back in Ready: 1.")
        self.assertEqual((own.state, foreign.state), ("ready", "ignored"))
        self.assertEqual(own.decision_id.action, "reopen")
        with self.assertRaises(UserError):
            exception.with_user(self.anna).action_bring_back()

    def test_apply_to_what_waits(self):
        email = self._receive()
        number, domain = self._exception("+4822*"), self._exception("customer.test")
        calls = self._create_call() | self._create_call(user_id=self.ben.id)
        outgoing = self._create_call(direction="outgoing")
        other = self._create_call(company_id=self.other_company.id)
        message = (number | domain).with_user(self.anna).action_apply()["params"]["message"]
        self.assertEqual(message, "Ignored now: 2.")
        self.assertEqual(calls.mapped("state"), ["ignored", "ready"])
        self.assertEqual((email.state, email.exception_id), ("ignored", domain))
        self.assertEqual((outgoing.state, other.state), ("ready", "ready"))
        with self.assertRaisesRegex(UserError, "Nothing that it covers"):
            number.with_user(self.anna).action_apply()
        number.active = False
        with self.assertRaisesRegex(UserError, "archived"):
            number.with_user(self.marek).action_apply()

    def test_list_of_what_it_ignored(self):
        exception = self._exception(NUMBER)
        call = self._create_call()
        call._except()
        action = exception.with_user(self.anna).action_open_ignored()
        rows = self.env[action["res_model"]].with_user(self.anna).search(action["domain"])
        self.assertEqual(rows, call)

    def test_deleted_exception_leaves_what_it_ignored(self):
        exception = self._exception(NUMBER)
        call = self._create_call()
        call._except()
        exception.unlink()
        self.assertFalse(call.exception_id)
        self.assertEqual((call.state, call.rule), ("ignored", "exception"))

    def test_form_tells_at_once_what_was_meant(self):
        with Form(self.Exceptions.with_user(self.anna)) as form:
            self.assertFalse(form.kind)
            form.value = "+48 22*"
            self.assertEqual((form.kind, form.value_normalized), ("prefix", "+4822"))
            form.value = "22 123 45 67"
            self.assertEqual((form.kind, form.value_normalized), ("number", NUMBER))
            form.value = "jan@customer.test"
            self.assertEqual(form.kind, "address")
