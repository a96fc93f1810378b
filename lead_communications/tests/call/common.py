from odoo.fields import Command

from ..common import LeadCommunicationsCommon
from .captures import pushes

FORM = "application/x-www-form-urlencoded"
CSV = "text/csv"
FACTS = [
    "external_id",
    "direction",
    "number",
    "phone_sanitized",
    "contact_name",
    "line_number",
    "extension",
    "result",
    "date",
    "answer_date",
    "date_end",
    "duration",
    "recording",
    "state",
    "user_id",
    "team_id",
]


class LeadPbxCommon(LeadCommunicationsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.line_team = cls.env["crm.team"].create({"name": "Line Team", "company_id": False})
        cls.source = cls.env["utm.source"].create({"name": "Flyer"})
        cls.pbx.line_ids = [
            Command.create({"extension": "101", "user_id": cls.anna.id}),
            Command.create({"extension": "102", "user_id": cls.ben.id}),
            Command.create(
                {
                    "number": "22 700 19 00",
                    "team_id": cls.line_team.id,
                    "source_id": cls.source.id,
                }
            ),
        ]

    def _rows(self, pbx=None):
        domain = [("pbx_id", "=", (pbx or self.pbx).id)]
        return self.env["lead.communication"].search(domain, order="external_id")

    def _facts(self):
        return [{name: row[name] and str(row[name]) for name in FACTS} for row in self._rows()]

    def _push_all(self):
        for body in pushes():
            self.pbx._receive(body, FORM)

    def _push(self, **fields):
        values = {
            "event": "hangup",
            "direction": "inbound",
            "linkedid": "1795305367.0",
            "src": "%2B48221234567",
            "did": "%2B48227001101",
            "start": "1795305367",
            "end": "1795305372",
        }
        body = "&".join(f"{name}={value}" for name, value in (values | fields).items())
        return self.pbx._receive(body.encode(), FORM)
