from pathlib import Path

from odoo.fields import Command

from ..common import LeadCommunicationsCommon

SAMPLES = Path(__file__).parent / "samples"


def sample(name):
    """Return the bytes of an email of which people complained that it was taken wrongly."""
    return (SAMPLES / f"{name}.eml").read_bytes()


class SamplesCommon(LeadCommunicationsCommon):
    """The company of the samples: ``mailbox`` waits for decisions, ``office`` is automatic."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mailbox.address = "sales@seller.example"
        cls.office = cls.env["lead.mailbox"].create(
            {
                "name": "Office",
                "address": "office@seller.example",
                "server_id": cls.server.copy().id,
                "member_ids": [Command.set(cls.anna.ids)],
                "mode": "automatic",
                "fetch_since": "2020-01-01",
            }
        )

    def _sample(self, name, mailbox=None):
        return self._receive(sample(name), mailbox)
