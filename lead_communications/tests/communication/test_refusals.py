from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import LeadCommunicationsCommon

CANARY = "Canary"


@tagged("post_install", "-at_install", "lead_communications")
class TestRefusals(LeadCommunicationsCommon):
    """A refusal names nothing of what it refuses, in debug mode neither."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls._create_lead(user_id=cls.ben.id, name=f"{CANARY} lead")
        cls.foreign_lead = cls._create_lead(
            user_id=False, name=f"{CANARY} lead", company_id=cls.other_company.id
        )
        cls.mail = cls._receive(subject=f"{CANARY} mail", body=CANARY)
        cls.call = cls._create_call(contact_name=f"{CANARY} call", user_id=cls.ben.id)
        cls.linked = cls._create_call(
            subject=f"{CANARY} call", lead_id=cls.lead.id, state="done", user_id=cls.ben.id
        )
        cls.foreign = cls._create_call(
            contact_name=f"{CANARY} call", number=CANARY, company_id=cls.other_company.id
        )
        cls.event = cls.env["lead.communication"].create(
            {"type": "note", "state": "done", "lead_id": cls.lead.id, "subject": f"{CANARY} note"}
        )
        cls.own = cls._create_call(user_id=cls.clara.id)
        cls.visible_note = cls.env["lead.communication"].create(
            {"type": "note", "state": "done", "lead_id": cls._create_lead(user_id=False).id}
        )
        cls.env.flush_all()
        cls.env.invalidate_all()

    def _refused(self, user, *ways):
        """Check that each way is refused, without and with debug mode, and names nothing."""
        for way in ways:
            for debug in (False, True):
                with self.subTest(user=user.login, debug=debug):
                    self.env.invalidate_all()
                    if debug:
                        with self.debug_mode():
                            self._assert_neutral(way)
                    else:
                        self._assert_neutral(way)

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def _assert_neutral(self, way):
        with self.assertRaises(AccessError) as caught, self.env.cr.savepoint():
            way()
        self.assertNotIn(CANARY, str(caught.exception))
        self.assertNotIn(CANARY, str(getattr(caught.exception, "context", "")))

    def test_communications(self):
        export = self.env.ref("base.group_allow_export")
        for user in (self.anna, self.clara, self.otto):
            user.group_ids |= export
        for user, row in (
            (self.clara, self.mail),
            (self.anna, self.call),
            (self.anna, self.linked),
            (self.anna, self.event),
            (self.clara, self.foreign),
            (self.otto, self.call),
        ):
            hidden = row.with_user(user)
            mixed = (self.own | row).with_user(user)
            self._refused(
                user,
                lambda row=hidden: row.read(["subject"]),
                lambda row=hidden: row.read(["display_name"]),
                lambda row=hidden: row.web_read({"lead_id": {"fields": {"display_name": {}}}}),
                lambda row=mixed: row.read(["subject"]),
                lambda row=hidden: row.write({"subject": "x"}),
                lambda row=hidden: row.unlink(),
                lambda row=hidden: row.export_data(["subject"]),
                lambda row=hidden: row.copy(),
                lambda row=hidden: row.message_post(body="x"),
                lambda row=hidden: row.action_assign(),
                lambda row=hidden: row.action_claim(),
                lambda row=hidden: row.action_open(),
                lambda row=hidden: row.action_undo(),
            )

    def test_lead_that_is_given_to_an_action(self):
        own = self._create_call().with_user(self.anna)
        Communication = self.env["lead.communication"].with_user(self.anna)
        for lead in (self.lead, self.foreign_lead):
            self._refused(
                self.anna,
                lambda lead=lead: lead.with_user(self.anna).read(["name"]),
                lambda lead=lead: lead.with_user(self.anna).write({"name": "x"}),
                lambda lead=lead: own._decide("attach", lead.with_user(self.anna)),
                lambda lead=lead: Communication.create({"type": "note", "lead_id": lead.id}),
                lambda lead=lead: lead.with_user(self.anna).action_write_email(),
                lambda lead=lead: lead.with_user(self.anna).action_new_event(),
            )

    def test_contact_that_is_given_to_an_event(self):
        contact = self.env["res.partner"].create(
            {"name": f"{CANARY} contact", "company_id": self.other_company.id}
        )
        note = self.visible_note.with_user(self.anna)
        self._refused(
            self.anna,
            lambda: note.write({"partner_id": contact.id}),
            lambda: note.write({"participant_ids": [(4, contact.id)]}),
            lambda: note.write({"origin": f"crm.lead,{self.lead.id}"}),
            lambda: note.write({"origin": f"lead.communication,{self.call.id}"}),
        )

    def test_set_up_of_others(self):
        self.mailbox.name = f"{CANARY} mailbox"
        self.pbx.name = f"{CANARY} pbx"
        exception = self.env["lead.communication.exception"].create(
            {"value": "canary.test", "note": CANARY, "company_id": self.other_company.id}
        )
        direction = self.env["lead.sales.direction"].create(
            {"name": f"{CANARY} direction", "company_id": self.other_company.id}
        )
        failure = self.env["lead.communication.failure"]._keep(
            "email", CANARY.encode(), CANARY, mailbox=self.mailbox
        )
        self._refused(
            self.ben,
            lambda: self.mailbox.with_user(self.ben).read(["name"]),
            lambda: self.pbx.with_user(self.ben).read(["name"]),
            lambda: exception.with_user(self.ben).read(["note"]),
            lambda: direction.with_user(self.ben).read(["name"]),
            lambda: failure.with_user(self.ben).read(["error"]),
            lambda: failure.with_user(self.ben).action_retry(),
        )

    def test_dialogs_of_others(self):
        action = self.mail.with_user(self.anna).action_attach()
        wizard = self.env["lead.communication.attach"].browse(action["res_id"])
        self._refused(
            self.ben,
            lambda: wizard.with_user(self.ben).read(["lead_id"]),
            lambda: wizard.with_user(self.ben).action_create(),
        )

    def test_company_to_which_one_may_switch_is_still_told(self):
        self.clara.company_ids |= self.other_company
        row = self.foreign.with_user(self.clara).with_context(allowed_company_ids=self.company.ids)
        with (
            self.assertRaises(AccessError) as caught,
            mute_logger("odoo.addons.base.models.ir_rule"),
        ):
            row.read(["subject"])
        self.assertEqual(caught.exception.context["suggested_company"]["id"], self.other_company.id)
