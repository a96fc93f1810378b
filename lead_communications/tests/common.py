from email.message import EmailMessage
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import TransactionCase

SALESMAN = "sales_team.group_sale_salesman"
ALL_LEADS = "sales_team.group_sale_salesman_all_leads"
MANAGER = "sales_team.group_sale_manager"


class LeadCommunicationsCommon(TransactionCase):
    """A small company with a telephone system and a mailbox.

    Users: ``anna``, ``ben`` (own documents only), ``clara`` (all documents), ``marek`` (manager),
    ``admin`` (administrator of the system), ``otto`` (another company).
    ``anna`` is in ``team`` and, alone, in ``mailbox``.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        cls.company = cls.env.company
        cls.company.country_id = cls.env.ref("base.pl")
        # Without a logo, which Odoo would make in five sizes for each class of tests.
        cls.other_company = cls.env["res.company"].create({"name": "Other Company", "logo": False})
        other = cls.other_company
        cls.anna, cls.ben, cls.clara, cls.marek, cls.admin, cls.otto = cls._create_users(
            ("anna_t", SALESMAN, {}),
            ("ben_t", SALESMAN, {}),
            ("clara_t", ALL_LEADS, {}),
            ("marek_t", MANAGER, {}),
            ("admin_t", f"{MANAGER},base.group_system", {}),
            ("otto_t", MANAGER, {"company_id": other.id, "company_ids": [Command.set(other.ids)]}),
        )
        cls.team = cls.env["crm.team"].create(
            {"name": "Team Anna", "company_id": False, "member_ids": [Command.set(cls.anna.ids)]}
        )
        cls.pbx = cls.env["lead.pbx"].create(
            {
                "name": "Head Office",
                "provider": "asterisk",
                "company_id": cls.company.id,
                "country_id": cls.env.ref("base.pl").id,
                "tz": "UTC",
                "team_id": cls.team.id,
            }
        )
        cls.server = cls.env["fetchmail.server"].create(
            {"name": "Test Server", "server_type": "imap", "server": "127.0.0.1", "state": "done"}
        )
        cls.mailbox = cls.env["lead.mailbox"].create(
            {
                "name": "Sales",
                "address": "sales@company.test",
                "server_id": cls.server.id,
                "member_ids": [Command.set(cls.anna.ids)],
                "fetch_since": "2020-01-01",
            }
        )

    @classmethod
    def _create_user(cls, login, groups, **values):
        return cls._create_users((login, groups, values))

    @classmethod
    def _create_users(cls, *people):
        """Return the users of ``(login, groups, values)``, created at once: this is much faster.

        They are as those of Odoo's ``new_test_user``, but are not invited by email.
        """
        quick = {"no_reset_password": True, "mail_create_nolog": True}
        users = cls.env["res.users"].with_context(**quick)
        return users.create([cls._user_values(*person) for person in people]).with_env(cls.env)

    @classmethod
    def _user_values(cls, login, groups, values):
        names = f"base.group_user,{groups}".split(",")
        return {
            "name": login.split("_")[0].title(),
            "login": login,
            "password": login.ljust(8, "x"),
            "email": f"{login[0]}.{login[0]}@example.com",
            "group_ids": [Command.set([cls.env.ref(name).id for name in names])],
        } | values

    @classmethod
    def _create_call(cls, **values):
        """Return a Ready call of anna's from +48221234567."""
        cls.call_number = getattr(cls, "call_number", 0) + 1
        return cls.env["lead.communication"].create(
            {
                "type": "call",
                "direction": "incoming",
                "number": "+48221234567",
                "phone_sanitized": "+48221234567",
                "pbx_id": cls.pbx.id,
                "external_id": f"test-{cls.call_number}",
                "user_id": cls.anna.id,
                "company_id": cls.company.id,
            }
            | values
        )

    @classmethod
    def _create_lead(cls, **values):
        """Return an open lead of anna's."""
        return cls.env["crm.lead"].create(
            {"name": "Windows for a house", "user_id": cls.anna.id, "type": "opportunity"} | values
        )

    @classmethod
    def _mail(cls, **headers):
        """Return the bytes of an email from Jan to the mailbox.

        :param headers: header names in lower case with underscores; ``body``, ``html`` and
            ``attachments`` (``[(name, bytes)]``) make the content.
        """
        cls.mail_number = getattr(cls, "mail_number", 0) + 1
        message = EmailMessage()
        body = headers.pop("body", "Good morning,\nhow much is a window?")
        html = headers.pop("html", None)
        attachments = headers.pop("attachments", ())
        defaults = {
            "from": "Jan Kowalski <jan@customer.test>",
            "to": "sales@company.test",
            "subject": "A question about windows",
            "date": "Mon, 02 Nov 2026 10:15:00 +0100",
            "message_id": f"<mail-{cls.mail_number}@customer.test>",
        }
        for name, value in (defaults | headers).items():
            if value is not None:
                message[name.replace("_", "-")] = value
        message.set_content(body)
        if html:
            message.add_alternative(html, subtype="html")
        for name, content in attachments:
            message.add_attachment(
                content, maintype="application", subtype="octet-stream", filename=name
            )
        return message.as_bytes()

    @classmethod
    def _receive(cls, raw=None, mailbox=None, **headers):
        """Return the row of an email that the mailbox received."""
        return (mailbox or cls.mailbox)._receive(raw or cls._mail(**headers))

    def _failing_automation(self):
        """Let an automation fail on each new email with "fails" in its subject: a context manager.

        What a sender writes fails nowhere, so this is what failures of emails are tried with.
        """
        Communication = self.registry["lead.communication"]
        message_new = Communication.message_new

        def fail(model, msg_dict, custom_values=None):
            if "fails" in msg_dict["subject"]:
                raise KeyError("automation")
            return message_new(model, msg_dict, custom_values)

        return patch.object(Communication, "message_new", fail)
