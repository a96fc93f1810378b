from odoo import api, fields, models

# In the context of rows that come about by themselves: no note says so, and nobody follows them.
QUIET = {"mail_create_nolog": True, "mail_create_nosubscribe": True, "tracking_disable": True}


class LeadCommunication(models.Model):
    """One contact with somebody: a call, an email, a meeting, a message or a note.

    What it is (``type``) decides which of the fields are filled; what was decided about it is its
    ``state``. The states are changed by :meth:`_decide` alone. Users hold no write access but on
    events: they see what :meth:`_visible_domain` says, and they decide by the actions.

    For extension:

    * :meth:`_steps`: what follows from a decision, from the report of a call, from a change of an
      event, and in which order. ``models/steps.py`` has the steps of this addon, with the reasons.
    * :meth:`_queue_domain`: who sees and decides what has no lead. :meth:`_visible_domain` and
      :meth:`_filtered_visible`, which say the same: who sees what.
    * :meth:`_prepare_lead_values`, :meth:`_lead_source`: what a lead is created with.
    * :meth:`_counterpart_label`, :meth:`_default_lead_name`: how the counterpart and the row are
      called.
    * :meth:`_new_call_values`, :meth:`_report_columns`, :meth:`_internal_values`: the columns of
      calls that are written by one statement for all.
    * :meth:`_prepare_email_values`, :meth:`_prepare_received_values`,
      :meth:`_prepare_recorded_values`, :meth:`_store_recorded`: the row of an email.
    """

    _name = "lead.communication"
    _description = "Communication"
    _inherit = ["mail.thread", "lead.references"]
    _order = "date desc, id desc"
    _mail_post_access = "read"  # whoever sees it may add a note; nobody has the right to write
    _rec_name = "subject"

    type = fields.Selection(
        selection=[
            ("call", "Call"),
            ("meeting", "Meeting"),
            ("email", "Email"),
            ("message", "Chat/SMS"),
            ("note", "Note"),
        ],
        required=True,
        readonly=True,
    )
    direction = fields.Selection(
        selection=[
            ("incoming", "Incoming"),
            ("outgoing", "Outgoing"),
            ("internal", "Internal"),
        ],
        readonly=True,
    )
    subject = fields.Char(readonly=True)

    date = fields.Datetime(
        required=True,
        readonly=True,
        default=fields.Datetime.now,
        help="When the call started or the email was sent.",
    )
    date_end = fields.Datetime(string="End", readonly=True)

    contact_name = fields.Char(
        readonly=True,
        help="The name of the counterpart, as the telephone system or the email gave it.",
    )
    number = fields.Char(
        readonly=True, help="The number of the counterpart, as the telephone system showed it."
    )
    phone_sanitized = fields.Char(
        string="Sanitized Number", readonly=True, index="btree_not_null", help="In E.164."
    )
    email_normalized = fields.Char(
        string="Email Address",
        readonly=True,
        index="btree_not_null",
        help="The address of the counterpart, normalized.",
    )

    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Responsible",
        readonly=True,
        ondelete="set null",
        help="Who took or made the call, or wrote the email.",
    )
    team_id = fields.Many2one(
        comodel_name="crm.team", string="Sales Team", readonly=True, ondelete="set null"
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.company,
    )

    lead_id = fields.Many2one(
        comodel_name="crm.lead",
        readonly=True,
        # crm.lead.unlink() gives the received ones back as Ready; nothing may go in silence.
        ondelete="restrict",
    )
    state = fields.Selection(
        selection=[
            ("ready", "Ready"),
            ("ignored", "Ignored"),
            ("planned", "Planned"),
            ("done", "Completed"),
            ("canceled", "Canceled"),
        ],
        required=True,
        readonly=True,
        default="ready",
    )
    decision_id = fields.Many2one(
        comodel_name="lead.communication.decision",
        string="Last Decision",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        copy=False,
    )
    decision_user_id = fields.Many2one(related="decision_id.user_id", string="Decided by")
    decision_date = fields.Datetime(related="decision_id.create_date", string="Decided on")

    _state_lead_check = models.Constraint(
        "CHECK ((lead_id IS NOT NULL) = (state IN ('planned', 'done', 'canceled')))",
        "A communication has a lead exactly when it is planned, completed or canceled.",
    )
    _date_end_check = models.Constraint(
        "CHECK (date_end >= date)", "A communication cannot end before it starts."
    )
    _ready_user_idx = models.Index("(user_id, date DESC, id DESC) WHERE state = 'ready'")
    _ready_type_idx = models.Index("(type, date DESC, id DESC) WHERE state = 'ready'")
    _date_idx = models.Index("(type, date DESC, id DESC)")
    _user_state_idx = models.Index("(user_id, state)")

    @api.depends("type", "subject", "contact_name", "number", "email_from", "date")
    @api.depends_context("lang", "tz")
    def _compute_display_name(self):
        for row in self:
            row.display_name = row.subject or row._default_lead_name()
