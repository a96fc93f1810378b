from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install", "lead_communications")
class TestDemo(TransactionCase):
    """The demo data tells its story whole, to each of its people."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Without demo data each of these raises: the story is missing, and that is a failure.
        cls.anna, cls.ben, cls.marek = (
            cls._ref(f"user_{name}") for name in ("anna", "ben", "marek")
        )
        cls.mailbox = cls._ref("mailbox_sales")
        cls.rows = cls.env["lead.communication"].search(
            [("company_id", "=", cls.mailbox.company_id.id), ("id", "in", cls._demo_ids())]
        )

    @classmethod
    def _ref(cls, name):
        return cls.env.ref(f"lead_communications.{name}")

    @classmethod
    def _demo_ids(cls):
        data = cls.env["ir.model.data"].search(
            [("module", "=", "lead_communications"), ("model", "=", "lead.communication")]
        )
        return data.mapped("res_id")

    def _seen_by(self, user):
        """Return the names of the story's communications without a lead that the user sees."""
        rows = self.env["lead.communication"].with_user(user).search([("id", "in", self.rows.ids)])
        names = rows.filtered(lambda row: not row.lead_id).sudo().get_external_id().values()
        return {name.removeprefix("lead_communications.") for name in names}

    def _candidates(self, name, user=None):
        row = self._ref(name).with_user(user or self.anna)
        return self.env["crm.lead"].browse(
            candidate.lead_id for candidate in row._find_candidates()[row.id]
        )

    # ---- WHOLE ----

    def test_calls_and_emails_in_every_state(self):
        rows = self.rows.grouped("type")
        states = {kind: set(rows[kind].mapped("state")) for kind in rows}
        self.assertEqual(states["call"], {"ready", "ignored", "planned", "done", "canceled"})
        self.assertEqual(states["email"], {"ready", "ignored", "done"})
        self.assertEqual(states["meeting"], {"planned", "canceled"})
        self.assertEqual((states["note"], states["message"]), ({"done"}, {"done"}))
        self.assertGreaterEqual(len(rows["call"]), 12)
        self.assertGreaterEqual(len(rows["email"]), 12)

    def test_what_is_planned_is_an_activity_or_in_the_calendar(self):
        planned = self.rows.filtered(lambda row: row.state == "planned" and row.type != "email")
        for row in planned:
            with self.subTest(subject=row.subject):
                self.assertTrue(row.calendar_event_id if row.type == "meeting" else row.activity_id)

    def test_every_result_that_people_know(self):
        self.assertLessEqual(
            {"answered", "missed", "voicemail", "busy", "no_answer"},
            set(self.rows.filtered("result").mapped("result")),
        )

    def test_calls_are_as_the_telephone_system_reports_them(self):
        """A number typed wrong into the demo data would never find its lead."""
        showroom = self._ref("pbx_line_showroom")
        nobody, no_line = self.env["res.users"], showroom.browse()
        for name, number, user, line in (
            ("call_orla", "+48221234550", self.anna, showroom),
            ("call_unknown", "+48581234510", nobody, showroom),
            ("call_wrona", "+48601200300", self.anna, showroom),
            ("call_anonymous", False, nobody, showroom),
            ("call_voicemail", "+48121234520", nobody, showroom),
            ("call_clinic_no_answer", "+48618123460", self.anna, no_line),
            ("call_internal", False, self.ben, no_line),
            ("call_townhouse_busy", "+48602300400", self.ben, no_line),
            ("call_townhouse", "+48602300400", self.ben, no_line),
            ("call_ben_unknown", "+48717100200", self.ben, showroom),
            ("call_clinic", "+48618123460", self.anna, showroom),
            ("call_wrong_number", "+48321234570", self.anna, showroom),
            ("call_bielak", "+48603400500", self.anna, showroom),
        ):
            with self.subTest(call=name):
                call = self._ref(name)
                self.assertEqual((call.phone_sanitized, call.user_id), (number, user))
                self.assertEqual((call.line_id, call.team_id), (line, self._ref("team_windows")))

    def test_supplier_is_set_aside(self):
        call = self._ref("call_supplier")
        self.assertEqual((call.state, call.exception_id.value), ("ignored", "+48 32 123 49*"))
        self.assertEqual(self._ref("exception_supplier").hit_count, 1)

    def test_decided_by_people(self):
        decided = self.rows.filtered("decision_id")
        self.assertEqual(set(decided.mapped("decision_id.action")), {"create", "attach", "ignore"})
        self.assertEqual(decided.decision_user_id, self.anna | self.ben | self.marek)

    def test_emails_are_whole(self):
        for email in self.rows.filtered("mailbox_ids"):
            with self.subTest(email=email.subject):
                self.assertEqual(email.mailbox_ids, self.mailbox)
                self.assertTrue(email.mail_message_id and email.raw and email.preview)
                self.assertLess(email.date, email.create_date)
        drawings = self._ref("email_orla_drawings").with_user(self.anna)
        self.assertEqual(drawings.attachment_ids.mapped("name"), ["drawing-w3.pdf"])
        self.assertIn("<table", self._ref("email_guest_house").body)
        self.assertEqual(self._ref("email_polish").contact_name, "Łukasz Gąsior")

    def test_conversation_on_the_lead(self):
        """Our answer was answered: both stand on the lead, without anybody having decided."""
        lead = self._ref("lead_clinic")
        emails = lead.email_ids.sorted("date")
        self.assertEqual(
            emails.mapped("direction"), ["incoming", "outgoing", "incoming", "incoming"]
        )
        self.assertEqual(emails[0].decision_id.action, "attach")
        self.assertFalse(emails[1:].decision_id)
        self.assertLessEqual(emails.mail_message_id, lead.message_ids)
        self.assertEqual(lead.call_ids, self._ref("call_clinic"))

    def test_nothing_goes_out_or_is_fetched(self):
        self.assertEqual(self.mailbox.server_id.state, "draft")
        messages = self.rows.mail_message_id
        mails = self.env["mail.mail"].search([("mail_message_id", "in", messages.ids)])
        self.assertFalse(mails)

    def test_failures(self):
        self.assertEqual(self._ref("failure_email").state, "failed")
        self.assertEqual(self._ref("failure_call").state, "failed")
        self.assertEqual(self.mailbox.failure_count, 1)

    def test_failed_email_can_be_retried(self):
        failure = self._ref("failure_email").with_user(self.anna)
        failure.action_retry()
        self.assertEqual(failure.state, "solved")
        row = self.env["lead.communication"].search([("subject", "=", "Shutters for a bay window")])
        self.assertEqual((row.state, row.attachment_count), ("ready", 1))

    # ---- LEADS THAT FIT ----

    def test_one_number_of_four_leads_has_to_ask(self):
        found = self._candidates("call_orla")
        self.assertEqual(found.mapped("won_status"), ["pending", "pending", "won", "lost"])
        action = self._ref("call_orla").with_user(self.anna).action_attach()
        wizard = self.env[action["res_model"]].with_user(self.anna).browse(action["res_id"])
        self.assertFalse(wizard.lead_id)

    def test_one_open_lead_is_proposed(self):
        for name in ("call_wrona", "email_wrona"):
            with self.subTest(name=name):
                self.assertEqual(self._candidates(name), self._ref("lead_wrona"))

    def test_nobody_knows_the_new_contact_and_the_unknown_number(self):
        for name in ("email_new_contact", "email_polish", "call_unknown", "call_anonymous"):
            with self.subTest(name=name):
                self.assertEqual(self._ref(name).state, "ready")
                row = self._ref(name).with_user(self.marek)
                self.assertFalse(row.found_lead_id)
        self.assertFalse(self._ref("call_anonymous").phone_sanitized)

    def test_created_leads_have_what_the_communication_said(self):
        call, email = self._ref("call_bielak"), self._ref("email_school")
        self.assertEqual(call.lead_id.phone, "+48 603 400 500")
        self.assertEqual(call.lead_id.user_id, self.anna)
        self.assertEqual(email.lead_id.email_from, "secretary@school12.example.org")
        self.assertEqual(email.lead_id.user_id, self.marek)

    def test_template_for_a_lead(self):
        lead = self._ref("lead_wrona").with_user(self.anna)
        self.assertEqual(lead._suggested_mail_template(), self._ref("mail_template_offer"))

    # ---- WHO SEES WHAT ----

    TEAM_CALLS = {"call_unknown", "call_anonymous", "call_voicemail", "call_supplier"}
    EMAILS = {
        "email_new_contact",
        "email_orla_drawings",
        "email_guest_house",
        "email_polish",
        "email_wrona",
        "email_trade_fair",
        "email_job",
    }

    def test_anna_sees_her_calls_those_of_the_team_and_the_mailbox(self):
        own = {"call_orla", "call_wrona", "call_clinic_no_answer", "call_wrong_number"}
        self.assertEqual(self._seen_by(self.anna), own | self.TEAM_CALLS | self.EMAILS)

    def test_anna_sees_the_history_of_her_leads_only(self):
        rows = (
            self.env["lead.communication"].with_user(self.anna).search([("lead_id", "!=", False)])
        )
        self.assertEqual((rows & self.rows).lead_id.user_id, self.anna)
        self.assertIn(self._ref("email_clinic_answer"), rows)
        self.assertFalse(self._ref("call_townhouse").with_user(self.anna).has_access("read"))

    def test_ben_sees_no_mail(self):
        self.assertEqual(
            self._seen_by(self.ben), {"call_ben_unknown", "call_internal"} | self.TEAM_CALLS
        )

    def test_marek_sees_everything(self):
        names = self.rows.filtered(lambda row: not row.lead_id).get_external_id().values()
        self.assertEqual(
            self._seen_by(self.marek), {name.removeprefix("lead_communications.") for name in names}
        )

    def test_administrator_sees_no_mail_that_waits(self):
        seen = self._seen_by(self.env.ref("base.user_admin"))
        self.assertFalse(seen & self.EMAILS)
        self.assertIn("call_ben_unknown", seen)

    # ---- AGAIN ----

    def test_loaded_again_doubles_nothing(self):
        before = self.env["lead.communication"].search_count([])
        demo = self.env["lead.communication.demo"]
        self._ref("call_orla").with_user(self.anna)._decide("ignore")
        demo._receive(self.mailbox.id, "email_new_contact", self.rows[0].date)
        demo.with_user(self.anna)._write(
            "email_clinic_answer", "Again", self._ref("lead_clinic").id, self.rows[0].date
        )
        demo.with_user(self.anna)._decide("email_job", "ignore")
        self.assertEqual(self.env["lead.communication"].search_count([]), before)
        self.assertNotIn("Again", self._ref("lead_clinic").message_ids.mapped("subject"))
