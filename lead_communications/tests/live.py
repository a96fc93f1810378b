"""What open browsers are told through the bus."""

import json

from odoo.addons.mail.tests.common import MailCase

from .common import LeadCommunicationsCommon

CHANGED = "lead_communications/changed"


class LiveCommon(LeadCommunicationsCommon, MailCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.group_calls = cls.env.ref("lead_communications.group_calls")
        cls.group_emails = cls.env.ref("lead_communications.group_emails")

    def setUp(self):
        super().setUp()
        self._reset_bus()

    def _messages(self, user=None, kind=None):
        """Return ``[(channel, type, payload)]`` of the bus since the last time."""
        self.env.cr.precommit.run()
        found = []
        for row in self.env["bus.bus"].sudo().search([], order="id"):
            message = json.loads(row.message)
            found.append((tuple(json.loads(row.channel)[1:]), message["type"], message["payload"]))
        self._reset_bus()
        return [
            one
            for one in found
            if (kind is None or one[1] == kind)
            and (user is None or one[0] == ("res.partner", user.partner_id.id))
        ]

    def _changes(self):
        """Return what the open lists were told, as ``[(channel, payload)]``."""
        return [(channel, load) for channel, _kind, load in self._messages(kind=CHANGED)]

    @property
    def _call_message(self):
        return (("res.groups", self.group_calls.id), {"types": ["call"]})

    @property
    def _email_message(self):
        return (("res.groups", self.group_emails.id), {"types": ["email"]})
