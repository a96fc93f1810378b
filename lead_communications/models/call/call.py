from odoo import api, fields, models


class LeadCommunication(models.Model):
    """Calls: what telephone systems report of them, and who spoke (``agent_ids``)."""

    _inherit = "lead.communication"

    pbx_id = fields.Many2one(
        comodel_name="lead.pbx",
        string="Telephone System",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    external_id = fields.Char(
        string="Call ID", readonly=True, copy=False, help="What the telephone system calls it."
    )
    line_id = fields.Many2one(
        comodel_name="lead.pbx.line",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    line_number = fields.Char(readonly=True, help="The own number that was called.")
    extension = fields.Char(
        readonly=True,
        help="The telephone of who spoke last; of a call that nobody answered the only one that"
        " rang.",
    )
    result = fields.Selection(
        selection=[
            ("answered", "Answered"),
            ("voicemail", "Voicemail"),
            ("missed", "Missed"),
            ("no_answer", "No Answer"),
            ("busy", "Busy"),
            ("rejected", "Rejected"),
            ("canceled", "Canceled"),
            ("failed", "Failed"),
            ("unknown", "Unknown"),
        ],
        readonly=True,
        help="Empty while the call goes on.",
    )
    answer_date = fields.Datetime(string="Answered on", readonly=True)
    duration = fields.Integer(
        string="Duration (s)", readonly=True, help="Seconds of conversation, without the ringing."
    )
    talk_time = fields.Float(
        string="Duration", compute="_compute_talk_time", help="Hours of conversation."
    )
    ring_seconds = fields.Integer(
        string="Ringing (s)",
        compute="_compute_ring_seconds",
        aggregator="avg",
        help="Seconds until the call was answered or given up.",
    )
    recording = fields.Char(
        readonly=True, help="What the telephone system calls the recording of the conversation."
    )

    is_direction_known = fields.Boolean(
        readonly=True,
        copy=False,
        help="The leg that the call began with was reported, which says who called.",
    )
    legs = fields.Json(
        readonly=True,
        copy=False,
        groups="base.group_system",
        help="What was reported of the legs of the call, where the columns do not say it all.",
    )
    report_proof = fields.Char(
        readonly=True,
        copy=False,
        groups="base.group_system",
        help="What the telephone system has signed of the call, where that is not its id.",
    )

    _pbx_external_id_unique = models.UniqueIndex(
        "(pbx_id, external_id) WHERE external_id IS NOT NULL",
        "This call is already recorded.",
    )
    _report_proof_unique = models.UniqueIndex(
        "(pbx_id, report_proof) WHERE report_proof IS NOT NULL",
        "This call is already recorded, under another id.",
    )
    _duration_check = models.Constraint(
        "CHECK (duration >= 0)", "The duration of a call cannot be negative."
    )

    @api.depends("duration")
    def _compute_talk_time(self):
        for communication in self:
            communication.talk_time = communication.duration / 3600

    @api.depends("date", "answer_date", "date_end")
    def _compute_ring_seconds(self):
        for communication in self:
            until = communication.answer_date or communication.date_end or communication.date
            communication.ring_seconds = round((until - communication.date).total_seconds())

    def _lead_source(self):
        # sudo: lead.pbx.line - what the number that was called stands for
        return self.line_id.sudo().source_id or super()._lead_source()

    @api.model
    def _own_phones(self):
        # sudo: lead.pbx.line - compared only; nothing is shown
        lines = self.env["lead.pbx.line"].sudo().search([("number_sanitized", "!=", False)])
        return super()._own_phones() | set(lines.mapped("number_sanitized"))
