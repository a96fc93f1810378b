from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import LeadCommunicationsCommon

CANARY = "Canary"
NAMED = {"fields": {"display_name": {}}}


@tagged("post_install", "-at_install", "lead_communications")
class TestReferences(LeadCommunicationsCommon):
    """Whoever fills in a form learns nothing of what they may not read by pointing at it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.employee = cls._create_user("employee_t", "base.group_user")
        cls.contact = cls.env["res.partner"].create(
            {"name": f"{CANARY} contact", "is_company": True, "company_id": cls.other_company.id}
        )
        cls.other_company.name = f"{CANARY} company"
        leads = {
            "of ben": {"user_id": cls.ben.id},
            "archived": {"user_id": cls.ben.id, "active": False},
            "foreign": {"user_id": False, "company_id": cls.other_company.id},
        }
        cls.leads = {
            name: cls._create_lead(name=f"{CANARY} lead", partner_name=CANARY, **values)
            for name, values in leads.items()
        }
        cls.mailbox.name = f"{CANARY} mailbox"
        cls.mail = cls._receive(subject=f"{CANARY} subject", body=f"{CANARY} body")
        cls.call = cls._create_call(contact_name=CANARY, user_id=cls.clara.id)
        cls.foreign_call = cls._create_call(number=CANARY, company_id=cls.other_company.id)
        cls.team = cls.env["crm.team"].create(
            {"name": f"{CANARY} team", "company_id": cls.other_company.id}
        )
        cls.direction = cls.env["lead.sales.direction"].create(
            {"name": f"{CANARY} direction", "company_id": cls.other_company.id}
        )
        cls.product = cls.env["product.template"].create(
            {"name": f"{CANARY} product", "company_id": cls.other_company.id}
        )
        cls.env.flush_all()
        cls.env.invalidate_all()

    @mute_logger(
        "odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model", "odoo.sql_db"
    )
    def _assert_silent(self, way):
        """Check that ``way`` is refused, or answers without a word of what is hidden."""
        self.env.invalidate_all()
        with self.debug_mode():
            try:
                with self.env.cr.savepoint():
                    answer = way()
            except (UserError, IntegrityError) as error:
                answer = error
        self.assertNotIn(CANARY, str(answer))

    def _assert_pointless(self, user, model, name, value, others=None, spec=NAMED):
        """Check that ``user`` learns nothing by letting a field of ``model`` point at something."""
        Model = self.env[model].with_user(user)
        others = others or {}
        own = {name: value} | others
        default = Model.with_context(**{f"default_{name}": value})
        for title, way in {
            "create and read": lambda: Model.create(own).web_read({name: spec}),
            "create and group": lambda: self._grouped(Model, own, name),
            "default": lambda: default.create(others).web_read({name: spec}),
            "write": lambda: self._written(Model, others, own, name, spec),
            "default in a form": lambda: default.onchange({}, [], {name: spec}),
            "form, at first": lambda: Model.onchange(dict(own), [], {name: spec}),
            "form, later": lambda: Model.onchange(dict(own), [name], {name: spec}),
            "form with everything": lambda: Model.onchange(
                dict(own), [name], self._everything(Model)
            ),
        }.items():
            with self.subTest(model=model, field=name, value=value, way=title, user=user.login):
                self._assert_silent(way)

    def _grouped(self, Model, values, name):
        row = Model.create(values)
        return Model.formatted_read_group([("id", "=", row.id)], [name], ["__count"])

    def _written(self, Model, before, values, name, spec):
        row = Model.create(before)
        row.write(values)
        return row.web_read({name: spec})

    def _everything(self, Model):
        names = {
            name
            for name, field in Model._fields.items()
            if Model._has_field_access(field, "read") and field.type != "binary"
        }
        return {
            name: NAMED if Model._fields[name].type in ("many2one", "reference") else {}
            for name in names
        }

    # ---- DIALOGS ----

    def test_composer(self):
        for user in (self.employee, self.ben):
            for row in (self.mail, self.call, self.foreign_call):
                self._assert_pointless(
                    user, "mail.compose.message", "lead_communication_id", row.id
                )
            self._assert_pointless(user, "mail.compose.message", "lead_mailbox_id", self.mailbox.id)

    def test_composer_of_a_hidden_lead_tells_neither_mailbox_nor_salesperson(self):
        self.env["ir.mail_server"].create(
            {"name": "Out", "smtp_host": "localhost", "from_filter": "company.test"}
        )
        lead = self.leads["of ben"]
        self.mail._decide("attach", lead)
        self.mailbox.member_ids |= self.employee
        composer = (
            self.env["mail.compose.message"]
            .with_user(self.employee)
            .create({"model": "crm.lead", "res_ids": str(lead.ids), "composition_mode": "comment"})
        )
        self.assertFalse(composer.lead_mailbox_id)
        self.assertFalse(composer.lead_user_id)

    def test_composer_is_open_to_members_without_rights_on_leads(self):
        self.mailbox.member_ids |= self.employee
        composer = (
            self.env["mail.compose.message"]
            .with_user(self.employee)
            .create({"lead_mailbox_id": self.mailbox.id})
        )
        self.assertEqual(composer.lead_mailbox_id.id, self.mailbox.id)

    def test_logged_call(self):
        for lead in self.leads.values():
            self._assert_pointless(
                self.anna, "lead.communication.log", "lead_id", lead.id, {"number": "22 123 45 67"}
            )

    def test_attach_dialog(self):
        for lead in self.leads.values():
            self._assert_pointless(self.anna, "lead.communication.attach", "lead_id", lead.id)
        for name in ("communication_ids", "other_ids"):
            for row in (self.call, self.foreign_call):
                for command in (Command.link(row.id), Command.set(row.ids)):
                    self._assert_pointless(self.anna, "lead.communication.attach", name, [command])

    def test_lines_of_the_attach_dialog(self):
        """A line that is not saved reads related fields as superuser."""
        Wizard = self.env["lead.communication.attach"].with_user(self.anna)
        line = {
            "partner_name": {},
            "partner_id": NAMED,
            "user_id": NAMED,
            "lead_id": NAMED,
            "won_status": {},
        }
        for lead in self.leads.values():
            values = {"candidate_ids": [Command.create({"lead_id": lead.id, "is_open": True})]}
            for names, spec in (
                (["candidate_ids"], {"candidate_ids": {"fields": line}}),
                ([], {"candidate_ids": {"fields": line}}),
                ([], {"candidate_ids": {"fields": {"partner_name": {}}}}),
                ([], {"notice": {}, "is_create": {}, "candidate_ids": {"fields": {"lead_id": {}}}}),
            ):
                with self.subTest(lead=lead.id, spec=spec):
                    self._assert_silent(
                        lambda names=names, spec=spec, values=values: Wizard.onchange(
                            dict(values, is_create=True), names, spec
                        )
                    )

    def test_ignore_and_assign_dialogs(self):
        for model in ("lead.communication.ignore", "lead.communication.assign"):
            for row in (self.call, self.foreign_call):
                self._assert_pointless(
                    self.anna, model, "communication_ids", [Command.link(row.id)]
                )
        self._assert_pointless(self.anna, "lead.communication.assign", "team_id", self.team.id)

    def test_ignore_dialog_counts_nothing_of_a_hidden_caller(self):
        """The number of a hidden call is not found out by counting what else came from it."""
        self._create_call()
        Wizard = self.env["lead.communication.ignore"].with_user(self.anna)
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
            Wizard.onchange(
                {"communication_ids": [Command.link(self.call.id)], "call_kind": "number"},
                ["communication_ids"],
                {"other_count": {}, "communication_ids": {}, "call_kind": {}},
            )

    def test_import_of_calls(self):
        raw = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "lead.communication"),
                ("res_field", "=", "raw"),
                ("res_id", "=", self.mail.id),
            ]
        )
        Import = self.env["lead.pbx.import"].with_user(self.admin)
        for names in ({"attachment_ids": [Command.set(raw.ids)]},):
            with (
                self.assertRaises(AccessError),
                self.env.cr.savepoint(),
                mute_logger("odoo.addons.base.models.ir_rule"),
            ):
                Import.create({"pbx_id": self.pbx.id} | names)
        self.pbx.name = CANARY
        self.pbx.company_id = self.other_company
        self._assert_pointless(self.admin, "lead.pbx.import", "pbx_id", self.pbx.id)

    def test_conversion_of_a_hidden_lead_tells_not_its_company(self):
        company = self.env["res.partner"].create({"name": "Shown", "is_company": True})
        lead = self.leads["of ben"]
        lead.existing_company_id = company
        Convert = self.env["crm.lead2opportunity.partner"].with_user(self.anna)
        answer = Convert.new({"lead_id": lead.id}).commercial_partner_id
        self.assertFalse(answer)

    # ---- RECORDS ----

    def test_fields_of_a_lead(self):
        for name, record in {
            "partner_company_id": self.contact,
            "partner_representative_id": self.contact,
            "existing_company_id": self.contact,
            "product_tmpl_id": self.product,
            "direction_id": self.direction,
        }.items():
            self._assert_pointless(self.anna, "crm.lead", name, record.id, {"name": "My own"})

    def test_fields_of_an_event(self):
        lead = self._create_lead()
        others = {"type": "note", "lead_id": lead.id}
        for name in ("partner_id", "customer_company_id"):
            self._assert_pointless(self.anna, "lead.communication", name, self.contact.id, others)
        self._assert_pointless(
            self.anna,
            "lead.communication",
            "participant_ids",
            [Command.link(self.contact.id)],
            others,
        )
        for record in (self.leads["of ben"], self.call, self.foreign_call):
            origin = f"{record._name},{record.id}"
            self._assert_pointless(self.anna, "lead.communication", "origin", origin, others)

    def test_every_field_of_an_event_that_is_not_saved(self):
        """A form is what the client says: also in fields that nobody writes."""
        message = self.mail.mail_message_id
        activity = self.env["mail.activity"].create(
            {
                "res_model_id": self.env["ir.model"]._get_id("crm.lead"),
                "res_id": self.leads["of ben"].id,
                "summary": f"{CANARY} activity",
                "note": f"{CANARY} note",
                "user_id": self.ben.id,
            }
        )
        pointed = {
            "lead_id": self.leads["of ben"],
            "found_lead_id": self.leads["of ben"],
            "mail_message_id": message,
            "activity_id": activity,
            "assign_activity_id": activity,
            "answer_activity_id": activity,
            "callback_activity_id": activity,
            "completed_by_id": self.call,
            "mailbox_ids": self.mailbox,
            "company_id": self.other_company,
            "team_id": self.team,
        }
        Model = self.env["lead.communication"].with_user(self.ben.id)
        self.leads["of ben"].user_id = self.clara
        activity.user_id = self.clara
        for name, record in pointed.items():
            is_many = Model._fields[name].type == "many2many"
            value = [Command.set(record.ids)] if is_many else record.id
            for names in ([], [name]):
                with self.subTest(field=name, names=names):
                    self._assert_silent(
                        lambda name=name, names=names, value=value: Model.onchange(
                            {name: value, "type": "email"}, names, self._everything(Model)
                        )
                    )

    def test_event_as_a_line_of_a_lead_that_is_not_saved(self):
        Lead = self.env["crm.lead"].with_user(self.anna)
        line = {"mail_message_id": self.mail.mail_message_id.id, "type": "email"}
        values = {"email_ids": [Command.create(line)]}
        spec = {"email_ids": {"fields": {"body": {}, "mail_message_id": NAMED}}}
        self.mail._decide("attach", self.leads["of ben"])
        self._assert_silent(lambda: Lead.onchange(dict(values), ["email_ids"], spec))

    def test_hidden_lead_does_not_tell_its_contact_to_a_new_event(self):
        lead = self.leads["of ben"]
        lead.partner_id = self.env["res.partner"].create({"name": "Shown"})
        Model = self.env["lead.communication"].with_user(self.anna)
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
            Model.onchange({"lead_id": lead.id}, ["lead_id"], {"partner_id": NAMED})

    def test_company_of_an_exception(self):
        self._assert_pointless(
            self.anna,
            "lead.communication.exception",
            "company_id",
            self.other_company.id,
            {"value": "x.test"},
        )

    def test_default_of_ones_own_is_no_way_either(self):
        lead = self.leads["of ben"]
        Log = self.env["lead.communication.log"].with_user(self.anna)
        self.env["ir.default"].set(
            "lead.communication.log", "lead_id", lead.id, user_id=self.anna.id
        )
        self.assertFalse(Log.default_get(["lead_id"]))

    # ---- WHAT STAYS POSSIBLE ----

    def test_readable_records_are_pointed_at(self):
        lead = self._create_lead(name="Own")
        Log = self.env["lead.communication.log"].with_user(self.anna)
        for answer in (
            Log.with_context(default_lead_id=lead.id).onchange({}, [], {"lead_id": NAMED}),
            Log.onchange({"lead_id": lead.id}, [], {"lead_id": NAMED}),
        ):
            self.assertEqual(answer["value"]["lead_id"]["display_name"], "Own")

    def test_hidden_ones_among_the_defaults_are_left_out(self):
        shown = self.env["res.partner"].create({"name": "Shown"})
        Model = self.env["lead.communication"].with_user(self.anna)
        both = [Command.set((shown | self.contact).ids)]
        values = Model.with_context(default_participant_ids=both).default_get(["participant_ids"])
        self.assertEqual(values, {"participant_ids": [Command.set(shown.ids)]})

    def test_what_a_colleague_wrote_stays_when_the_rest_is_changed(self):
        self.contact.company_id = False
        self.env["ir.rule"].create(
            {
                "name": "Anna does not see the contact",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": f"[('id', '!=', {self.contact.id})]"
                " if user.login == 'anna_t' else [(1, '=', 1)]",
            }
        )
        lead = self._create_lead(user_id=False)
        event = self.env["lead.communication"].create(
            {"type": "note", "state": "done", "lead_id": lead.id, "partner_id": self.contact.id}
        )
        lead.partner_company_id = self.contact
        event.with_user(self.anna).write({"subject": "Changed"})
        lead.with_user(self.anna).write({"name": "Changed"})
        answer = event.with_user(self.anna).onchange(
            {"subject": "Other"}, ["subject"], {"subject": {}, "summary": {}}
        )
        self.assertIn("value", answer)
        self.assertEqual((event.subject, lead.name), ("Changed", "Changed"))

    # ---- ADMINISTRATORS ----

    def test_set_up_of_another_company(self):
        mailbox = self.env["lead.mailbox"].create(
            {
                "name": f"{CANARY} mailbox",
                "address": "foreign@company.test",
                "server_id": self.server.copy().id,
                "company_id": self.other_company.id,
            }
        )
        pbx = self.env["lead.pbx"].create(
            {
                "name": f"{CANARY} system",
                "provider": "asterisk",
                "company_id": self.other_company.id,
            }
        )
        others = {"name": "Windows"}
        self._assert_pointless(self.admin, "lead.mailbox.folder", "mailbox_id", mailbox.id, others)
        others = {"extension": "201", "company_id": self.company.id}
        self._assert_pointless(self.admin, "lead.pbx.line", "pbx_id", pbx.id, others)
        others = {"strip": "990"}
        self._assert_pointless(self.admin, "lead.pbx.rewrite", "pbx_id", pbx.id, others)
        for parts in (
            mailbox.folder_ids,
            self.env["lead.mailbox.pop.message"].create({"mailbox_id": mailbox.id, "uidl": "1"}),
            self.env["lead.pbx.file"].create({"pbx_id": pbx.id, "name": "Master", "inode": "1"}),
        ):
            found = parts.with_user(self.admin).search([("id", "in", parts.ids)])
            self.assertFalse(found, parts._name)
            self.assertTrue(parts)

    # ---- NOTHING IS FORGOTTEN ----

    def test_everything_that_is_of_a_company_has_a_rule(self):
        """What is stored, points at a mailbox or telephone system and is read by somebody."""
        rules = self.env["ir.rule"].search([("groups", "=", False)]).model_id.mapped("model")
        for name, model in self.registry.items():
            is_ours = model._original_module == "lead_communications"
            if not is_ours or model._abstract or model._transient:
                continue
            pointed = {field.comodel_name for field in model._fields.values() if field.store}
            if pointed & {"lead.mailbox", "lead.pbx", "crm.lead"} or "company_id" in model._fields:
                with self.subTest(model=name):
                    self.assertIn(name, rules)

    def test_every_model_and_field_of_ours_that_people_fill_in_is_checked(self):
        """Driven by the registry: a new wizard, a new field is in it by itself."""
        mixin = self.registry["lead.references"]
        access = self.env["ir.model.access"]
        for name, model in self.registry.items():
            if model._abstract:
                continue
            fields = {
                field.name
                for field in model._fields.values()
                if "lead_communications" in field._modules
                and field.type in ("many2one", "many2many", "reference")
                and field.store
                and field.name not in ("create_uid", "write_uid")
                and not field.groups
            }
            is_filled = any(
                access.with_user(user).check(name, "create", raise_exception=False)
                for user in (self.employee, self.marek, self.admin)
            )
            if is_filled and fields and name != "mail.template":
                with self.subTest(model=name):
                    self.assertTrue(issubclass(model, mixin))
                    self.assertLessEqual(fields, set(self.env[name]._reference_fields()))
        wizards = [m for m in self.registry.values() if m._transient]
        ours = [m for m in wizards if m._original_module == "lead_communications"]
        self.assertTrue(ours)
        self.assertTrue(all(issubclass(model, mixin) for model in ours))
