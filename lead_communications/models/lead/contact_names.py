from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.sql import column_exists, create_column

from ...tools import person_name

NAMES = ("contact_first_name", "contact_middle_name", "contact_last_name")


class CrmLead(models.Model):
    """The contact that a lead came from: one that exists, or a new one with its names.

    The existing contact is Odoo's ``partner_id``. Of a new one Odoo reads
    ``contact_name``: the parts here make it up, and follow it where it is written as a whole.
    Job title, phone and email are Odoo's ``function``, ``phone``, ``email_from``.
    """

    _inherit = "crm.lead"

    is_new_contact = fields.Boolean(
        string="New contact",
        compute="_compute_is_new_contact",
        store=True,
        readonly=False,
        help="The person is not among the contacts yet: the contact is created when the lead"
        " becomes an opportunity.",
    )
    contact_first_name = fields.Char(
        string="First name",
        compute="_compute_contact_names",
        inverse="_inverse_contact_names",
        store=True,
        readonly=False,
    )
    contact_middle_name = fields.Char(
        string="Middle name",
        compute="_compute_contact_names",
        inverse="_inverse_contact_names",
        store=True,
        readonly=False,
    )
    contact_last_name = fields.Char(
        string="Last name",
        compute="_compute_contact_names",
        inverse="_inverse_contact_names",
        store=True,
        readonly=False,
    )

    def _auto_init(self):
        """Leave the leads that are there alone: their names are split when they are needed."""
        for name in (*NAMES, "is_new_contact"):
            if not column_exists(self.env.cr, self._table, name):
                kind = self._fields[name].column_type[1]
                create_column(self.env.cr, self._table, name, kind)
        return super()._auto_init()

    @api.depends("partner_id")
    def _compute_is_new_contact(self):
        self.filtered("partner_id").is_new_contact = False

    @api.depends("contact_name")
    def _compute_contact_names(self):
        for lead in self:
            if lead._joined_contact_name() != (lead.contact_name or ""):
                lead._split_contact_name()

    def _inverse_contact_names(self):
        for lead in self:
            if name := lead._joined_contact_name():
                lead.contact_name = name

    def _joined_contact_name(self):
        return person_name.join(*(self[name] for name in NAMES))

    def _split_contact_name(self):
        for name, part in zip(NAMES, person_name.split(self.contact_name), strict=True):
            self[name] = part or False

    @api.constrains("is_new_contact", "partner_id")
    def _check_contact_choice(self):
        if self.filtered(lambda lead: lead.is_new_contact and lead.partner_id):
            raise ValidationError(
                self.env._(
                    "A lead is either from a new contact or from an existing one: clear “New"
                    " contact”, or empty the existing contact."
                )
            )

    @api.onchange("is_new_contact")
    def _onchange_is_new_contact(self):
        if self.is_new_contact:
            self._leave_contact()
            self.is_new_contact = True
            if not self._joined_contact_name():
                self._split_contact_name()
