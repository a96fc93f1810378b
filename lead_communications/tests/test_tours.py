import logging
import re
import time

from odoo import fields
from odoo.tests import tagged

from ..telephony import asterisk
from .call.captures import pushes
from .common import SALESMAN
from .email.dovecot import PASSWORD, Dovecot
from .tours import ToursCommon

ADDRESS = "branch@company.test"


@tagged("post_install", "-at_install", "lead_communications")
class TestConnectTours(ToursCommon):
    """From a new installation to the customer's answer on the lead, on the screens."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dovecot = Dovecot().start()
        cls.addClassCleanup(cls.dovecot.stop)
        cls.zofia = cls._create_user("zofia_t", SALESMAN)
        # Nothing is scheduled in tests; a mailbox points out a scheduler that does not run.
        cls.env.ref("mail.ir_cron_mail_gateway_action").nextcall = fields.Datetime.now()

    def test_from_connecting_to_the_answer_of_the_customer(self):
        self._disconnect()
        self._use_leads(True)
        address, secret = self._connect_pbx()
        self._connect_mailbox()

        self._report_call(address, secret)
        first = self._mail(to=ADDRESS, message_id="<first@customer.test>")
        self.dovecot.deliver(first, ADDRESS)
        self.dovecot.deliver(self._mail(to=ADDRESS, subject="Spam, spam, spam"), ADDRESS)
        self._tour("fetch_now", self.admin)

        self._tour("decide", self.zofia)
        lead = self.env["crm.lead"].search([("user_id", "=", self.zofia.id)])
        self.assertEqual(len(lead.call_ids), 1)
        self.assertEqual(lead.call_ids.state, "done")
        self.assertEqual(lead.email_ids.subject, "A question about windows")
        ignored = self.env["lead.communication"].search([("subject", "like", "Spam")])
        self.assertEqual(ignored.state, "ignored")
        self.assertEqual(ignored.decision_user_id, self.zofia)

        answer = self._mail(
            to=ADDRESS,
            subject="Re: A question about windows",
            in_reply_to="<first@customer.test>",
            body="Three windows then, please.",
        )
        self.dovecot.deliver(answer, ADDRESS)
        self._fetch_by_schedule()
        self._tour("read_reply", self.zofia, path=f"/odoo/crm.lead/{lead.id}")

    def _connect_pbx(self):
        """Return the address and the secret that the administrator reads on the screen."""
        # By number: Odoo gives the name INFO to a level of its own.
        with self.assertLogs(self._logger.getChild("browser"), logging.INFO) as logs:
            self._tour("connect_pbx", self.admin)
        shown = re.search(r"SHOWN (\S+) (\S+) SHOWN", "\n".join(logs.output))
        pbx = self.env["lead.pbx"].search([("name", "=", "Branch Office")])
        self.assertEqual(pbx.line_ids.user_id, self.zofia)
        return shown.groups()

    def _connect_mailbox(self):
        self._tour(
            "connect_mailbox",
            self.admin,
            cookies={
                "imap_port": str(self.dovecot.imap_port),
                "imap_login": ADDRESS,
                "imap_password": PASSWORD,
            },
        )
        mailbox = self.env["lead.mailbox"].search([("name", "=", "Branch Mail")])
        self.assertEqual(mailbox.member_ids, self.zofia)
        self.assertEqual(mailbox.server_id.state, "done")

    def _report_call(self, address, secret):
        body = self._of_now(pushes()[0])
        signature = asterisk.sign(body, secret, int(time.time()))
        response = self.url_open(
            address,
            data=body,
            headers={
                "X-Signature": signature,
                "Content-Type": "application/x-www-form-urlencoded",
            },
        )
        self.assertEqual(response.json(), {"status": "ok", "calls": 1})

    def _of_now(self, body):
        """Return the capture as one of this minute: older calls are before the start date."""
        later = int(time.time()) - int(re.search(rb"linkedid=(\d+)", body)[1])
        return re.sub(rb"\b1795\d{6}\b", lambda epoch: b"%d" % (int(epoch[0]) + later), body)

    def _fetch_by_schedule(self):
        mailbox = self.env["lead.mailbox"].search([("name", "=", "Branch Mail")])
        self.env.flush_all()
        with self.registry.cursor() as cr:
            self.assertIsNone(mailbox.server_id.with_env(self.env(cr=cr))._fetch_mail())
        self.env.invalidate_all()


@tagged("post_install", "-at_install", "lead_communications")
class TestTours(ToursCommon):
    """What the rooms share on the screens: menus, the lead's card, the words."""

    def test_card_of_the_lead(self):
        lead = self._create_lead()
        for row in (self._create_call(), self._create_call(), self._receive()):
            row.with_user(self.clara if row.type == "call" else self.anna)._decide("attach", lead)
        self.env["mail.template"].search([("model", "=", "crm.lead")]).unlink()
        self.env["mail.template"].create(
            {
                "name": "Offer",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "subject": "Our offer: {{ object.name }}",
                "body_html": "<p>Good morning, here is our offer.</p>",
            }
        )
        self._tour("lead_card", self.anna, path=f"/odoo/crm.lead/{lead.id}")

    def test_last_day_of_a_salesperson(self):
        self.mailbox.member_ids += self.admin
        lead = self._create_lead()
        planned = self.env["lead.communication"].with_user(self.anna)
        planned = planned.create({"type": "call", "state": "planned", "lead_id": lead.id}).sudo()
        call = self._create_call(result="missed")
        call._request_callback()
        call.with_user(self.anna).action_claim()
        email = self._receive()
        email.with_user(self.admin)._assign(self.anna, self.env["crm.team"])
        todo = lead.activity_schedule("mail.mail_activity_data_todo", user_id=self.anna.id)
        exceptions = self.env["lead.communication.exception"].with_user(self.anna)
        exception = exceptions.create({"value": "noise@spam.test"}).sudo()
        line = {"pbx_id": self.pbx.id, "extension": "101", "user_id": self.anna.id}
        line = self.env["lead.pbx.line"].create(line)
        self._tour("hand_over", self.admin)
        rows = planned | call | email
        self.assertEqual(lead.user_id | rows.user_id | rows.callback_activity_id.user_id, self.ben)
        self.assertEqual(todo.user_id | exception.user_id | line.user_id, self.ben)
        self.assertEqual(self.mailbox.member_ids, self.admin | self.ben)
        self.assertFalse(call.claimed_by_id)

    def test_menus_under_leads(self):
        self._use_leads(True)
        self._tour("menus_leads", self.anna)

    def test_menus_under_sales(self):
        self._use_leads(False)
        self._tour("menus_sales", self.anna)

    def test_no_menus_without_a_connection(self):
        self._use_leads(True)
        self._disconnect()
        self._tour("menus_none", self.anna)

    def test_words_in_polish(self):
        self.env["res.lang"]._activate_lang("pl_PL")
        self.env["ir.module.module"]._load_module_terms(["lead_communications"], ["pl_PL"])
        self._use_leads(True)
        self.anna.lang = "pl_PL"
        self._create_call(result="missed")
        self._tour("polish", self.anna)
