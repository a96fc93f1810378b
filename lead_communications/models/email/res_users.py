from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    lead_email_program = fields.Selection(
        selection=[
            ("composer", "Here, from a template"),
            ("own", "In my own mail program"),
        ],
        string="Write emails to leads",
        required=True,
        default="composer",
        help="What “Write an email” on a lead opens. Without any template it is always the person's"
        " own mail program.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return [*super().SELF_READABLE_FIELDS, "lead_email_program"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return [*super().SELF_WRITEABLE_FIELDS, "lead_email_program"]


class LeadCommunication(models.Model):
    _inherit = "lead.communication"

    def _asking_fields(self):
        return [*super()._asking_fields(), "answer_activity_id"]
