import json

from odoo import models
from odoo.exceptions import AccessError, UserError

from ...telephony import generic
from ...telephony.payload import PayloadError


class LeadPbx(models.Model):
    """Reporting calls by Odoo's own JSON-2 API, for integrators with an API key."""

    _inherit = "lead.pbx"

    def report_calls(self, calls):
        """Record calls that another system knows of, all of them or none.

        ``POST /json/2/lead.pbx/report_calls`` with ``{"ids": [<system>], "calls": [...]}`` and the
        API key of a user of the group *Telephony integration*. Calls that are known already are
        completed, not doubled.

        :param calls: a list of objects as ``static/openapi.yaml`` describes them.
        :return: ``{"calls": <number of calls>, "created": <number of new ones>}``.
        :raise AccessError: the user is not in the group.
        :raise UserError: a call cannot be read; nothing was recorded.
        """
        self.ensure_one()
        if not self.env.user.has_group("lead_communications.group_telephony"):
            raise AccessError(self.env._("You may not report calls of telephone systems."))
        self.check_access("read")
        try:
            parsed = generic.parse(json.dumps(calls).encode())
        except (PayloadError, TypeError, ValueError) as error:
            raise UserError(str(error)) from error
        if parsed.broken:
            raise UserError("\n".join(f"{row.number}: {row.reason}" for row in parsed.broken[:100]))
        site = self._switchboard().site
        events = [site.clean(event) for event in parsed.events]
        # sudo: lead.communication - the user may report calls of this system, which was checked,
        # and sees of what is recorded no more than before
        created, _updated = self.sudo()._record(events)
        return {
            "calls": len({event.external_id for event in events}),
            "created": len(created),
        }
