from odoo.tests import Form

from odoo.addons.mail.tests.common import MockEmail

from ..common import LeadCommunicationsCommon


class EmailCommon(LeadCommunicationsCommon, MockEmail):
    """A lead of anna's with an email of Jan's on it, and ways to write from it.

    ``mock_mail_gateway`` lets Odoo do everything but speak to a server: ``_mails`` is what
    would have gone out.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["mail.template"].search([("model", "=", "crm.lead")]).active = False
        cls.lead = cls._create_lead(email_from="jan@customer.test", contact_name="Jan Kowalski")
        cls.mail = cls._receive(attachments=[("plan.pdf", b"%PDF-1.4")])
        cls.mail._decide("attach", cls.lead)
        cls.env["ir.mail_server"].create(
            {"name": "Out", "smtp_host": "localhost", "from_filter": "company.test"}
        )

    @classmethod
    def _template(cls, **values):
        return cls.env["mail.template"].create(
            {
                "name": "Offer",
                "model_id": cls.env["ir.model"]._get_id("crm.lead"),
                "subject": "About {{ object.name }}",
                "body_html": "<p>Dear customer</p>",
            }
            | values
        )

    def _write(self, user=None, lead=None):
        """Return what “Write an email” opens for ``user``."""
        return (lead or self.lead).with_user(user or self.anna).action_write_email()

    def _form(self, action, user=None):
        """Return the dialog that an action opens."""
        env = self.env(user=user or self.anna)
        return Form(env[action["res_model"]].with_context(**action["context"]))

    def _send(self, action, user=None, **values):
        """Send what an action opens, with ``values`` typed into the dialog; return the new row."""
        before = self.env["lead.communication"].search([])
        form = self._form(action, user)
        for name, value in values.items():
            if name == "lead_mailbox_id":
                name, value = "lead_account", str(value.id) if value else "own"
            form[name] = value
        composer = form.save()
        with self.mock_mail_gateway():
            if composer.scheduled_date:
                composer.action_schedule_message()
            else:
                composer.action_send_mail()
        self.env.invalidate_all()
        return self.env["lead.communication"].search([]) - before

    def _sent(self):
        """Return the one mail that would have gone out."""
        (mail,) = self._mails
        return mail
