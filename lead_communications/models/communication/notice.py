from odoo import models
from odoo.tools import format_list

from odoo.addons.web.controllers.utils import clean_action

from .decide import CREATING

# After these, the rest of the same party is offered.
OFFERING = ("create", "attach", "ignore", "move", "snooze")


class LeadCommunication(models.Model):
    """What is said of a decision: what happened to what, with the way back."""

    _inherit = "lead.communication"

    def _decided_notice(self, chosen=None, next_action=None, along_with=None):
        """Return the action that says what was decided about ``self``, with what can be done next.

        :param chosen: the rows that the user chose. What is in ``self`` besides was decided along;
            what is not was decided by somebody else.
        :param next_action: what to open, else the screen behind is refreshed. With ``lead_stay`` in
            the context the screen stays, and the action is offered.
        :param along_with: the row of the same party about which the user had decided before.
        """
        chosen = self if chosen is None else chosen
        row = self[:1]
        # sudo: the log is for administrators; this is what the user has just done
        decision = row.sudo().decision_id
        # The server completes the action of a button, not one inside another.
        next_action = next_action and clean_action(next_action, self.env)
        is_staying = bool(self.env.context.get("lead_stay"))
        params = {
            "row_id": row.id,
            "decision_id": decision.id,
            "message": self._decided_message(decision.action, chosen, along_with),
            "is_partial": bool(chosen - self),
            "others": decision.action in OFFERING and self._others_label(),
            "next": not is_staying and next_action,
            "open": is_staying and next_action,
            "stay": is_staying,
        }
        return {
            "type": "ir.actions.client",
            "tag": "lead_communications.decided",
            "params": params,
        }

    def _decided_message(self, action, chosen, along_with=None):
        """Return the sentences that say what was done to ``self`` by ``action``."""
        main = self.browse() if along_with else self & chosen
        along = self - main
        sentences = []
        if main:
            sentences.append(main._done_sentence(action))
        if along:
            sentences.append(along._along_sentence(action, along_with or main))
        if others := chosen - self:
            sentences.append(
                self.env._("Decided by others meanwhile: %(count)s.", count=len(others))
            )
        return " ".join(sentences)

    def _done_sentence(self, action):
        lead = self.lead_id.display_name if len(self.lead_id) == 1 else ""
        what = self._counted_kinds()
        if action in CREATING:
            return self.env._("Created “%(lead)s” from %(what)s.", lead=lead, what=what)
        if action == "attach":
            return self.env._("Attached to “%(lead)s”: %(what)s.", lead=lead, what=what)
        if action == "move":
            return self.env._("Moved to “%(lead)s”: %(what)s.", lead=lead, what=what)
        if action == "snooze":
            return self.env._("%(snooze)s: %(what)s.", snooze=self[:1].snooze_note, what=what)
        if action in ("reopen", "wake"):
            return self.env._("Back in Ready: %(what)s.", what=what)
        if action in ("complete", "cancel") and len(self) == 1:
            what = f"“{self.display_name}”"
        state = dict(self._fields["state"]._description_selection(self.env))[self[:1].state]
        return self.env._("%(state)s: %(what)s.", state=state, what=what)

    def _along_sentence(self, action, chosen):
        """Return what became of ``self``, which were decided along with ``chosen``."""
        values = {"why": self._common_with(chosen), "what": self._counted_kinds()}
        if action == "ignore":
            return self.env._("Ignored too (%(why)s): %(what)s.", **values)
        if action == "snooze":
            return self.env._("Snoozed too (%(why)s): %(what)s.", **values)
        return self.env._("Attached too (%(why)s): %(what)s.", **values)

    def _common_with(self, chosen):
        """Return by what ``self`` and ``chosen`` belong together."""
        names = {
            "conversation_ref": self.env._("same conversation"),
            "phone_sanitized": self.env._("same number"),
            "email_normalized": self.env._("same address"),
        }
        for name, words in names.items():
            known = set((self | chosen).mapped(name))
            if len(known) == 1 and False not in known:
                return words
        return self.env._("same party")

    def _counted_kinds(self):
        """Return how many calls, emails, … ``self`` are, in words."""
        words = {
            "call": (self.env._("1 call"), self.env._("%s calls")),
            "email": (self.env._("1 email"), self.env._("%s emails")),
            "meeting": (self.env._("1 meeting"), self.env._("%s meetings")),
            "message": (self.env._("1 message"), self.env._("%s messages")),
            "note": (self.env._("1 note"), self.env._("%s notes")),
        }
        groups = self.grouped("type")
        counted = [
            one if len(groups[kind]) == 1 else many % len(groups[kind])
            for kind, (one, many) in words.items()
            if kind in groups
        ]
        return format_list(self.env, counted)
