import logging
import re
import time
from datetime import timedelta
from email.utils import format_datetime
from functools import wraps
from unittest.mock import patch

from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from odoo.addons.mail.tests.common import MockEmail

from ..telephony import asterisk
from .call.captures import pushes
from .common import SALESMAN, LeadCommunicationsCommon
from .email.dovecot import PASSWORD, Dovecot

ADDRESS = "branch@company.test"


class ToursCommon(LeadCommunicationsCommon, HttpCase):
    """Tours are named ``lead_communications.<name>``, in ``static/tests/tours``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The tours read the screen, whatever languages the database has.
        cls.env["res.lang"]._activate_lang("en_US")

    @classmethod
    def _create_user(cls, login, groups, **values):
        return super()._create_user(login, groups, **{"lang": "en_US"} | values)

    def _tour(self, name, user, path="/odoo", **kwargs):
        self.start_tour(path, f"lead_communications.{name}", login=user.login, **kwargs)
        self.env.invalidate_all()

    def _use_leads(self, use):
        group, employees = self.env.ref("crm.group_use_lead"), self.env.ref("base.group_user")
        if use:
            employees._apply_group(group)
        else:
            employees._remove_group(group)

    def _disconnect(self):
        for model in ("lead.pbx", "lead.mailbox"):
            self.env[model].search([]).active = False


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
        # By number: the host gives the name INFO to a level of its own.
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
        body = pushes()[0]
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

    def _fetch_by_schedule(self):
        mailbox = self.env["lead.mailbox"].search([("name", "=", "Branch Mail")])
        self.env.flush_all()
        with self.registry.cursor() as cr:
            self.assertIsNone(mailbox.server_id.with_env(self.env(cr=cr))._fetch_mail())
        self.env.invalidate_all()


@tagged("post_install", "-at_install", "lead_communications")
class TestTours(ToursCommon, MockEmail):
    """The screens of salespeople."""

    def test_the_second_is_told_who_was_first(self):
        self._second("second", "/odoo/lead-calls")

    def test_the_second_is_told_who_was_first_in_the_inbox(self):
        self._second("inbox_second", "/odoo/lead-inbox")

    def _second(self, tour, path):
        lead = self._create_lead(name="First come")
        call = self._create_call()
        Communication = self.registry["lead.communication"]
        read_list = Communication.web_search_read

        @wraps(read_list)
        def read_before_a_colleague_decides(rows, *args, **kwargs):
            result = read_list(rows, *args, **kwargs)
            env = rows.env(user=self.clara.id, context={})
            undecided = env["lead.communication"].browse(call.id)
            if undecided.state == "ready":
                undecided._decide("attach", env["crm.lead"].browse(lead.id))
            return result

        # The host would read the list on a cursor that cannot write.
        read_before_a_colleague_decides._readonly = False
        with patch.object(Communication, "web_search_read", read_before_a_colleague_decides):
            self._tour(tour, self.anna, path=path)
        self.assertEqual(call.lead_id, lead)

    def test_ten_calls_and_ten_mails_by_keyboard(self):
        rows = self.env["lead.communication"].concat(*map(self._waiting, range(20)))
        self._tour("inbox_keys", self.anna, path="/odoo/lead-inbox")
        states = {"i": "ignored", "c": "done", "a": "done"}
        expected = [states["ica"[number % 3]] for number in range(19)]
        self.assertEqual(rows.mapped("state"), [*expected, "ready"])
        self.assertEqual(rows[:19].decision_user_id, self.anna)
        for number, row in enumerate(rows):
            if row.lead_id and number % 3 == 2:
                self.assertEqual(row.lead_id.name, f"Lead of Caller {number:02}")
        created = rows[:19].filtered(lambda row: row.decision_id.action == "create")
        self.assertEqual(len(created.lead_id), 6)

    def _waiting(self, number):
        """Return one of ten calls and ten mails, each older than the one before."""
        name, date = f"Caller {number:02}", fields.Datetime.now() - timedelta(hours=number + 1)
        phone, email = f"+482212345{number:02}", f"caller{number}@c{number}.test"
        if number % 3 == 2:
            self._create_lead(name=f"Lead of {name}", phone=phone, email_from=email)
        if number % 2:
            return self._receive(**{"from": f"{name} <{email}>", "date": format_datetime(date)})
        return self._create_call(
            contact_name=name, number=phone, phone_sanitized=phone, date=date, result="missed"
        )

    def test_ignore_always_and_the_way_back(self):
        call = self._create_call()
        neighbour = self._create_call(number="+48221234568", phone_sanitized="+48221234568")
        self._tour("ignore_always", self.anna, path="/odoo/lead-calls")
        self.assertEqual((call.state, neighbour.state), ("ready", "ignored"))
        self.assertEqual(neighbour.exception_id.value_normalized, "+482212345")
        self.assertFalse(neighbour.exception_id.active)

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

    def test_planned_call_is_completed_by_the_real_one(self):
        lead = self._create_lead(phone="+48 22 123 45 67")
        self._tour("plan_events", self.anna, path=f"/odoo/crm.lead/{lead.id}")
        now = fields.Datetime.now() + timedelta(minutes=1)
        call = self._create_call(
            direction="outgoing", result="answered", duration=60, date=now, date_end=now
        )
        self._tour("real_call", self.anna, path="/odoo/lead-calls")
        planned = self.env["lead.communication"].search([("subject", "=", "Agree on the colour")])
        self.assertEqual((planned.state, planned.completed_by_id), ("done", call))
        self._tour("call_took_place", self.anna, path=f"/odoo/crm.lead/{lead.id}")

    def _written_to(self):
        """Return a lead of anna's with an email of Jan's, without any template."""
        self.env["mail.template"].search([("model", "=", "crm.lead")]).active = False
        lead = self._create_lead(email_from="jan@customer.test", team_id=self.team.id)
        mail = self._receive(attachments=[("plan.pdf", b"%PDF-1.4")])
        mail._decide("attach", lead)
        return lead

    def test_write_an_email_from_a_template(self):
        lead = self._written_to()
        self.env["mail.blacklist"]._add("jan@customer.test")
        self.env["ir.mail_server"].create(
            {"name": "Out", "smtp_host": "localhost", "from_filter": "company.test"}
        )
        model_id = self.env["ir.model"]._get_id("crm.lead")
        short, offer = self.env["mail.template"].create(
            [
                {
                    "name": "A Short Word",
                    "model_id": model_id,
                    "subject": "A short word",
                    "body_html": "<p>Call us.</p>",
                },
                {
                    "name": "Offer",
                    "model_id": model_id,
                    "subject": "Our offer: {{ object.name }}",
                    "body_html": "<p>Here is our offer.</p>",
                    "lead_team_ids": [Command.set(self.team.ids)],
                },
            ]
        )
        with self.mock_mail_gateway():
            self._tour("write_from_template", self.anna, path=f"/odoo/crm.lead/{lead.id}")
        (mail,) = self._mails
        self.assertEqual(mail["subject"], "A short word")
        self.assertEqual(mail["email_from"], '"Anna" <sales@company.test>')
        sent = lead.email_ids.filtered(lambda row: row.direction == "outgoing")
        self.assertRecordValues(
            sent, [{"state": "done", "user_id": self.anna.id, "mail_template_id": short.id}]
        )
        self.assertNotEqual(sent.mail_template_id, offer)

    def test_write_an_email_without_a_template(self):
        lead = self._written_to()
        self._tour("write_without_template", self.anna, path=f"/odoo/crm.lead/{lead.id}")
        self.assertEqual(len(lead.email_ids), 1)

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


@tagged("post_install", "-at_install", "lead_communications")
class TestPhoneTours(ToursCommon):
    """The same work on a telephone."""

    browser_size = "360x740"
    touch_enabled = True

    def test_calls_are_decided_on_a_phone(self):
        ignored, opened, created = (
            self._create_call(number=number, phone_sanitized=number)
            for number in ("+48221234501", "+48221234502", "+48221234503")
        )
        self._tour("phone", self.anna, path="/odoo/crm")
        self.assertEqual((ignored.state, opened.state, created.state), ("ignored", "ready", "done"))
        self.assertEqual(created.lead_id.user_id, self.anna)

    def test_inbox_on_a_phone(self):
        ignored, created = (
            self._create_call(number=number, phone_sanitized=number, result="missed")
            for number in ("+48221234501", "+48221234502")
        )
        mail = self._receive()
        self._tour("inbox_phone", self.anna, path="/odoo/crm")
        self.assertEqual((ignored.state, created.state, mail.state), ("ignored", "done", "ready"))
