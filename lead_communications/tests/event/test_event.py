from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ...models.event.crm_lead_event import SHOWN_ON_CARD
from ..common import SALESMAN, LeadCommunicationsCommon

EVENT_FORM = "lead_communications.lead_communication_view_form_event_dialog"


@tagged("post_install", "-at_install", "lead_communications")
class TestLeadCommunicationEvent(LeadCommunicationsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.env["res.partner"].create({"name": "Acme", "is_company": True})
        cls.contact = cls.env["res.partner"].create(
            {"name": "Ewa Nowak", "parent_id": cls.customer.id, "phone": "+48 22 123 45 67"}
        )
        cls.source = cls.env.ref("lead_communications.utm_source_email")
        cls.lead = cls._create_lead(partner_id=cls.contact.id, source_id=cls.source.id)
        cls.ben_lead = cls._create_lead(name="Ben's", user_id=cls.ben.id)

    def _event(self, user=None, **values):
        values = {
            "type": "call",
            "subject": "Ring about the date",
            "lead_id": self.lead.id,
        } | values
        return self.env["lead.communication"].with_user(user or self.anna).create(values)

    def _form(self, kind):
        action = self.lead.with_user(self.anna).with_context(event_type=kind).action_new_event()
        model = self.env["lead.communication"].with_user(self.anna)
        return Form(model.with_context(**action["context"]), view=EVENT_FORM)

    # ---- NEW ----

    def test_event_of_no_type_yet_has_no_name(self):
        rows = self.env["lead.communication"].with_user(self.anna)
        answer = rows.onchange({"lead_id": self.lead.id}, ["lead_id"], {"display_name": {}})
        self.assertEqual(answer["value"].get("display_name", ""), "")

    def test_new_event_is_filled_in_from_the_lead(self):
        for kind in ("call", "meeting", "message", "note"):
            with self.subTest(type=kind):
                form = self._form(kind)
                form.subject = "Subject"
                row = form.save()
                self.assertRecordValues(
                    row,
                    [
                        {
                            "type": kind,
                            "lead_id": self.lead.id,
                            "partner_id": self.contact.id,
                            "customer_company_id": self.customer.id,
                            "participant_ids": self.contact.ids,
                            "source_id": self.source.id,
                            "user_id": self.anna.id,
                            "company_id": self.env.company.id,
                            "priority": "1",
                            "state": "planned" if kind in ("call", "meeting") else "done",
                        }
                    ],
                )

    def test_email_is_written_by_the_composer(self):
        self.lead.email_from = "ewa@acme.test"
        action = self.lead.with_user(self.anna).with_context(event_type="email").action_new_event()
        self.assertNotEqual(action.get("res_model"), "lead.communication")

    def test_company_and_contact_can_be_changed(self):
        other = self.env["res.partner"].create({"name": "Beta", "is_company": True})
        worker = self.env["res.partner"].create({"name": "Jan", "parent_id": other.id})
        form = self._form("meeting")
        form.subject = "Subject"
        form.partner_id = worker
        row = form.save()
        self.assertEqual((row.partner_id, row.customer_company_id), (worker, other))

    # ---- A COMPANY THAT IS KNOWN, A CONTACT THAT IS NEW ----

    def _lead_of_new_contact(self):
        return self._create_lead(
            existing_company_id=self.customer.id,
            is_new_contact=True,
            contact_first_name="Ola",
            contact_last_name="Nowa",
            email_from="ola@acme.test",
        )

    def _plan_all(self, lead):
        """Return planned events of ``lead``, one by each way that people have."""
        action = lead.with_user(self.anna).with_context(event_type="call").action_new_event()
        model = self.env["lead.communication"].with_user(self.anna)
        form = Form(model.with_context(**action["context"]), view=EVENT_FORM)
        form.subject = "By the form"
        rows = form.save() | self._event(lead_id=lead.id, type="meeting")
        lead.with_user(self.anna).activity_schedule(
            "mail.mail_activity_data_call", automated=False, user_id=self.anna.id
        )
        start = fields.Datetime.now() + timedelta(days=1)
        self.env["calendar.event"].with_user(self.anna).create(
            {
                "name": "In the calendar",
                "start": start,
                "stop": start + timedelta(hours=1),
                "opportunity_id": lead.id,
            }
        )
        every = model.search([("lead_id", "=", lead.id)])
        self.assertEqual(len(every), 4)
        self.assertLessEqual(rows, every)
        return every

    def test_company_is_that_of_the_contact_where_none_was_chosen(self):
        lead = self._create_lead(partner_id=self.contact.id)
        lead.existing_company_id = False
        self.assertEqual(self._event(lead_id=lead.id).customer_company_id, self.customer)

    def test_events_know_the_company_that_was_chosen(self):
        lead = self._lead_of_new_contact()
        for row in self._plan_all(lead):
            self.assertFalse(row.partner_id)
            self.assertEqual(row.customer_company_id, self.customer)

    def test_planned_events_get_the_contact_when_it_is_created(self):
        lead = self._lead_of_new_contact()
        planned = self._plan_all(lead)
        beta = self.env["res.partner"].create({"name": "Beta", "is_company": True})
        elsewhere = self._event(lead_id=lead.id, customer_company_id=beta.id)
        other = self._event(lead_id=lead.id, partner_id=self.contact.id)
        held = self._event(lead_id=lead.id, state="done")
        lead.with_user(self.anna).action_create_customer()
        self.assertEqual(lead.partner_id.parent_id, self.customer)
        self.assertEqual(planned.partner_id, lead.partner_id)
        self.assertEqual(set(planned.mapped("state")), {"planned"})
        # What names others, and what took place, stays.
        self.assertEqual((elsewhere.partner_id, other.partner_id), (beta.browse(), self.contact))
        self.assertFalse(held.partner_id)

    def test_planned_events_get_a_company_that_is_chosen_later(self):
        lead = self._create_lead()
        planned = self._plan_all(lead)
        self.assertFalse(planned.customer_company_id)
        lead.existing_company_id = self.customer
        self.assertEqual(planned.customer_company_id, self.customer)
        lead.partner_id = self.contact
        self.assertEqual(planned.partner_id, self.contact)

    def test_converted_lead_tells_its_planned_events(self):
        lead = self._lead_of_new_contact()
        lead.type = "lead"
        planned = self._plan_all(lead)
        dialog = (
            self.env["crm.lead2opportunity.partner"]
            .with_user(self.anna)
            .with_context(active_model="crm.lead", active_id=lead.id, active_ids=lead.ids)
            .create({"name": "convert", "action": "create"})
        )
        self.assertEqual(dialog.commercial_partner_id, self.customer)
        dialog.action_apply()
        self.assertEqual(lead.partner_id.parent_id, self.customer)
        self.assertEqual(planned.partner_id, lead.partner_id)

    # ---- WHO MAY WRITE ----

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_only_who_may_change_the_lead_writes_its_events(self):
        row = self._event()
        for user in (self.anna, self.clara, self.marek):
            row.with_user(user).subject = f"By {user.name}"
        with self.assertRaises(AccessError):
            row.with_user(self.ben).write({"subject": "By Ben"})
        with self.assertRaises(AccessError):
            self._event(lead_id=self.ben_lead.id)
        with self.assertRaises(AccessError):
            row.with_user(self.otto).write({"subject": "By Otto"})

    def test_what_was_reported_is_written_by_nobody(self):
        call = self._create_call()
        call._decide("attach", self.lead)
        email = self._receive()
        email._decide("attach", self.lead)
        for row in (call, email):
            for user in (self.anna, self.marek, self.admin):
                with self.subTest(type=row.type, user=user.login):
                    self.assertTrue(row.with_user(user).has_access("read"))
                    for values in ({"subject": "x"}, {"state": "canceled"}, {"user_id": user.id}):
                        with self.assertRaises(AccessError):
                            row.with_user(user).write(values)
                    with self.assertRaises(AccessError):
                        row.with_user(user)._decide("cancel")

    def test_people_write_the_facts_of_an_event_and_nothing_else(self):
        row = self._event()
        for name, value in {
            "pbx_id": self.pbx.id,
            "lead_id": self.ben_lead.id,
            "result": "answered",
            "decision_id": False,
            "company_id": self.other_company.id,
            "mailbox_ids": [Command.link(self.mailbox.id)],
            "completed_by_id": row.id,
        }.items():
            with self.subTest(field=name):
                with self.assertRaises(AccessError):
                    row.write({name: value})
                if name != "lead_id":
                    with self.assertRaises(AccessError):
                        self._event(**{name: value})

    def test_defaults_in_the_context_are_no_way_around(self):
        row = self.env["lead.communication"].with_user(self.anna)
        row = row.with_context(default_pbx_id=self.pbx.id, default_result="answered").create(
            {"type": "call", "subject": "x", "lead_id": self.lead.id}
        )
        self.assertFalse(row.pbx_id or row.result)

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_hidden_contact_or_document_is_named_to_nobody(self):
        foreign = self.env["res.partner"].create(
            {"name": "Foreign", "company_id": self.other_company.id}
        )
        row = self._event()
        for values in (
            {"partner_id": foreign.id},
            {"customer_company_id": foreign.id},
            {"participant_ids": [Command.link(foreign.id)]},
            {"origin": f"crm.lead,{self.ben_lead.id}"},
        ):
            with self.subTest(values=values):
                with self.assertRaises(AccessError), self.cr.savepoint():
                    row.write(values)
                with self.assertRaises(AccessError), self.cr.savepoint():
                    self._event(**values)

    def test_event_needs_a_lead_and_is_of_a_type_that_people_write(self):
        with self.assertRaisesRegex(UserError, "Choose the lead"):
            self._event(lead_id=False)
        with self.assertRaisesRegex(UserError, "Write an email"):
            self._event(type="email")

    def test_event_is_put_off_as_a_whole(self):
        now = fields.Datetime.now().replace(microsecond=0)
        row = self._event(date=now, date_end=now + timedelta(minutes=40))
        row.write({"date": fields.Datetime.to_string(now + timedelta(days=2))})
        self.assertEqual(row.date_end, now + timedelta(days=2, minutes=40))

    def test_event_of_a_lead_that_is_gone(self):
        gone = self._create_lead()
        gone_id = gone.id
        gone.unlink()
        with self.assertRaisesRegex((UserError, AccessError), "does not exist|Choose the lead"):
            self._event(lead_id=gone_id)

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_events_of_hidden_leads_are_seen_by_no_route(self):
        row = self._event(description="<p>Secret</p>", participant_ids=[self.contact.id])
        nobody = self.env.ref("base.public_user")
        for user in (self.ben, self.otto):
            with self.subTest(user=user.login):
                rows = row.with_user(user)
                for domain in (
                    [("id", "=", row.id)],
                    [("text_search", "ilike", "secret")],
                    [("history_partner_id", "in", self.contact.ids)],
                    [("participant_ids", "in", self.contact.ids)],
                    [("lead_id", "=", self.lead.id)],
                ):
                    self.assertFalse(rows.search(domain) & rows)
                    self.assertFalse(rows._read_group([*domain, ("id", "=", row.id)], ["type"]))
                for act in (
                    lambda rows: rows.read(["subject"]),
                    lambda rows: rows.web_read({"display_name": {}}),
                    lambda rows: rows.action_complete(),
                    lambda rows: rows.action_follow_up(),
                    lambda rows: rows.action_reschedule(),
                    lambda rows: rows.action_undo(),
                    lambda rows: rows.lead_id.action_open_events() and rows.lead_id.name,
                ):
                    with self.assertRaises(UserError), self.cr.savepoint():
                        act(rows)
        with self.assertRaises(AccessError):
            row.with_user(nobody).search([])
        with self.assertRaises(AccessError):
            row.with_user(nobody).read(["subject"])

    # ---- STATES ----

    def test_states_by_buttons_and_by_writing(self):
        for act in (
            lambda row, state: row.write({"state": state}),
            lambda row, state: {
                "done": row.action_complete,
                "canceled": row.action_cancel,
                "planned": row.action_plan,
            }[state](),
        ):
            row = self._event()
            for state in ("done", "canceled", "planned", "canceled", "done", "planned"):
                act(row, state)
                self.assertEqual((row.state, row.lead_id), (state, self.lead))
                self.assertEqual(row.decision_user_id, self.anna)
        with self.assertRaisesRegex(UserError, "planned, completed or canceled"):
            row.write({"state": "ready"})

    def test_undo_gives_the_state_back(self):
        row = self._event()
        row.action_complete()
        row.action_cancel()
        row.action_undo()
        self.assertEqual(row.state, "done")

    def test_rescheduling_plans_again(self):
        row = self._event()
        row.action_cancel()
        action = row.action_reschedule()
        later = fields.Datetime.now().replace(microsecond=0) + timedelta(days=3)
        form = Form(row, view=self.env["ir.ui.view"].browse(action["views"][0][0]))
        form.date = later
        form.save().action_plan()
        self.assertEqual((row.state, row.date), ("planned", later))

    def test_follow_up_names_what_it_follows(self):
        row = self._event()
        context = row.action_follow_up()["context"]
        form = Form(
            self.env["lead.communication"].with_user(self.anna).with_context(**context),
            view=EVENT_FORM,
        )
        follow_up = form.save()
        self.assertEqual(follow_up.origin, row)
        self.assertEqual(follow_up.subject, "Follow-up: Ring about the date")
        self.assertEqual(follow_up.lead_id, self.lead)

    # ---- A PLANNED CALL AND THE REAL ONE ----

    def _call(self, **values):
        now = fields.Datetime.now() + timedelta(minutes=5)
        return self._create_call(
            **{
                "direction": "outgoing",
                "result": "answered",
                "date": now,
                "date_end": now + timedelta(minutes=2),
                "duration": 100,
            }
            | values
        )

    def test_planned_call_is_completed_by_the_conversation(self):
        planned = self._event(date=fields.Datetime.now() + timedelta(hours=3))
        later = self._event(date=fields.Datetime.now() + timedelta(hours=5))
        call = self._call()
        call.with_user(self.anna)._decide("attach", self.lead)
        self.assertEqual((planned.state, planned.completed_by_id), ("done", call))
        self.assertEqual(later.state, "planned")
        call.with_user(self.anna).action_undo()
        self.assertEqual((planned.state, planned.completed_by_id.id), ("planned", False))

    def test_call_that_moves_to_another_lead_is_owed_again(self):
        planned = self._event(date=fields.Datetime.now() + timedelta(hours=3))
        other = self._create_lead(name="Another")
        there = self._event(lead_id=other.id)
        call = self._call()
        call.with_user(self.anna)._decide("attach", self.lead)
        call.with_user(self.anna)._decide("move", other)
        self.assertEqual((planned.state, planned.completed_by_id.id), ("planned", False))
        self.assertEqual((there.state, there.completed_by_id), ("done", call))
        call.with_user(self.anna)._decide("reopen")
        self.assertEqual((there.state, there.completed_by_id.id), ("planned", False))

    def test_planned_call_waits_for_the_one_that_was_meant(self):
        planned = self._event(date=fields.Datetime.now() + timedelta(hours=3))
        next_week = self._event(date=fields.Datetime.now() + timedelta(days=7))
        other_lead = self._create_lead(name="Another")
        for name, lead, values in (
            ("not reached", self.lead, {"result": "no_answer", "duration": 0}),
            ("of no length", self.lead, {"duration": 0}),
            ("of a colleague", self.lead, {"user_id": self.clara.id}),
            ("of another lead", other_lead, {}),
            (
                "from before it was planned",
                self.lead,
                {
                    "date": fields.Datetime.now() - timedelta(days=2),
                    "date_end": fields.Datetime.now() - timedelta(days=2),
                },
            ),
        ):
            with self.subTest(name):
                self._call(**values)._decide("attach", lead)
                self.assertEqual((planned.state, next_week.state), ("planned", "planned"))

    # ---- ON SCREEN ----

    def test_search_finds_words_in_the_subject_and_the_whole_text(self):
        event = self._event(description="<p>They want <b>oak</b> 100% frames</p>")
        long_text = "x " * 400 + "the word mahogany_door at the end"
        email = self._receive(body=long_text)
        email._decide("attach", self.lead)
        model = self.env["lead.communication"].with_user(self.anna)
        for text, rows in {
            "OAK": event,
            "100%": event,
            "date": event,
            "mahogany_door": email,
            "mahoganyXdoor": email.browse(),
        }.items():
            with self.subTest(text=text):
                self.assertEqual(model.search([("text_search", "ilike", text)]), rows)

    def test_card_counts_and_shows_the_newest(self):
        for number in range(25):
            self._event(date=fields.Datetime.now() + timedelta(minutes=number), type="note")
        self._event().action_cancel()
        lead = self.lead.with_user(self.anna)
        self.assertEqual((lead.event_count, lead.planned_event_count), (26, 25))
        self.assertEqual(len(lead.latest_event_ids), SHOWN_ON_CARD)
        self.assertEqual(lead.latest_event_ids[0].date, max(lead.latest_event_ids.mapped("date")))

    def test_new_lead_shows_nothing_that_waits(self):
        self._create_call()
        self._receive()
        lead = self.env["crm.lead"].with_user(self.anna).new({"name": "New"})
        self.assertFalse(lead.latest_event_ids | lead.latest_call_ids | lead.latest_email_ids)

    def test_card_shows_no_email_of_a_hidden_contact(self):
        email, call = self._receive(), self._create_call()
        (email | call)._decide("attach", self.lead)
        lead = self.lead.with_user(self.anna)
        self.assertEqual(lead.latest_event_ids, email | call)
        self.env["ir.rule"].create(
            {
                "name": "Hide the contact",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "groups": [Command.link(self.env.ref(SALESMAN).id)],
                "domain_force": f"[('id', '!=', {self.contact.id})]",
            }
        )
        lead.invalidate_recordset()
        self.assertEqual(lead.latest_event_ids, call)
        self.assertFalse(lead.latest_email_ids)

    def test_form_fits_what_the_row_is(self):
        event = self._event()
        call = self._create_call()
        call._decide("attach", self.lead)
        form = self.env.ref("lead_communications.lead_communication_view_form_event")
        self.assertEqual(event.get_formview_id(), form.id)
        self.assertNotEqual(call.get_formview_id(), form.id)
        self.assertEqual(event.action_open()["views"], [(form.id, "form")])
        self.assertNotEqual(call.action_open()["views"][0][0], form.id)

    def test_card_and_list_cost_the_same_for_more_events(self):
        card = ["event_count", "latest_event_ids", "latest_call_ids", "latest_email_ids"]
        columns = ["type", "summary", "date", "state", "is_by_hand", "lead_id", "participant_ids"]
        specification = {name: {} for name in columns}
        lead = self.lead.with_user(self.anna)
        rows = self.env["lead.communication"].with_user(self.anna)

        def count(read):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            read()
            return self.cr.sql_log_count - before

        def counts():
            mine = [("lead_id", "=", lead.id)]
            return (
                count(lambda: lead.read(card)),
                count(lambda: rows.web_search_read(mine, specification, limit=80)),
            )

        def fill(times):
            for _number in range(times):
                for kind in ("call", "meeting", "message", "note"):
                    self._event(type=kind, participant_ids=[Command.set(self.contact.ids)])

        fill(3)
        counts()
        few = counts()
        fill(12)
        self.assertEqual(counts(), few)
