from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged, users

from ..common import LeadCommunicationsCommon


@tagged("post_install", "-at_install", "lead_communications")
class TestLeadCommunicationAttach(LeadCommunicationsCommon):
    """Which leads are proposed, and the dialog in which one is chosen."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.call = cls._create_call(number="+48 600 100 200", phone_sanitized="+48600100200")

    def _open(self, communications=None):
        action = (communications or self.call).with_env(self.env).action_attach()
        return self.env[action["res_model"]].browse(action["res_id"])

    @users("anna_t")
    def test_one_open_lead_is_preselected(self):
        lead = self._create_lead(phone="600 100 200")
        wizard = self._open()
        self.assertEqual(wizard.lead_id, lead)
        self.assertEqual(wizard.candidate_ids.reason, "same number")
        self.assertTrue(wizard.is_found)
        wizard.lead_id = self._create_lead(name="Another one")
        self.assertFalse(wizard.is_found)
        wizard.lead_id = False
        self.assertFalse(wizard.is_found)

    @users("anna_t")
    def test_several_open_leads_always_ask(self):
        leads = self._create_lead(phone="600 100 200") | self._create_lead(phone="600 100 200")
        wizard = self._open()
        self.assertFalse(wizard.lead_id)
        self.assertEqual(wizard.candidate_ids.lead_id, leads)
        with self.assertRaisesRegex(UserError, "Choose"):
            wizard.action_attach()

    @users("anna_t")
    def test_before_anything_is_typed_in_the_found_ones_are_proposed(self):
        lead = self._create_lead(phone="600 100 200", name="Windows")
        stranger = self._create_lead(name="Windows of a stranger")
        wizard = self._open()
        for asked_by, empty, typed in (
            (self.anna, lead, lead | stranger),
            (self.clara, lead | stranger, lead | stranger),
        ):
            leads = self.env["crm.lead"].with_user(asked_by)
            leads = leads.with_context(lead_attach_id=wizard.id, lead_communication_search=True)
            for name, expected in (("", empty), ("Windows", typed)):
                with self.subTest(asked_by=asked_by.login, name=name):
                    found = leads.browse(one[0] for one in leads.name_search(name))
                    self.assertEqual(found & (lead | stranger), expected)

    @users("anna_t")
    def test_what_is_attached_moves_no_lead_down(self):
        first, second = self._create_lead(phone="600 100 200"), self._create_lead(phone="600100200")
        later = self._create_call(phone_sanitized="+48600100200")
        best = later.with_env(self.env).found_lead_id
        self.assertEqual(best, second)
        self.call.with_env(self.env)._decide("attach", best)
        first.with_env(self.env).description = "Edited a minute ago"
        self.env.flush_all()
        later.invalidate_recordset()
        self.assertEqual(later.with_env(self.env).found_lead_id, best)

    @users("anna_t")
    def test_open_before_won_before_lost(self):
        lost = self._create_lead(phone="600 100 200", name="Lost")
        lost.action_set_lost()
        won = self._create_lead(phone="600 100 200", name="Won")
        won.action_set_won()
        opened = self._create_lead(phone="600 100 200", name="Open")
        wizard = self._open()
        self.assertEqual(wizard.candidate_ids.lead_id.mapped("name"), ["Open", "Won", "Lost"])
        self.assertEqual(wizard.lead_id, opened)

    @users("anna_t")
    def test_lead_of_a_contact_with_the_number_is_found(self):
        partner = self.env["res.partner"].sudo().create({"name": "Jan", "phone": "600 100 200"})
        lead = self._create_lead(partner_id=partner.id)
        lead.sudo().write({"phone": "+48 22 999 00 00"})
        partner.sudo().phone = "600 100 200"
        wizard = self._open()
        self.assertEqual(wizard.candidate_ids.lead_id, lead)
        self.assertIn("same contact", wizard.candidate_ids.reason)

    @users("anna_t")
    def test_email_is_found_by_its_sender(self):
        lead = self._create_lead(email_from="Jan <JAN@customer.test>")
        wizard = self._open(self._receive())
        self.assertEqual((wizard.lead_id, wizard.candidate_ids.reason), (lead, "same address"))

    @users("clara_t")
    def test_lead_of_another_company_is_not_proposed(self):
        self.clara.company_ids |= self.other_company
        self._create_lead(
            phone="600 100 200",
            user_id=self.otto.id,
            company_id=self.other_company.id,
            team_id=False,
        )
        call = self.call.with_user(self.clara).with_context(
            allowed_company_ids=[self.company.id, self.other_company.id]
        )
        self.assertFalse(call.found_lead_id)

    @users("anna_t")
    def test_attach_of_a_selection_skips_what_is_decided(self):
        calls = self.call | self._create_call() | self._create_call()
        calls[1]._decide("ignore")
        lead = self._create_lead()
        wizard = self._open(calls)
        wizard.lead_id = lead
        params = wizard.action_attach()["params"]
        self.assertEqual(params["next"]["res_id"], lead.id)
        self.assertTrue(params["is_partial"])
        self.assertIn("meanwhile: 1", params["message"])
        self.assertEqual(calls.mapped("state"), ["done", "ignored", "done"])

    @users("anna_t")
    def test_button_of_a_row_attaches_to_that_lead(self):
        self._create_lead(phone="600 100 200")
        lead = self._create_lead(phone="600 100 200")
        wizard = self._open()
        wizard.candidate_ids.filtered(lambda row: row.lead_id == lead).action_attach()
        self.assertEqual(self.call.lead_id, lead)

    @users("anna_t")
    def test_last_digits_are_shown_and_not_preselected(self):
        lead = self._create_lead(phone="+49 600 100 200", country_id=self.env.ref("base.de").id)
        wizard = self._open()
        self.assertFalse(wizard.lead_id)
        self.assertRecordValues(
            wizard.candidate_ids,
            [{"lead_id": lead.id, "is_exact": False, "reason": "maybe: same last 8 digits"}],
        )

    @users("anna_t")
    def test_selection_of_several_counterparts_preselects_nothing(self):
        self._create_lead(phone="600 100 200")
        wizard = self._open(self.call | self._create_call())
        self.assertEqual(len(wizard.candidate_ids), 1)
        self.assertFalse(wizard.lead_id)

    @users("anna_t")
    def test_hidden_leads_are_counted_once_for_a_selection(self):
        self._create_lead(phone="600 100 200", user_id=self.ben.id)
        again = self._create_call(phone_sanitized="+48600100200")
        wizard = self._open(self.call | again)
        self.assertEqual((wizard.hidden_count, len(wizard.candidate_ids)), (1, 0))

    @users("anna_t")
    def test_move_does_not_propose_the_lead_where_it_is(self):
        here, other = (self._create_lead(phone="600 100 200") for _number in range(2))
        self.call._decide("attach", here)
        action = self.call.with_env(self.env).action_move()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(wizard.candidate_ids.lead_id, other)

    # ---- THE CHOSEN LEAD ----

    @users("anna_t")
    def test_what_is_told_changes_with_the_lead(self):
        first = self._create_lead(phone="600 100 200", expected_revenue=31000)
        second = self._create_lead(name="Second", partner_name="Acme")
        second.action_set_lost()
        self._create_call(state="done", lead_id=second.id, date="2026-11-02 10:00:00")
        with Form(self._open()) as form:
            self.assertEqual(form.lead_id, first)
            self.assertEqual(form.lead_expected_revenue, 31000)
            self.assertEqual((form.lead_won_status, form.lead_call_count), ("pending", 0))
            form.lead_id = second
            self.assertEqual((form.lead_won_status, form.lead_call_count), ("lost", 1))
            self.assertEqual(form.lead_partner_name, "Acme")
            self.assertEqual(str(form.lead_contact_date), "2026-11-02 10:00:00")

    @users("anna_t")
    def test_nothing_is_told_about_a_hidden_lead(self):
        hidden = self._create_lead(user_id=self.ben.id, partner_name="Secret", expected_revenue=9)
        wizard = self._open()
        values = {"lead_id": hidden.id, "communication_ids": wizard.communication_ids.ids}
        specification = {"lead_partner_name": {}, "lead_expected_revenue": {}, "lead_user_id": {}}
        told = wizard.onchange(values, ["lead_id"], specification)["value"]
        self.assertFalse(any(told.values()), told)

    # ---- SEARCH ----

    def _search(self, text):
        """Return the leads that the dialog proposes for what was typed."""
        leads = self.env["crm.lead"].with_context(active_test=False, lead_communication_search=True)
        return leads.browse(lead_id for lead_id, _name in leads.name_search(text, limit=8))

    @users("anna_t")
    def test_search_by_whatever_is_known_of_the_lead(self):
        lead = self._create_lead(
            name="Zephyr windows",
            partner_name="Quorum Ltd",
            contact_name="Xenia Vogel",
            email_from="xenia@quorum.test",
            phone="+48 22 987 65 43",
        )
        lead.action_set_lost()
        texts = ["zephyr", "Quorum", "vogel", "xenia@quorum", "quorum.test", str(lead.id)]
        numbers = ["229876543", "22 987 65 43", "(22) 987-65-43", "+48229876543", "0048 22 9876543"]
        for text in [*texts, *numbers, "9876543", " 22.987.65.43 "]:
            with self.subTest(text):
                self.assertIn(lead, self._search(text))

    @users("anna_t")
    def test_search_by_the_contact_and_its_reference(self):
        partner = self.env["res.partner"].sudo().create({"name": "Ymir Olsen", "ref": "C-4711"})
        lead = self._create_lead(partner_id=partner.id)
        self.assertEqual(self._search("ymir"), lead)
        self.assertEqual(self._search("C-4711"), lead)

    @users("anna_t")
    def test_search_names_the_party_and_finds_no_hidden_lead(self):
        lead = self._create_lead(name="Zephyr doors", partner_name="Quorum Ltd")
        self._create_lead(name="Zephyr", partner_name="Quorum Ltd", user_id=self.ben.id)
        found = self._search("quorum")
        self.assertEqual(found, lead)
        self.assertEqual(found.display_name, "Zephyr doors (Quorum Ltd)")
        self.assertEqual(lead.with_env(self.env).display_name, "Zephyr doors")

    @users("anna_t")
    def test_search_of_hostile_text(self):
        for text in ["%", "_", "'", "\\", "+", "00", "+48", "9" * 40, "²³", "١٢٣٤", "()", " "]:
            with self.subTest(text):
                self._search(text).mapped("display_name")

    @users("anna_t")
    def test_search_elsewhere_is_the_hosts(self):
        self._create_lead(name="Zephyr", partner_name="Quorum Ltd")
        self.assertFalse(self.env["crm.lead"].name_search("quorum"))

    # ---- CREATE WHILE A LEAD IS OPEN ----

    def _press_create(self):
        action = self.call.with_env(self.env).action_create_lead()
        model = action.get("res_model", "lead.communication.attach")
        return action, self.env[model].browse(action.get("res_id"))

    @users("anna_t")
    def test_create_says_which_lead_is_open(self):
        lead = self._create_lead(phone="600 100 200", name="Windows for a school")
        _action, wizard = self._press_create()
        self.assertEqual(wizard._name, "lead.communication.attach")
        self.assertEqual(wizard.notice, "“Windows for a school” is already open: same number.")
        self.assertEqual((wizard.lead_id, self.call.state), (lead, "ready"))
        wizard.action_attach()
        self.assertEqual(self.call.lead_id, lead)

    @users("anna_t")
    def test_create_anyway(self):
        lead = self._create_lead(phone="600 100 200")
        action = self._press_create()[1].action_create()["params"]["next"]
        self.assertEqual(action["res_id"], self.call.lead_id.id)
        self.assertNotEqual(self.call.lead_id, lead)
        self.assertEqual(self.call.decision_id.action, "create")

    @users("anna_t")
    def test_create_says_how_many_leads_are_open(self):
        for _number in range(2):
            self._create_lead(phone="600 100 200")
        wizard = self._press_create()[1]
        self.assertEqual(wizard.notice, "2 leads are already open for the same counterpart.")
        self.assertFalse(wizard.lead_id)

    @users("anna_t")
    def test_create_is_one_click_while_none_is_open_for_certain(self):
        self._create_lead(phone="600 100 200").action_set_lost()
        self._create_lead(phone="600 100 200").action_set_won()
        self._create_lead(phone="600 100 200", user_id=self.ben.id)
        self._create_lead(phone="+49 600 100 200", country_id=self.env.ref("base.de").id)
        self.assertEqual(self._press_create()[0]["params"]["next"]["res_model"], "crm.lead")
        self.assertEqual(self.call.state, "done")

    @users("anna_t")
    def test_create_too_late_is_told_and_asks_nothing(self):
        self._create_lead(phone="600 100 200")
        self.call._decide("ignore")
        with self.assertRaisesRegex(UserError, "was first"):
            self._press_create()

    @users("anna_t")
    def test_create_anyway_too_late_is_told(self):
        self._create_lead(phone="600 100 200")
        wizard = self._press_create()[1]
        self.call._decide("ignore")
        with self.assertRaisesRegex(UserError, "was first"):
            wizard.action_create()

    @users("anna_t")
    def test_create_anyway_of_one_email_alone(self):
        first = self._receive(message_id="<one@customer.test>")
        second = self._receive(in_reply_to="<one@customer.test>", message_id="<two@customer.test>")
        self._create_lead(email_from="jan@customer.test")
        action = first.with_env(self.env).action_create_lead()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        wizard.scope = "message"
        wizard.action_create()
        self.assertEqual((first.state, second.state), ("done", "ready"))

    def test_create_of_a_hidden_communication_is_refused(self):
        self._create_lead(phone="600 100 200")
        with self.assertRaises(AccessError):
            self.call.with_user(self.ben).action_create_lead()
