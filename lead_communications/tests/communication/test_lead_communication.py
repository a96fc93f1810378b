from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tests import tagged, users
from odoo.tools import mute_logger

from ..common import LeadCommunicationsCommon


@tagged("post_install", "-at_install", "lead_communications")
class TestLeadCommunication(LeadCommunicationsCommon):
    """The states, what the database refuses, and the decisions."""

    @mute_logger("odoo.sql_db")
    def test_database_refuses_ready_with_a_lead(self):
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self._create_call(lead_id=self._create_lead().id)

    @mute_logger("odoo.sql_db")
    def test_database_refuses_done_without_a_lead(self):
        for state in ("done", "planned", "canceled"):
            with (
                self.subTest(state=state),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self._create_call(state=state)

    @mute_logger("odoo.sql_db")
    def test_database_refuses_an_end_before_the_start(self):
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self._create_call(date="2026-11-02 10:00:00", date_end="2026-11-02 09:59:59")

    @users("anna_t")
    def test_create_makes_a_filled_lead_and_opens_it(self):
        call = self._create_call(contact_name="Jan Kowalski").with_env(self.env)
        action = call.action_create_lead()["params"]["next"]
        lead = self.env["crm.lead"].browse(action["res_id"])
        self.assertRecordValues(
            lead,
            [
                {
                    "phone": "+48 22 123 45 67",
                    "contact_name": "Jan Kowalski",
                    "user_id": self.env.uid,
                    "source_id": self.env.ref("lead_communications.utm_source_call").id,
                }
            ],
        )
        self.assertEqual((call.state, call.lead_id), ("done", lead))
        self.assertEqual(action["res_model"], "crm.lead")

    @users("anna_t")
    def test_source_of_the_line_is_that_of_the_lead(self):
        source = self.env["utm.source"].sudo().create({"name": "Radio"})
        line = (
            self.env["lead.pbx.line"]
            .sudo()
            .create({"pbx_id": self.pbx.id, "number": "+48227001101", "source_id": source.id})
        )
        call = self._create_call(line_id=line.id).with_env(self.env)
        call.action_create_lead()
        self.assertEqual(call.lead_id.source_id, source)

    @users("anna_t")
    def test_create_from_an_anonymous_call_works(self):
        call = self._create_call(number="anonymous", phone_sanitized=False).with_env(self.env)
        call.action_create_lead()
        self.assertEqual(call.lead_id.phone, "anonymous")

    @users("anna_t")
    def test_attach_links_the_lead(self):
        call, lead = self._create_call().with_env(self.env), self._create_lead()
        call._decide("attach", lead.with_env(self.env))
        self.assertRecordValues(call, [{"state": "done", "lead_id": lead.id}])

    @users("ben_t")
    def test_attach_needs_the_right_to_change_the_lead(self):
        call, lead = self._create_call(user_id=self.ben.id), self._create_lead()
        with self.assertRaises(AccessError):
            call.with_env(self.env)._decide("attach", lead.with_env(self.env))
        self.assertEqual(call.state, "ready")

    @users("clara_t")
    def test_attach_refuses_a_lead_of_another_company(self):
        self.clara.company_ids |= self.other_company
        lead = self._create_lead(
            user_id=self.otto.id, company_id=self.other_company.id, team_id=False
        )
        call = self._create_call().with_user(self.clara)
        call = call.with_context(allowed_company_ids=[self.company.id, self.other_company.id])
        with self.assertRaisesRegex(UserError, "another company"):
            call._decide("attach", lead.with_env(call.env))

    @users("anna_t")
    def test_ignore_and_reopen(self):
        call = self._create_call().with_env(self.env)
        call.action_ignore()
        self.assertEqual(call.state, "ignored")
        call.action_reopen()
        self.assertEqual(call.state, "ready")

    @users("anna_t")
    def test_reopen_takes_the_call_off_its_lead(self):
        call, lead = self._create_call().with_env(self.env), self._create_lead()
        call._decide("attach", lead.with_env(self.env))
        call.action_reopen()
        self.assertRecordValues(call, [{"state": "ready", "lead_id": False}])

    @users("anna_t")
    def test_lead_that_may_only_be_read_gets_and_loses_nothing(self):
        lead = self._create_lead(name="Frozen")
        linked, waiting = self._create_call(), self._create_call()
        linked._decide("attach", lead)
        self.env["ir.rule"].sudo().create(
            {
                "name": "Frozen leads are read only",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "domain_force": "[('name', '!=', 'Frozen')]",
                "perm_read": False,
            }
        )
        self.assertTrue(linked.with_env(self.env).has_access("read"))
        with self.assertRaises(AccessError):
            linked.with_env(self.env).action_reopen()
        with self.assertRaises(AccessError):
            waiting.with_env(self.env)._decide("attach", lead.with_env(self.env))
        self.assertEqual((linked.state, waiting.state), ("done", "ready"))

    @users("anna_t")
    def test_what_is_decided_is_refused_with_who_was_first_and_a_link(self):
        call, lead = self._create_call().with_env(self.env), self._create_lead()
        call.with_user(self.clara)._decide("attach", lead.with_user(self.clara))
        for action in ("action_create_lead", "action_ignore"):
            with self.subTest(action=action), self.assertRaises(RedirectWarning) as refused:
                getattr(call, action)()
            message, window, _button = refused.exception.args[:3]
            self.assertIn("Clara was first", message)
            self.assertEqual((window["res_model"], window["res_id"]), ("crm.lead", lead.id))

    @users("anna_t")
    def test_who_was_first_is_told_without_the_lead_that_is_hidden(self):
        lead = self._create_lead(user_id=self.clara.id, name="Secret castle")
        call = self._create_call()
        call.with_user(self.clara)._decide("attach", lead.with_user(self.clara))
        with self.assertRaises(UserError) as refused:
            call.with_env(self.env).action_create_lead()
        self.assertNotIsInstance(refused.exception, RedirectWarning)
        self.assertIn("Clara was first", str(refused.exception))
        self.assertNotIn("Secret", str(refused.exception))

    @users("ben_t")
    def test_a_stranger_is_not_told_who_was_first(self):
        lead = self._create_lead(user_id=self.clara.id)
        call = self._create_call()
        call.with_user(self.clara)._decide("attach", lead.with_user(self.clara))
        with self.assertRaises(AccessError) as refused:
            call.with_env(self.env).action_create_lead()
        self.assertNotIn("Clara", str(refused.exception))

    @users("anna_t")
    def test_ignore_of_a_selection_skips_what_is_decided(self):
        calls = self._create_call() | self._create_call() | self._create_call()
        calls[0]._decide("ignore")
        first = calls[0].decision_id
        calls.with_env(self.env).action_ignore()
        self.assertEqual(set(calls.mapped("state")), {"ignored"})
        self.assertEqual(calls[0].decision_id, first)

    @users("anna_t")
    def test_decision_is_logged_with_what_was_before(self):
        call, lead = self._create_call().with_env(self.env), self._create_lead()
        call._decide("attach", lead.with_env(self.env))
        attach = call.sudo().decision_id
        call.action_reopen()
        reopen = call.sudo().decision_id
        self.assertEqual((attach.action, attach.user_id.id), ("attach", self.env.uid))
        before, after = attach.before[str(call.id)], reopen.before[str(call.id)]
        self.assertEqual((before["state"], before["lead_id"]), ("ready", False))
        self.assertFalse(before["decision_id"])
        self.assertEqual((after["state"], after["lead_id"]), ("done", lead.id))
        self.assertEqual(after["decision_id"], attach.id)

    @users("anna_t")
    def test_open_lead_opens_the_best_candidate(self):
        lead = self._create_lead(phone="22 123 45 67")
        call = self._create_call().with_env(self.env)
        self.assertEqual(call.action_open_lead()["res_id"], lead.id)

    @users("anna_t")
    def test_open_lead_without_a_candidate_says_so(self):
        call = self._create_call(phone_sanitized="+48600999888").with_env(self.env)
        with self.assertRaisesRegex(UserError, "No lead was found"):
            call.action_open_lead()

    def test_decisions_on_many_rows_cost_the_same_queries(self):
        self.env["res.partner"].flush_model()

        def count(calls):
            self.env.flush_all()
            self.env.invalidate_all()
            calls = calls.with_user(self.anna)
            calls.action_ignore()
            calls.with_user(self.anna).action_reopen()
            start = self.cr.sql_log_count
            calls.action_ignore()
            self.env.flush_all()
            return self.cr.sql_log_count - start

        one = count(self._create_call())
        many = count(
            self.env["lead.communication"].union(*(self._create_call() for _ in range(40)))
        )
        self.assertLessEqual(many, one + 1)
