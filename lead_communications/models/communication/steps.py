from odoo import api, models


class LeadCommunication(models.Model):
    """Steps: what follows from what. ``models/steps.py`` has those of this addon, in order.

    A hook that several rooms answer is a list of the names of their methods. So the order in which
    files are imported means nothing, and a reader finds in one place who answers, and why then.
    """

    _inherit = "lead.communication"

    @api.model
    def _steps(self, hook):
        """Return the names of the methods that answer ``hook``, in their order; for extension.

        ================== ============================================ =======================
        hook               when                                         each method is called
        ================== ============================================ =======================
        check_decision     before anything is locked: it may refuse     ``(action)``
        decision_values    a decision, or Undo, is about to be written  ``(values) -> values``
        decided_along      what else a decision of the user counts for  ``() -> rows``
        after_decision     a decision, or Undo, was written             ``(action)``
        assigned_along     what else is given to whom a row is given    ``() -> rows``
        after_report       calls were reported, in one statement        ``()``
        after_event_change events were written down or changed          ``(names)``
        customer_change    their leads got another contact or company   ``(customers)``
        before_merge       their leads are about to be merged into one  ``()``
        after_merge        the leads that they were on were merged      ``(former)``
        ================== ============================================ =======================

        ``action`` is a key of ``TRANSITIONS``, or ``undo``; ``names`` are the fields that were
        written; ``former`` is ``{row: salesperson of the lead that it was on}``, ``customers``
        ``{lead: the contact and the company that it had}``.
        """
        return []

    def _run_steps(self, hook, *args):
        """Let everybody answer ``hook`` about ``self``."""
        for step in self._steps(hook):
            getattr(self, step)(*args)

    def _rows_of_steps(self, hook):
        """Return the rows that ``hook`` finds for ``self``, without ``self``."""
        rows = self.browse()
        for step in self._steps(hook):
            rows |= getattr(self, step)()
        return rows - self
