from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.email.crm_lead_email_tab import SHOWN_ON_CARD
from .common import EmailCommon


@tagged("post_install", "-at_install", "lead_communications")
class TestLeadCommunicationReply(EmailCommon):
    """The emails of a lead as conversations: answered and passed on from where one reads them."""

    def _row(self, user=None):
        return self.mail.with_user(user or self.anna)

    # ---- REPLY ----

    def test_reply_opens_the_quoted_text_to_the_sender(self):
        form = self._form(self._row().action_reply())
        self.assertEqual(form.subject, "Re: A question about windows")
        self.assertEqual(form.partner_ids[:].mapped("email_normalized"), ["jan@customer.test"])
        self.assertIn("<blockquote", form.body)
        self.assertIn("how much is a window?", form.body)
        self.assertIn("Jan Kowalski &lt;jan@customer.test&gt; wrote:", form.body)
        self.assertFalse(form.attachment_ids[:])

    def test_reply_refers_to_the_email_for_every_mail_program(self):
        self._receive(subject="Another matter")._decide("attach", self.lead)
        row = self._send(self._row().action_reply())
        headers = self._sent()
        self.assertIn(self.mail.message_ref, headers["references"])
        self.assertEqual(row.mail_message_id.parent_id, self.mail.mail_message_id)
        self.assertEqual(row.conversation_ref, self.mail.conversation_ref)

    def test_answer_to_the_reply_is_in_the_conversation(self):
        row = self._send(self._row().action_reply())
        answer = self._receive(subject="Re: Re: A question", in_reply_to=row.message_ref)
        self.assertEqual(answer.lead_id, self.lead)
        self.assertEqual(answer.conversation_ref, self.mail.conversation_ref)

    def test_reply_to_our_own_email_goes_to_the_customer(self):
        row = self._send(self._row().action_reply())
        form = self._form(row.with_user(self.anna).action_reply())
        self.assertEqual(form.subject, "Re: A question about windows")
        self.assertEqual(form.partner_ids[:].mapped("email_normalized"), ["jan@customer.test"])

    def test_reply_sent_later_refers_to_the_email_too(self):
        self._receive(subject="Another matter")._decide("attach", self.lead)
        date = fields.Datetime.to_string(fields.Datetime.now() + timedelta(days=1))
        row = self._send(self._row().action_reply(), scheduled_date=date)
        self.assertEqual(row.conversation_ref, self.mail.conversation_ref)
        with self.mock_mail_gateway():
            row.sudo().scheduled_message_id._post_message()
        self.assertEqual(row.mail_message_id.parent_id, self.mail.mail_message_id)
        self.assertIn(self.mail.message_ref, self._sent()["references"])

    def test_template_stands_above_the_quoted_text(self):
        template = self._template()
        form = self._form(self._row().action_reply())
        form.template_id = template
        self.assertIn("Dear customer", form.body)
        self.assertIn("how much is a window?", form.body)
        self.assertLess(form.body.index("Dear customer"), form.body.index("how much"))

    def test_hostile_text_runs_nowhere(self):
        row = self._receive(
            **{"from": '"<script>x</script>" <eve@customer.test>'},
            html="<p>Hi<script>alert(1)</script><img src=x onerror=alert(1)></p>",
            subject="<img onerror=1>",
        )
        row._decide("attach", self.lead)
        for action in ("action_reply", "action_forward"):
            form = self._form(getattr(row.with_user(self.anna), action)())
            self.assertNotIn("<script", form.body)
            self.assertNotIn("onerror=alert", form.body)
            self.assertNotIn("<img onerror", form.body)

    def test_huge_text_is_not_quoted(self):
        self.mail.mail_message_id.body = "<p>%s</p>" % ("x" * 300_000)
        self.assertLess(len(self._form(self._row().action_reply()).body), 5_000)

    # ---- REPLY TO ALL ----

    def _receive_to_all(self):
        row = self._receive(
            to="sales@company.test, Lena <lena@customer.test>, Jan <JAN@customer.test>",
            cc="Architect <studio@archi.test>, Anna <anna@company.test>, lena@customer.test",
            subject="Facade",
            message_id="<facade@customer.test>",
        )
        row._decide("attach", self.lead)
        return row.with_user(self.anna)

    def test_copies_are_shown(self):
        row = self._receive_to_all()
        self.assertIn("studio@archi.test", row.email_cc)
        self.assertNotIn("studio@archi.test", row.email_to)

    def test_reply_to_all_goes_to_everybody_outside_once(self):
        row = self._receive_to_all()
        self.assertTrue(row.has_others)
        form = self._form(row.action_reply_all())
        self.assertEqual(
            sorted(form.partner_ids[:].mapped("email_normalized")),
            ["jan@customer.test", "lena@customer.test", "studio@archi.test"],
        )
        self.assertEqual(form.subject, "Re: Facade")
        self.assertIn("<blockquote", form.body)
        only = self._form(row.action_reply())
        self.assertEqual(only.partner_ids[:].mapped("email_normalized"), ["jan@customer.test"])

    def test_reply_to_all_of_our_own_answer_goes_to_the_same(self):
        sent = self._send(self._receive_to_all().action_reply_all())
        self.assertTrue(sent.has_others)
        form = self._form(sent.with_user(self.anna).action_reply_all())
        self.assertEqual(
            sorted(form.partner_ids[:].mapped("email_normalized")),
            ["jan@customer.test", "lena@customer.test", "studio@archi.test"],
        )

    def test_nobody_else_no_reply_to_all(self):
        self.assertFalse(self.mail.has_others)
        waiting = self._receive(cc="studio@archi.test", message_id="<w@customer.test>")
        self.assertTrue(waiting.has_others, "it is answered while it waits, too")
        waiting._decide("ignore")
        self.assertFalse(waiting.has_others)

    def test_addresses_that_are_cut_off_are_nobodys(self):
        row = self._receive_to_all()
        many = ", ".join(f"person-{number}@customer.test" for number in range(100))
        row.sudo().email_cc = many[:1000]
        found = {party.address for party in row._other_parties()[row]}
        self.assertIn("person-0@customer.test", found)
        self.assertFalse(found - {"lena@customer.test"} - set(many.split(", ")))

    # ---- FORWARD ----

    def test_forward_opens_the_text_and_the_files_to_nobody(self):
        form = self._form(self._row().action_forward())
        self.assertEqual(form.subject, "Fwd: A question about windows")
        self.assertFalse(form.partner_ids[:])
        self.assertIn("how much is a window?", form.body)
        self.assertIn("To: sales@company.test", form.body)
        copies = form.attachment_ids[:]
        self.assertEqual(copies.mapped("name"), ["plan.pdf"])
        self.assertNotEqual(copies, self.mail.attachment_ids)

    def test_forwarded_email_goes_out_with_its_files_and_the_customer_still_waits(self):
        partner = self.env["res.partner"].create({"name": "Maker", "email": "maker@glass.test"})
        action = self._row().action_forward()
        form = self._form(action)
        form.partner_ids.add(partner)
        with self.mock_mail_gateway():
            form.save().action_send_mail()
        row = self.lead.email_ids - self.mail
        self.assertEqual(row.email_normalized, "maker@glass.test")
        self.assertEqual(self._sent()["email_to"], ['"Maker" <maker@glass.test>'])
        self.assertEqual(self._sent()["attachments"][0][0], "plan.pdf")
        self.assertNotEqual(row.conversation_ref, self.mail.conversation_ref)
        self.assertEqual(self.mail.answer_state, "awaiting")
        self.assertEqual(self.mail.attachment_ids.mapped("name"), ["plan.pdf"])

    def test_forward_leaves_the_question_open(self):
        self.lead.user_id = self.ben
        self.mail._request_answer(self.lead)
        asked = self.mail.answer_activity_id
        action = self._row(self.clara).action_forward()
        form = self._form(action, self.clara)
        form.partner_ids.add(self.env["res.partner"].create({"name": "M", "email": "m@glass.test"}))
        form.save().action_send_mail()
        self.assertTrue(asked.active)

    # ---- RIGHTS ----

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_colleague_without_the_lead_answers_and_reads_nothing(self):
        for action in ("action_reply", "action_reply_all", "action_forward"):
            with self.assertRaises(AccessError):
                getattr(self._row(self.ben), action)()
        own = self._create_lead(name="Ben's", user_id=self.ben.id, email_from="b@customer.test")
        Composer = self.env["mail.compose.message"].with_user(self.ben)
        values = {
            "model": "crm.lead",
            "res_ids": str(own.ids),
            "composition_comment_option": "forward",
        }
        with self.assertRaises(AccessError):
            Composer.create(values | {"lead_communication_id": self.mail.id})
        given = Composer.with_context(default_lead_communication_id=self.mail.id).create(values)
        self.assertNotIn("how much", given.body or "")
        self.assertFalse(given.lead_communication_id)

    def test_what_was_set_aside_is_put_on_a_lead_first(self):
        waiting = self._receive(subject="New", message_id="<new@customer.test>").with_user(
            self.anna
        )
        waiting._decide("ignore")
        for action in ("action_reply", "action_reply_all", "action_forward"):
            with self.assertRaisesRegex(UserError, "on a lead first"):
                getattr(waiting, action)()

    def test_files_that_may_not_be_read_are_left_out(self):
        hidden = self.env["ir.attachment"].create(
            {"name": "hidden.pdf", "raw": b"x", "res_model": "lead.pbx", "res_id": self.pbx.id}
        )
        self.mail.mail_message_id.attachment_ids |= hidden
        self.mail.attachment_count = 2
        names = [link["name"] for link in self._row().attachment_links]
        self.assertEqual(names, ["plan.pdf"])
        copies = self._form(self._row().action_forward()).attachment_ids[:]
        self.assertEqual(copies.mapped("name"), ["plan.pdf"])

    # ---- WHOSE TURN IT IS ----

    def _awaiting(self, user=None):
        rows = self.env["lead.communication"].with_user(user or self.anna)
        self.env.flush_all()
        self.env.invalidate_all()
        return rows.search([("answer_state", "=", "awaiting"), ("lead_id", "=", self.lead.id)])

    def test_last_email_of_the_customer_awaits_our_answer(self):
        self.assertEqual(self._awaiting(), self.mail)
        self.assertEqual(self.mail.answer_state, "awaiting")
        sent = self._send(self._row().action_reply())
        self.assertFalse(self._awaiting())
        self.assertFalse(self.mail.answer_state)
        again = self._receive(subject="Re: it", in_reply_to=sent.message_ref, date=None)
        self.assertEqual(again.lead_id, self.lead)
        self.assertEqual(self._awaiting(), again)

    def test_each_conversation_by_itself(self):
        other = self._receive(subject="Doors", message_id="<doors@customer.test>")
        other._decide("attach", self.lead)
        self._send(self._row().action_reply())
        self.assertEqual(self._awaiting(), other)

    def test_machines_await_nothing_and_answer_nothing(self):
        junk = self._receive(
            subject="Re: A question about windows",
            in_reply_to=self.mail.message_ref,
            auto_submitted="auto-replied",
        )
        self.assertEqual((junk.lead_id, junk.rule), (self.lead, "auto_reply"))
        self.assertEqual(self._awaiting(), self.mail)
        self._send(self._row().action_reply())
        self._receive(
            subject="Out of office",
            in_reply_to=self.mail.message_ref,
            auto_submitted="auto-replied",
        )
        self.assertFalse(self._awaiting())

    def test_clock_of_the_sender_does_not_matter(self):
        """The date in the header is hours ahead; what counts is when we received it."""
        now = fields.Datetime.now()
        self.mail.write({"date": now + timedelta(hours=5), "received_date": now})
        self.env.flush_all()
        self._send(self._row().action_reply())
        self.assertFalse(self._awaiting())

    def test_planned_answer_is_none_yet(self):
        date = fields.Datetime.to_string(fields.Datetime.now() + timedelta(days=1))
        self._send(self._row().action_reply(), scheduled_date=date)
        self.assertEqual(self._awaiting(), self.mail)

    def test_what_has_no_lead_awaits_a_decision_instead(self):
        waiting = self._receive(subject="New", message_id="<new@customer.test>")
        self.assertFalse(waiting.answer_state)
        found = self.env["lead.communication"].search([("answer_state", "=", "awaiting")])
        self.assertNotIn(waiting, found)
        found = self.env["lead.communication"].search([("answer_state", "=", False)])
        self.assertIn(waiting, found)
        self.assertNotIn(self.mail, found)

    def test_filter_finds_the_same_as_the_field_says(self):
        self._create_call()
        rows = self.env["lead.communication"].search([])
        self.assertEqual(
            rows.filtered(lambda row: row.answer_state == "awaiting"),
            rows.search([("answer_state", "=", "awaiting")]),
        )
        self.assertEqual(
            rows.filtered_domain([("answer_state", "=", "awaiting")]),
            rows.search([("answer_state", "=", "awaiting")]),
        )

    # ---- THE TAB ----

    def test_conversations_stand_together_the_newest_first(self):
        now = fields.Datetime.now()
        old, new, both = (
            self.env["lead.communication"].create(
                {
                    "type": "email",
                    "direction": "incoming",
                    "state": "done",
                    "lead_id": self.lead.id,
                    "subject": subject,
                    "message_ref": f"<{subject}@c.test>",
                    "conversation_ref": conversation,
                    "date": now - timedelta(hours=hours),
                }
            )
            for subject, conversation, hours in (
                ("old", "<old>", 5),
                ("new", "<new>", 3),
                ("old again", "<old>", 1),
            )
        )
        self.mail.date = now - timedelta(days=1)
        self.env.flush_all()
        lead = self.lead.with_user(self.anna)
        rows = lead.latest_email_ids
        self.assertEqual(list(rows), list(both | old | new | self.mail))
        self.assertEqual(rows.mapped("is_conversation_head"), [True, False, True, True])
        self.assertEqual(rows.mapped("conversation_count"), [2, 2, 1, 1])
        read = lead.web_read({"latest_email_ids": {"fields": {"subject": {}}}})
        subjects = [row["subject"] for row in read[0]["latest_email_ids"]]
        self.assertEqual(subjects, ["old again", "old", "new", "A question about windows"])

    def test_tab_asks_a_constant_number_of_queries_and_stays_short(self):
        specification = {
            "has_more_emails": {},
            "latest_email_ids": {
                "fields": {
                    name: {}
                    for name in (
                        "subject",
                        "conversation_count",
                        "is_conversation_head",
                        "answer_state",
                        "has_others",
                        "attachment_links",
                        "processed_date",
                    )
                }
            },
        }
        lead = self.lead.with_user(self.anna)

        def read():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            (values,) = lead.web_read(specification)
            return values, self.env.cr.sql_log_count - before

        read()
        values, few = read()
        self.assertEqual(len(values["latest_email_ids"]), 1)
        self.assertFalse(values["has_more_emails"])
        for number in range(30):
            self._receive(subject=f"Subject {number}", attachments=[("a.txt", b"a")])._decide(
                "attach", self.lead
            )
        values, many = read()
        self.assertEqual(len(values["latest_email_ids"]), SHOWN_ON_CARD)
        self.assertTrue(values["has_more_emails"])
        self.assertLessEqual(many, few + 2)

    def test_hidden_contact_hides_the_conversations(self):
        self.lead.partner_id = self.env["res.partner"].create({"name": "X", "email": "x@y.test"})
        self.env["ir.rule"].create(
            {
                "name": "No contacts",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": "[('email', 'not like', 'y.test')]",
            }
        )
        self.assertFalse(self.lead.with_user(self.anna).latest_email_ids)
