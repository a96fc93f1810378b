from collections import defaultdict

from odoo import models
from odoo.exceptions import UserError

from odoo.addons.web.controllers.utils import clean_action

from .decide import CREATING


class LeadCommunication(models.Model):
    """Undo gives back exactly what the last decision changed, in all the rows that it changed."""

    _inherit = "lead.communication"

    def action_undo(self):
        """Take back the last decision about this communication, and about those decided with it.

        A lead that the decision created goes too, unless somebody has worked on it since.

        ``undo_decision_id`` in the context is the decision that the user saw: a colleague's newer
        one is not taken back by who does not know of it.
        """
        self.ensure_one()
        # sudo: the log is for administrators; the rights are checked on each of the rows
        decision = self.sudo().decision_id
        if decision and self.env.context.get("undo_decision_id", decision.id) != decision.id:
            raise self._decided_error()
        if not decision:
            self.check_access("read")
            raise UserError(self.env._("Nobody has decided about this communication yet."))
        before = {int(row_id): values for row_id, values in decision.before.items()}
        # sudo: crm.lead - which of the leads are still there; the rights are checked below
        earlier = (
            self.env["crm.lead"]
            .sudo()
            .browse({values["lead_id"] for values in before.values() if values["lead_id"]})
        )
        earlier = earlier.exists().sudo(self.env.su)
        rows = self._undone_rows(decision)
        # sudo: what was given away is hidden from whoever takes it back; leads are checked below
        leads = rows.sudo().lead_id.sudo(self.env.su)
        if not self.env.su:
            (leads | earlier).check_access("write")
        self.env["lead.communication.decision"]._log("undo", rows)
        rows._restore(before, earlier)
        rows._run_steps("after_decision", "undo")
        kept = leads.browse()
        if decision.action in CREATING:
            kept = leads._filtered_worked_on(decision)
            # sudo: salespeople may not delete leads, but take back one that they just made
            (leads - kept).sudo().unlink()
        return self._undo_notice(rows, kept, is_lead_gone=bool(leads.exists() != leads))

    def _undone_rows(self, decision):
        """Return the locked rows whose last decision is ``decision``; the user may change them."""
        # sudo: the rows are checked below; nobody undoes what they may not see
        rows = self.sudo().search([("decision_id", "=", decision.id)]).sudo(False)
        rows = rows._lock().filtered(lambda row: row.sudo().decision_id == decision)
        if self not in rows:
            raise self._decided_error()
        if decision.action != "assign" or decision.user_id != self.env.user:
            # Who gave it away may take it back, though it is in the queue of another by now.
            rows.check_access("read")
        return rows

    def _restore(self, before, leads):
        """Write back what the rows were before.

        A lead that was deleted meanwhile cannot come back: what was on it waits for a decision.
        """
        same = defaultdict(self.browse)
        for row in self:
            values = before[row.id]
            if values["lead_id"] and values["lead_id"] not in leads.ids:
                values = dict(values, lead_id=False, state="ready")
            same[tuple(sorted(values.items()))] |= row
        for values, rows in same.items():
            rows._write_decision(dict(values))

    def _undo_notice(self, rows, kept, is_lead_gone):
        message = self.env._("Undone: %(count)s.", count=len(rows))
        if kept:
            message = self.env._(
                "Undone. “%(lead)s” was changed since it was created, so it stays.",
                lead=kept[0].display_name,
            )
        # The lead that is gone may be what the user looks at, but not in the Inbox.
        if is_lead_gone and not self.env.context.get("lead_stay"):
            kind = "call" if self.type == "call" else "email"
            action = f"lead_communications.lead_communication_{kind}_action"
            next_action = self.env["ir.actions.actions"]._for_xml_id(action)
            # No way back to the lead, which is gone
            next_action = dict(clean_action(next_action, self.env), target="main")
        elif self.env.context.get("lead_live"):
            next_action = False  # the lists on the screen read themselves anew
        else:
            next_action = {"type": "ir.actions.client", "tag": "soft_reload"}
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if kept else "success",
                "message": message,
                "next": next_action,
            },
        }
