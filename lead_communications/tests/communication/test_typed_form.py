from odoo.fields import Datetime
from odoo.tests import tagged

from ..common import LeadCommunicationsCommon
from ..patience import PatientHttpCase


@tagged("post_install", "-at_install", "lead_communications")
class TestTypedForm(LeadCommunicationsCommon, PatientHttpCase):
    """A communication opens in the form of its type, also at an address that does not tell it."""

    def _opened(self, path, login=None):
        """Return where an address of the web client leads to."""
        login = login or self.anna.login
        self.authenticate(login, login)
        response = self.url_open(path, allow_redirects=False)
        return response.headers.get("Location", "").replace(self.base_url(), "")

    def _rows(self):
        lead = self._create_lead()
        event = self.env["lead.communication"].create(
            {
                "type": "meeting",
                "direction": "outgoing",
                "state": "planned",
                "subject": "On site",
                "date": Datetime.now(),
                "lead_id": lead.id,
                "user_id": self.anna.id,
            }
        )
        return {"calls": self._create_call(), "emails": self._receive(), "events": event}

    def test_each_type_has_its_form(self):
        for name, row in self._rows().items():
            action = self.env.ref(
                {
                    "calls": "lead_communications.lead_communication_call_action",
                    "emails": "lead_communications.lead_communication_email_action",
                    "events": "lead_communications.lead_communication_event_action",
                }[name]
            )
            form = next(view for view, kind in action.views if kind == "form")
            self.assertIn(form, (row.get_formview_id(), False), name)
            for before in ("/odoo/", "/odoo/crm/", f"/odoo/crm.lead/{row.id}/"):
                for model in ("lead.communication", "m-lead.communication"):
                    with self.subTest(name=name, before=before, model=model):
                        opened = self._opened(f"{before}{model}/{row.id}?debug=1")
                        self.assertEqual(opened, f"{before}lead-{name}/{row.id}?debug=1")

    def test_in_the_middle_of_an_address(self):
        row = self._receive()
        opened = self._opened(f"/odoo/m-lead.communication/{row.id}/m-res.partner/3")
        self.assertEqual(opened, f"/odoo/lead-emails/{row.id}/m-res.partner/3")

    def test_what_is_hidden_or_gone_opens_alike(self):
        row = self._receive()
        for row_id in (row.id, row.id + 1000):
            opened = self._opened(f"/odoo/lead.communication/{row_id}", self.ben.login)
            self.assertEqual(opened, f"/odoo/lead-inbox/{row_id}")

    def test_other_addresses_stay(self):
        for path in (
            "/odoo/lead-calls",
            "/odoo/lead.communication",
            "/odoo/m-lead.communication.failure/3",
            "/odoo/lead.communication/new",
            "/odoo/my-lead.communication/3",
        ):
            with self.subTest(path=path):
                self.assertEqual(self._opened(path), "")

    def test_nobody_is_told_anything_before_the_login(self):
        row = self._receive()
        response = self.url_open(f"/odoo/lead.communication/{row.id}", allow_redirects=False)
        self.assertIn("/web/login", response.headers["Location"])
