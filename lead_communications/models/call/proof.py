import logging

from odoo import api, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)


class LeadCommunication(models.Model):
    """Reports whose signature does not cover the id of the call: what they may do is bounded.

    One signature is of one call, however often it is used and under whatever id; what it says of a
    call that is known is taken only if the parties are the same.
    """

    _inherit = "lead.communication"

    @api.model
    def _proven_calls(self, pbx, calls):
        """Return those of ``calls``, ``{id: CallEvent}``, that are what their signature proves.

        One query, and none for systems that sign everything.
        """
        proofs = {event.proof for event in calls.values() if event.proof}
        if not proofs and not any(event.completes_only for event in calls.values()):
            return calls
        self.flush_model(["external_id", "number", "pbx_id", "report_proof"])
        stored = self.env.execute_query(
            SQL(
                """
                SELECT external_id, number, report_proof FROM lead_communication
                WHERE pbx_id = %s AND (external_id = ANY(%s) OR report_proof = ANY(%s))
                """,
                pbx.id,
                list(calls),
                list(proofs),
            )
        )
        numbers = {name: number for name, number, _proof in stored}
        owners = {proof: name for name, _number, proof in stored if proof}
        proven = {}
        for name, event in calls.items():
            is_new = name not in numbers
            is_of_other = bool(event.proof) and owners.setdefault(event.proof, name) != name
            if is_of_other or (is_new and event.completes_only):
                _logger.info("%s: a report of no call that its signature proves was left out.", pbx)
            elif is_new or event.number == (numbers[name] or event.number) or not event.number:
                proven[name] = event
        return proven
