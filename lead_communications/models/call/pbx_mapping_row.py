from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...telephony import mapping


class LeadPbxPath(models.Model):
    """Where one of our fields stands in what a telephone system sends."""

    _name = "lead.pbx.path"
    _inherit = ["lead.references"]
    _description = "Field of a Mapped Telephone System"
    _order = "pbx_id, id"
    _rec_name = "path"

    pbx_id = fields.Many2one(
        comodel_name="lead.pbx", string="Telephone System", required=True, ondelete="cascade"
    )
    field = fields.Selection(
        selection=[
            ("id", "ID of the call"),
            ("direction", "Direction"),
            ("result", "Result"),
            ("from", "Who called"),
            ("to", "Who was called"),
            ("number", "Number of the party outside"),
            ("line", "Own number that was called"),
            ("name", "Name of the party outside"),
            ("extension", "Extension of the salesperson"),
            ("start", "Start"),
            ("answer", "Answered at"),
            ("end", "End"),
            ("time", "Time of the report"),
            ("duration", "Length, with the ringing"),
            ("talk_seconds", "Length of the conversation"),
            ("recording", "Recording"),
        ],
        required=True,
    )
    path = fields.Char(
        required=True,
        help="data.call.id in JSON, the name of the field in a form; a | b is the first that is"
        " given, a + b both, =word the word itself.",
    )

    _field_unique = models.UniqueIndex("(pbx_id, field)", "This field already has a path.")

    @api.constrains("path")
    def _check_path(self):
        if any(len(row.path or "") > mapping.MAX_LENGTH for row in self):
            raise ValidationError(self.env._("A path is not that long."))


class LeadPbxValue(models.Model):
    """Which of our words a word of a telephone system stands for."""

    _name = "lead.pbx.value"
    _inherit = ["lead.references"]
    _description = "Value of a Mapped Telephone System"
    _order = "pbx_id, field, sequence, id"
    _rec_name = "theirs"

    pbx_id = fields.Many2one(
        comodel_name="lead.pbx",
        string="Telephone System",
        required=True,
        index=True,
        ondelete="cascade",
    )
    sequence = fields.Integer(default=10, help="The first value that fits counts.")
    field = fields.Selection(
        selection=[("direction", "Direction"), ("result", "Result")],
        required=True,
        default="result",
    )
    theirs = fields.Char(string="Their Value", help="Case does not matter; * stands for anything.")
    ours_direction = fields.Selection(
        selection=[
            ("incoming", "Incoming"),
            ("outgoing", "Outgoing"),
            ("internal", "Internal"),
            ("ignored", "No call"),
        ],
        string="Our Direction",
    )
    ours_result = fields.Selection(
        selection=[
            ("going", "It rings"),
            ("talking", "Somebody has answered"),
            ("answered", "Over: answered"),
            ("missed", "Over: nobody answered"),
            ("voicemail", "Over: voicemail"),
            ("busy", "Over: busy"),
            ("rejected", "Over: rejected"),
            ("canceled", "Over: canceled"),
            ("failed", "Over: failed"),
            ("ignored", "No call"),
        ],
        string="Our Result",
    )
    ours = fields.Char(compute="_compute_ours")

    @api.depends("field", "ours_direction", "ours_result")
    def _compute_ours(self):
        for row in self:
            row.ours = row.ours_direction if row.field == "direction" else row.ours_result

    @api.constrains("field", "ours_direction", "ours_result", "theirs")
    def _check_ours(self):
        for row in self:
            if not row.ours:
                raise ValidationError(self.env._("Choose what “%s” stands for.", row.theirs or ""))
            if len(row.theirs or "") > mapping.MAX_LENGTH:
                raise ValidationError(self.env._("A value is not that long."))
            if (row.theirs or "").count("*") > mapping.MAX_STARS:
                raise ValidationError(self.env._("“%s” has too many asterisks.", row.theirs))
