from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.web.controllers.utils import clean_action

from .decide import CREATING

# How many of one's own decisions are taken back by the key, one after the other …
LEVELS = 20
# … while one knows what they were: older ones are chosen in the list.
AT_ONCE = timedelta(hours=1)
# So many of the rows that stay as they are are named.
NAMED = 3
# What was given back by them has no decision that it could be taken back to.
FINAL = ("undo", "release")
# What is decided in the queue; events are completed along with it, by themselves.
QUEUE = (
    *("create", "recreate", "attach", "ignore", "reopen", "move"),
    *("assign", "split", "snooze", "wake"),
)


class LeadCommunication(models.Model):
    """Undo gives back exactly what a decision changed, in all the rows where it still stands.

    A row about which was decided since stays as it is, and so does one that the user may not
    change: that is told, with the reason.
    """

    _inherit = "lead.communication"

    def action_undo(self):
        """Take back the last decision about this communication, and about those decided with it.

        A lead that the decision created goes too, unless somebody has worked on it since.

        ``undo_decision_id`` in the context is the decision that the user saw: a colleague's newer
        one is not taken back by who does not know of it.
        """
        self.ensure_one()
        # sudo: the log is for those who decided; the rights are checked on each of the rows
        decision = self.sudo().decision_id
        seen = self.env.context.get("undo_decision_id") or decision.id
        if decision and seen != decision.id:
            raise self._not_undone_error(seen)
        if not decision:
            self.check_access("read")
            raise UserError(self.env._("Nobody has decided about this communication yet."))
        return self._undo(decision)

    @api.model
    def action_undo_last(self):
        """Take back the last decision of the user in the queue that was not taken back yet.

        After a while one does not know any more what it was: then their decisions are opened.

        :raise UserError: there is none, or somebody has decided since.
        """
        self.browse().check_access("read")
        # sudo: the user's own; the rights are checked on each of the rows
        log = self.env["lead.communication.decision"].sudo()
        own = Domain("user_id", "=", self.env.uid) & Domain("action", "in", QUEUE)
        decisions = log.search(own, limit=LEVELS)
        last = decisions._filtered_standing()[:1]
        if not last:
            raise UserError(
                self.env._(
                    "None of your last %(count)s decisions can be taken back any more.",
                    count=LEVELS,
                )
            )
        if last.create_date < fields.Datetime.now() - AT_ONCE:
            return self.env["ir.actions.actions"]._for_xml_id(
                "lead_communications.lead_communication_decision_action"
            )
        return self.browse()._undo(last)

    def _undo(self, decision):
        """Take ``decision`` back where it still stands; return the action that tells of it.

        :param self: the row of which the user takes it back, if it is one.
        :param decision: of the log, as superuser.
        :raise AccessError: the user may change none of it, or not ``self``.
        :raise UserError: it stands nowhere any more, or not in ``self``.
        """
        before = {int(row_id): values for row_id, values in decision.before.items()}
        rows = self._undone_rows(decision)
        earlier = self._earlier_leads(values for row_id, values in before.items())
        # sudo: what was given away is hidden from whoever takes it back; the rights were checked
        leads = rows.sudo().lead_id.sudo(self.env.su)
        self.env["lead.communication.decision"]._log("undo", rows)
        rows._restore(before, earlier)
        rows._run_steps("after_decision", "undo")
        kept = gone = leads.browse()
        if decision.action in CREATING:
            kept = leads._filtered_worked_on(decision)
            gone = leads - kept
            gone_ids = gone.ids
            # sudo: salespeople may not delete leads, but take back one that they just made
            gone.sudo().unlink()
            gone = gone.browse(gone_ids)
        left = self.browse(before.keys() - set(rows.ids))
        return rows._undo_notice(decision, kept, gone, left)

    @api.model
    def _earlier_leads(self, before):
        """Return the leads, as far as they are still there, of rows as they were ``before``."""
        ids = {values["lead_id"] for values in before if values["lead_id"]}
        # sudo: crm.lead - which of them are still there; the rights are checked
        return self.env["crm.lead"].sudo().browse(ids).exists().sudo(self.env.su)

    def _undone_rows(self, decision):
        """Return the locked rows whose last decision is ``decision``, and the user may change.

        :raise AccessError: those are none, or not ``self``.
        :raise UserError: ``decision`` stands nowhere any more, or not in ``self``.
        """
        # sudo: the rows are checked below; nobody undoes what they may not see
        rows = self.sudo().search([("decision_id", "=", decision.id)]).sudo(False)
        rows = rows._lock().filtered(lambda row: row.sudo().decision_id == decision)
        if not rows or self - rows:
            ids = sorted(map(int, decision.before))
            # sudo: which are left; each tells who may see it, and no more
            asked = self or self.sudo().browse(ids).exists().sudo(False)
            raise asked._not_undone_error(decision.id)
        allowed = rows._filtered_undoable(decision)
        if not allowed or self - allowed:
            (self or rows[0])._check_undoable(decision)
        return allowed

    def _not_undone_error(self, decision_id):
        """Return the error that tells why a decision about ``self`` cannot be taken back."""
        # sudo: who has decided since is told to those in whose queue it was
        newer = self.sudo().filtered(lambda row: row.decision_id.id > decision_id)[:1]
        if newer:
            return newer.sudo(self.env.su)._decided_error()
        if self:
            return UserError(self.env._("This decision was taken back already."))
        return UserError(self.env._("What was decided does not exist any more."))

    def _is_final(self, action):
        """Tell whether what ``action`` did with this row stays for ever; for extension."""
        return action in FINAL

    def _undo_leads(self, decision):
        """Return ``{row: the leads that change when decision is taken back}``."""
        before = {int(row_id): values for row_id, values in decision.before.items()}
        earlier = self._earlier_leads(before[row.id] for row in self)
        # sudo: on which leads the rows are; the rights on those are checked
        return {
            row: row.sudo().lead_id.sudo(self.env.su)
            | earlier.filtered(lambda lead, row=row: lead.id == before[row.id]["lead_id"])
            for row in self
        }

    def _filtered_undoable(self, decision):
        """Return those of ``self`` that the user may see, and whose leads they may change."""
        rows = self
        if decision.action != "assign" or decision.user_id != self.env.user:
            # Who gave it away may take it back, though it is in the queue of another by now.
            rows = rows._filtered_access("read")
        leads = rows._undo_leads(decision)
        allowed = self.env["crm.lead"].union(*leads.values())._filtered_access("write")
        return rows.filtered(lambda row: leads[row] <= allowed)

    def _check_undoable(self, decision):
        """Say why ``self``, one row, is not among :meth:`_filtered_undoable`."""
        if decision.action != "assign" or decision.user_id != self.env.user:
            self.check_access("read")
        self._undo_leads(decision)[self].check_access("write")

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
        # sudo: whether they are put off; the rights to undo were checked
        snoozed = self.sudo().filtered("is_snoozed")
        for values, rows in same.items():
            rows._write_decision(dict(values))
        self.sudo().filtered(lambda row: row.is_snoozed != (row in snoozed))._ask_when_back()

    # ---- WHAT IS TOLD ----

    def _undo_notice(self, decision, kept, gone, left):
        """Return the action that tells that ``self`` are as they were before ``decision``.

        :param kept: leads that it created, and that stay.
        :param gone: those that went: the user may look at one of them.
        :param left: the rows that stay as they are.
        """
        actions = dict(decision._fields["action"]._description_selection(self.env))
        message = self.env._(
            "Undone: %(action)s (%(count)s).", action=actions[decision.action], count=len(self)
        )
        if kept:
            message += " " + self.env._(
                "“%(lead)s” was changed since it was created, so it stays.",
                lead=kept[0].display_name,
            )
        reasons = left._left_words(decision)
        # sudo: the kind of what the user has just taken back
        kind = "call" if self[:1].sudo().type == "call" else "email"
        action = f"lead_communications.lead_communication_{kind}_action"
        fallback = self.env["ir.actions.actions"]._for_xml_id(action)
        return {
            "type": "ir.actions.client",
            "tag": "lead_communications.undone",
            "params": {
                "type": "warning" if kept or reasons else "success",
                "message": " ".join(filter(None, (message, reasons))),
                "row_id": self[:1].id,
                "gone_lead_ids": gone.ids,
                # Where to go from a lead that is gone, if the way back is not known.
                "fallback": dict(clean_action(fallback, self.env), target="main"),
            },
        }

    def _left_words(self, decision):
        """Return which of ``self`` stay as they are, and why; nothing if it is none.

        Those that the user may see are named, the others counted.
        """
        # sudo: who has decided since; the rest of the row is told to its readers
        there = self.sudo().exists()
        # What somebody else took back is as it would be now.
        there = there.filtered(lambda row: row.decision_id.id >= decision.id)
        named = there.sudo(False)._filtered_access("read")[:NAMED]
        words = [row._left_reason(decision) for row in named]
        if more := len(there) - len(named):
            words.append(self.env._("others: %(count)s", count=more))
        if not words:
            return ""
        return self.env._("Left as it is: %(rows)s.", rows=", ".join(words))

    def _left_reason(self, decision):
        # sudo: the last decision about what the user may see
        last = self.sudo().decision_id
        if last == decision:
            return self.env._("%(party)s (not yours to change)", party=self.counterpart_name)
        actions = dict(last._fields["action"]._description_selection(self.env))
        return self.env._(
            "%(party)s (%(user)s: %(action)s)",
            party=self.counterpart_name,
            user=last.user_id.name,
            action=actions[last.action],
        )
