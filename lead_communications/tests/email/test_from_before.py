from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.event.sync import SYNC
from ..common import LeadCommunicationsCommon

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@tagged("post_install", "-at_install", "lead_communications")
class TestFromBefore(LeadCommunicationsCommon):
    """What stood on leads before the installation becomes their history, once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["lead.past"].search([]).unlink()
        cls.now = fields.Datetime.now().replace(microsecond=0)
        cls.customer = cls.env["res.partner"].create({"name": "Ewa", "email": "ewa@customer.test"})
        cls.lead, cls.twin = (cls._lead_of_customer() for _twin in range(2))
        cls.rows = cls.env["lead.communication"]

    @classmethod
    def _lead_of_customer(cls):
        return cls._create_lead(
            partner_id=cls.customer.id, email_from="ewa@customer.test", user_id=cls.anna.id
        )

    def _message(self, kind, lead=None, to=None, number=0, **values):
        """Return a message as Odoo alone has left it."""
        message = self.env["mail.message"].create(
            {
                "model": "crm.lead",
                "res_id": (lead or self.lead).id,
                "message_type": kind,
                "subtype_id": self.env.ref("mail.mt_comment").id,
                "subject": f"Roof {number}",
                "body": f"<p>About the roof {number}</p>",
                "email_from": '"Ewa" <ewa@customer.test>',
                "date": self.now - DAY + number * HOUR,
                "message_id": f"<{kind}-{lead or self.lead}-{number}@customer.test>",
            }
            | values
        )
        if to:
            self.env["mail.notification"].create(
                {
                    "mail_message_id": message.id,
                    "res_partner_id": to.id,
                    "notification_type": "email",
                    "notification_status": "sent",
                }
            )
        return message

    def _from_anna(self):
        partner = self.anna.partner_id
        return {"author_id": partner.id, "email_from": partner.email_formatted}

    def _activity(self, lead=None, xmlid="mail.mail_activity_data_call", **values):
        return SYNC.on(self.env["mail.activity"]).create(self._activity_values(xmlid, lead, values))

    def _activity_values(self, xmlid, lead, values):
        return {
            "res_model_id": self.env["ir.model"]._get_id("crm.lead"),
            "res_id": (lead or self.lead).id,
            "activity_type_id": self.env.ref(xmlid).id,
            "summary": "Ask about the roof",
            "note": "<p>Tiles</p>",
            "user_id": self.anna.id,
            "date_deadline": self.now.date() + 3 * DAY,
        } | values

    def _meeting_values(self, lead=None, days=3, **values):
        return {
            "name": "Look at the house",
            "start": self.now + days * DAY,
            "stop": self.now + days * DAY + HOUR,
            "opportunity_id": (lead or self.lead).id,
            "user_id": self.anna.id,
        } | values

    def _meeting(self, **values):
        return SYNC.on(self.env["calendar.event"]).create(self._meeting_values(**values))

    def _take_over(self):
        """Let the job take over all that is there now."""
        Past = self.env["lead.past"]
        Past.search([]).unlink()
        self.env.flush_all()
        Past._start()
        with patch.object(self.env.registry["ir.cron"], "_commit_progress", lambda *_a, **_k: 10):
            Past._cron_take_over()
        self.env.invalidate_all()
        return {one.kind: one for one in Past.search([])}

    def _rows_of(self, lead=None):
        return self.rows.search([("lead_id", "=", (lead or self.lead).id)], order="date, id")

    def _values(self, row, *left_out):
        """Return what a row says, without what tells it from the row of another lead."""
        names = [
            name
            for name, field in row._fields.items()
            if field.store
            and field.type not in ("one2many", "binary")
            and name not in (*left_out, *models_own(row))
        ]
        return row.read(names, load=None)[0] | {"id": 0}

    def test_emails_and_sms(self):
        incoming = self._message("email", number=1, author_id=self.customer.id)
        answer = self._message("comment", to=self.customer, number=2, **self._from_anna())
        by_mail = self._message("email", number=3, **self._from_anna())
        sms = self._message("sms", number=4, **self._from_anna())
        self._message("comment", number=5, **self._from_anna())
        self._message("comment", to=self.ben.partner_id, number=6, **self._from_anna())
        self._message("notification", to=self.customer, number=7)
        self._take_over()
        rows = self._rows_of()
        self.assertEqual(rows.mail_message_id, incoming | answer | by_mail | sms)
        self.assertRecordValues(
            rows,
            [
                {
                    "type": kind,
                    "direction": direction,
                    "state": "done",
                    "date": message.date,
                    "user_id": self.anna.id,
                    "email_normalized": "ewa@customer.test",
                    "company_id": self.company.id,
                }
                for message, kind, direction in (
                    (incoming, "email", "incoming"),
                    (answer, "email", "outgoing"),
                    (by_mail, "email", "outgoing"),
                    (sms, "message", "outgoing"),
                )
            ],
        )
        emails = rows[:3]
        self.assertEqual(len(set(emails.mapped("conversation_ref"))), 1)
        self.assertFalse(emails.filtered("answer_state"), "Answered long ago")
        self.assertEqual(emails[0].preview, "About the roof 1")
        self._take_over()
        self.assertEqual(self._rows_of(), rows, "Once only")

    def test_rows_are_those_that_would_have_come_about(self):
        """What is taken over says what the row of the same thing says that happens today."""
        posted = self.twin.with_user(self.anna).message_post(
            body="<p>About the roof 1</p>",
            subject="Roof 1",
            message_type="comment",
            partner_ids=self.customer.ids,
            subtype_xmlid="mail.mt_comment",
            email_from=self.anna.partner_id.email_formatted,
        )
        self._message(
            "comment", to=self.customer, number=1, **self._from_anna(), date=posted.date
        ).body = posted.body
        self.env["mail.activity"].create(
            self._activity_values("mail.mail_activity_data_call", self.twin, {})
        )
        self._activity()
        self.env["calendar.event"].create(self._meeting_values(self.twin))
        self._meeting()
        self.assertFalse(self._rows_of())
        self._take_over()
        taken, live = self._rows_of(), self._rows_of(self.twin)
        self.assertEqual(taken.mapped("type"), live.mapped("type"))
        self.assertEqual(len(taken), 3)
        for one, other in zip(taken, live, strict=True):
            with self.subTest(one.type):
                self.assertEqual(self._values(one), self._values(other))

    def test_activities_and_meetings(self):
        self._activity(summary="Planned")
        self._activity(summary="Done").action_feedback(feedback="They agree")
        self._activity(xmlid="mail.mail_activity_data_email", summary="To write")
        self._activity(xmlid="mail.mail_activity_data_email", summary="Written").action_done()
        self._activity(xmlid="mail.mail_activity_data_todo", summary="To do")
        self._activity(summary="Asked by the system", automated=True)
        self._meeting(name="Was", days=-3)
        self._meeting(name="Will be")
        self._meeting(name="Secret", privacy="private")
        self._meeting(name="Called off", active=False)
        document = {
            "res_model_id": self.env["ir.model"]._get_id("crm.lead"),
            "res_id": self.lead.id,
        }
        self._meeting(name="By its document", opportunity_id=False, **document)
        activities, meetings = self.lead.activity_ids, self.lead.calendar_event_ids
        self._take_over()
        rows = self._rows_of()
        self.assertEqual(
            {(row.type, row.subject, row.state) for row in rows},
            {
                ("call", "Planned", "planned"),
                ("call", "Done", "done"),
                ("email", "To write", "planned"),
                ("meeting", "Was", "done"),
                ("meeting", "Will be", "planned"),
                ("meeting", "Private meeting", "planned"),
                ("meeting", "By its document", "planned"),
            },
        )
        done = rows.filtered(lambda row: row.subject == "Done")
        self.assertIn("They agree", done.description)
        self.assertEqual(done.date.date(), fields.Date.context_today(done))
        self.assertEqual(self.lead.activity_ids, activities, "Odoo's own are left alone")
        self.assertEqual(self.lead.calendar_event_ids, meetings)
        self._take_over()
        self.assertEqual(self._rows_of(), rows, "Once only")
        # From now on they are one with what they stand for.
        activities.filtered(lambda one: one.summary == "Planned").action_done()
        self.assertEqual(rows.filtered(lambda row: row.subject == "Planned").state, "done")

    def test_newest_first_by_batches_that_are_stopped(self):
        messages = self.env["mail.message"].union(
            *(self._message("email", number=number) for number in range(5))
        )
        self.env.flush_all()
        Past = self.env["lead.past"]
        Past._start()
        past = Past.search([("kind", "=", "email")])
        kinds = Past._kinds()
        few = kinds | {"email": kinds["email"]._replace(size=2)}
        with patch.object(self.env.registry["lead.past"], "_kinds", lambda _self: few):
            self.assertTrue(past._take_batch())
            self.assertEqual(self._rows_of().mail_message_id, messages[3:])
            with self.assertRaises(AccessError):
                past.with_user(self.marek).sudo(False).action_stop()
            past.with_user(self.admin).action_stop()
            self.assertFalse(past._take_batch())
            self.assertEqual(past.position, messages[3].id)
            past.with_user(self.admin).action_resume()
            while past._take_batch():
                self.assertLess(past.progress, 100.1)
        self.assertEqual(self._rows_of().mail_message_id, messages)
        self.assertRecordValues(past, [{"state": "done", "progress": 100, "failed_count": 0}])

    @mute_logger("odoo.sql_db")
    def test_what_cannot_be_taken_over_stops_no_other(self):
        meetings = [self._meeting(name=name) for name in ("First", "Broken", "Last")]
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE calendar_event SET stop = start - interval '1 day' WHERE id = %s",
            [meetings[1].id],
        )
        self.env.invalidate_all()
        past = self._take_over()["meeting"]
        self.assertEqual(set(self._rows_of().mapped("subject")), {"First", "Last"})
        self.assertEqual(past.failed_ids, [meetings[1].id])
        meetings[1].with_context(SYNC.on(meetings[1]).env.context).stop = meetings[1].start + HOUR
        past.with_user(self.admin).action_retry()
        while past._take_batch():
            pass
        self.assertEqual(len(self._rows_of()), 3)
        self.assertFalse(past.failed_count)

    def test_costs_no_query_for_each(self):
        counts = []
        for count in (2, 20):
            leads = [self._lead_of_customer() for _lead in range(count)]
            for number, lead in enumerate(leads):
                self._message("email", lead, number=number, author_id=self.customer.id)
                self._message("comment", lead, self.customer, number, **self._from_anna())
                self._activity(lead)
                self._meeting(lead=lead)
            self.env["lead.past"].search([]).unlink()
            self.env.flush_all()
            self.env["lead.past"]._start()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            for kind in ("activity", "meeting", "email"):
                past = self.env["lead.past"].search([("kind", "=", kind)])
                past.top = past.position  # it is another one each time
                self.assertTrue(past._take_batch())
            counts.append(self.cr.sql_log_count - before)
            for lead in leads:
                self.assertEqual(len(self._rows_of(lead)), 4)
        self.assertLessEqual(counts[1], counts[0] + 3)

    def test_settings_show_it(self):
        self.env["lead.past"]._start()
        settings = self.env["res.config.settings"].with_user(self.admin).create({})
        self.assertEqual(settings.lead_past_state, "running")
        settings.action_stop_past()
        settings.invalidate_recordset()
        self.assertEqual(settings.lead_past_state, "stopped")
        settings.action_resume_past()
        settings.invalidate_recordset()
        self.assertEqual(settings.lead_past_state, "running")
        self.assertLess(settings.lead_past_progress, 100)

    def test_companies_and_numbers(self):
        company = self.env["res.partner"].create({"name": "Acme", "is_company": True})
        self.customer.parent_id = company
        self.lead.phone = "600200301; 601200302"
        self.lead.flush_recordset()
        expected = self.lead.phone_keys
        self.assertTrue(expected)
        self.env.cr.execute(
            "UPDATE crm_lead SET phone_keys = NULL, existing_company_id = NULL WHERE id = %s",
            [self.lead.id],
        )
        self.env.invalidate_all()
        self._take_over()
        self.assertEqual(self.lead.phone_keys, expected)
        self.assertEqual(self.lead.existing_company_id, company)


def models_own(row):
    """Return the fields that tell one row of the same from the other."""
    return (
        "activity_id",
        "calendar_event_id",
        "conversation_ref",
        "create_date",
        "create_uid",
        "lead_id",
        "mail_message_id",
        "message_ref",
        "scheduled_message_id",
        "write_date",
        "write_uid",
    )
