from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import str2bool

from ...tools.address import compared
from .claim_question import asks_first

# One counterpart that waits with more than this is a machine; the rest waits for the next decision.
COUNTERPART_LIMIT = 200
DECIDE_ALL = "lead_communications.decide_counterpart"


class LeadCommunication(models.Model):
    """What else waits of the same counterpart: offered for the same decision, or decided along."""

    _inherit = "lead.communication"

    def _counterpart_address(self):
        """Return the normalized address by which the counterpart of this row is known, if any.

        For extension: not every sender is somebody.
        """
        self.ensure_one()
        return self.email_normalized

    def _same_counterpart(self):
        """Return what waits of the parties of ``self`` besides, as far as the user sees it.

        It is known by number and address; once it is on a lead, by those of the lead too.
        """
        leads = self.lead_id
        numbers = ({*self.mapped("phone_sanitized")} - {False}) | leads._phone_numbers()
        addresses = (row._counterpart_address() for row in self)
        emails = {*addresses, *leads.mapped("email_normalized")} - {False}
        if not numbers and not emails:
            return self.browse()
        known = set(map(compared, emails))
        domain = (
            self._contact_domain(numbers, emails)
            & Domain("state", "=", "ready")
            & Domain("company_id", "in", self.company_id.ids)
            & Domain("id", "not in", self.ids)
        )
        found = self.search(domain, limit=COUNTERPART_LIMIT)
        # A number may be that of an office: two addresses are two people, who share it.
        by_number = {
            row: address
            for row in found
            if (address := compared(row._counterpart_address() or "")) and address not in known
        }
        is_one = not known and len(set(by_number.values())) == 1
        return found if is_one else found.filtered(lambda row: row not in by_number)

    def _counterpart_along(self):
        """Return what waits of the same parties, where the administrator wants it decided along."""
        # sudo: ir.config_parameter - a setting of the administrator
        if not str2bool(self.env["ir.config_parameter"].sudo().get_param(DECIDE_ALL, ""), False):
            return self.browse()
        return self.filtered(lambda row: row.state == "ready")._same_counterpart()

    def _counterpart_label(self):
        """Return the counterpart for a sentence: the name with the number, else the address."""
        known = (self.contact_name, self.phone_sanitized or self.number)
        return " ".join(filter(None, known)) or self.email_normalized or ""

    @asks_first
    def action_decide_others(self):
        """Decide about the rest of the same counterpart as about this communication."""
        self.ensure_one()
        self.check_access("read")
        others = self._same_counterpart()
        if not others:
            raise UserError(self.env._("Nothing else of the same party waits any more."))
        if self.state == "ignored":
            rows = others._decide("ignore")
        elif self.is_snoozed:
            rows = others._snooze(self.snoozed_until)
        else:
            rows = others._decide("attach", self.lead_id)
        return rows._decided_notice(others, along_with=self)

    def _others_label(self):
        """Return the words that offer to decide about the rest; False when nothing else waits."""
        if self[:1].state == "ready" and not self[:1].is_snoozed:
            return False  # it waits, as the rest does
        others = self._same_counterpart()
        if not others:
            return False
        calls = others.filtered(lambda row: row.type == "call")
        return self.env._(
            "The same for the rest (calls: %(calls)s, emails: %(emails)s)",
            calls=len(calls),
            emails=len(others - calls),
        )
