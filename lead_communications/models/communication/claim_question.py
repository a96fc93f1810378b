from functools import wraps

from odoo import models
from odoo.exceptions import UserError
from odoo.http import request
from odoo.tools import format_time

# In the context: ``[[row id, user id]]``, of which claims the person was told before they went on.
TOLD = "lead_claims_told"
# What a screen says of how it wants to go on: kept while the person is asked.
KEPT_CONTEXT = (
    *("lead_stay", "lead_open_created", "found_lead_id", "suggested_lead_id"),
    TOLD,
)


class ClaimedError(UserError):
    """Colleagues are on some of the rows: a screen asks first, elsewhere it is refused.

    ``rows`` are the claimed ones, ``action`` is the decision that was meant.
    """

    def __init__(self, rows, action, message):
        super().__init__(message)
        self.rows, self.action = rows, action


def asks_first(method):
    """Let a button whose decision meets the claim of a colleague ask in words, and do nothing yet.

    What the method did before it came to the decision is taken back.
    """

    @wraps(method)
    def asking(self):
        try:
            with self.env.cr.savepoint():
                return method(self)
        except ClaimedError as error:
            # An import and Odoo's JSON-2 API have nobody to ask.
            if request and request.dispatcher.routing_type == "json2":
                raise
            return _question(self, method.__name__, error)

    return asking


def told_context(env):
    """Return what a dialog has to know of the claims that the person was told."""
    return {TOLD: env.context[TOLD]} if TOLD in env.context else {}


def _question(records, method, error):
    """Return the action that asks whether to go on, with all of ``records`` or without some."""
    env = records.env
    rows = error.rows
    labels = {
        "create": env._("Create Anyway"),
        "attach": env._("Attach Anyway"),
        "ignore": env._("Ignore Anyway"),
        "answer": env._("Answer Anyway"),
    }
    choices = [{"label": labels[error.action], "ids": records.ids}]
    if records._name == rows._name and (others := records - rows) and rows <= records:
        label = env._("Only the Others (%s)", len(others))
        choices.insert(0, {"label": label, "ids": others.ids})
    told = [[row.id, row.claimed_by_id.id] for row in rows]
    earlier = env.context.get(TOLD)
    context = {key: env.context[key] for key in KEPT_CONTEXT if key in env.context}
    context[TOLD] = told + (earlier if isinstance(earlier, list) else [])
    return {
        "type": "ir.actions.client",
        "tag": "lead_communications.ask_first",
        "params": {
            "title": env._("A Colleague Is on It"),
            "message": error.args[0],
            "model": records._name,
            "method": method,
            "choices": choices,
            "context": context,
        },
    }


class LeadCommunication(models.Model):
    """A decision about what a colleague is on asks first, so that two people do no work twice.

    It is looked at when the rows are locked: a screen that is out of date decides nothing.
    """

    _inherit = "lead.communication"

    def _check_claims(self, action):
        """Check that nobody else is on ``self``, or that the user was told who is.

        :param action: "create", "attach", "ignore" or "answer"; all others are nobody's loss.
        :raise ClaimedError: a colleague is on some of them.
        """
        if self.env.su or action not in ("create", "attach", "ignore", "answer"):
            return
        told = self.env.context.get(TOLD)
        told = told if isinstance(told, list) else []
        claimed = self.filtered(
            lambda row: row.claimed_by_id - self.env.user
            and [row.id, row.claimed_by_id.id] not in told
        )
        if claimed:
            questions = {
                "create": self.env._("Create a lead all the same?"),
                "attach": self.env._("Attach all the same?"),
                "ignore": self.env._("Ignore all the same?"),
                "answer": self.env._("Answer all the same?"),
            }
            sentences = [claimed._claims_message(len(self)), questions[action]]
            raise ClaimedError(claimed, action, " ".join(sentences))

    def _claims_message(self, chosen_count):
        """Return who is on ``self``, of ``chosen_count`` rows, since when."""
        if chosen_count == 1:
            return self._claimed_error().args[0]
        return " ".join(
            self.env._(
                "%(user)s has been on %(count)s of the %(chosen)s since %(time)s.",
                user=user.name,
                count=len(rows),
                chosen=chosen_count,
                time=format_time(self.env, min(rows.mapped("claim_date")), time_format="short"),
            )
            for user, rows in self.grouped("claimed_by_id").items()
        )
