from odoo import api, fields, models
from odoo.exceptions import UserError

# Chosen by one click; else it is the time that was entered.
PRESETS = ("tomorrow", "monday", "week", "former")


class LeadCommunicationSnooze(models.TransientModel):
    """The dialog in which it is said until when communications are put off.

    The times are those of when it was opened: what a person sees is what happens.
    """

    _name = "lead.communication.snooze"
    _description = "Snooze Communications"
    _inherit = ["lead.references"]

    communication_ids = fields.Many2many(
        comodel_name="lead.communication", string="Communications", readonly=True
    )
    count = fields.Integer(compute="_compute_communications")
    others_on_it = fields.Char(
        string="Colleagues on It",
        compute="_compute_communications",
        help="Colleagues who have said that they are on it.",
    )
    tomorrow = fields.Datetime(readonly=True)
    is_tomorrow = fields.Boolean(readonly=True, help="People work tomorrow.")
    monday = fields.Datetime(readonly=True)
    week = fields.Datetime(readonly=True)
    former = fields.Datetime(
        readonly=True, help="The time that was chosen before the other party was in touch again."
    )
    until = fields.Datetime()

    @api.depends("communication_ids")
    @api.depends_context("uid")
    def _compute_communications(self):
        for wizard in self:
            rows = wizard.communication_ids._filtered_access("read")
            others = rows.claimed_by_id - self.env.user
            wizard.count = len(wizard.communication_ids)
            # sudo: res.users - the names of colleagues
            wizard.others_on_it = ", ".join(others.sudo().mapped("name"))

    @api.model
    def _open(self, rows):
        """Return the action that opens the dialog for ``rows``."""
        times = rows._snooze_times()
        today = fields.Date.context_today(self)
        tomorrow = fields.Datetime.context_timestamp(self, times["tomorrow"]).date()
        former = max(filter(None, rows.mapped("snooze_meant_until")), default=False)
        is_to_come = former and former > fields.Datetime.now()
        wizard = self.create(
            times
            | {
                "communication_ids": rows.ids,
                "is_tomorrow": (tomorrow - today).days == 1,
                "former": is_to_come and former,
            }
        )
        action = self.env["ir.actions.actions"]._for_xml_id(
            "lead_communications.lead_communication_snooze_action"
        )
        return dict(action, res_id=wizard.id)

    def action_snooze(self):
        """Put the communications off, and say until when.

        ``lead_snooze`` in the context is the time that was chosen, one of ``PRESETS``.
        """
        self.ensure_one()
        preset = self.env.context.get("lead_snooze")
        if preset is not None and preset not in PRESETS:
            raise UserError(self.env._("Choose until when to snooze it."))
        asked = self.communication_ids
        rows = asked._snooze(self[preset] if preset else self.until)
        return rows._decided_notice(asked)
