from odoo import fields, models


class CrmLead(models.Model):
    """The text of emails is not found through a lead by those who may not read them.

    Odoo looks for messages of a record with the rights on the record alone, but an email is also
    hidden from those who may not read the contact of its lead (see ``mail.message``).
    """

    _inherit = "crm.lead"

    message_ids = fields.One2many(bypass_search_access=False)
    website_message_ids = fields.One2many(bypass_search_access=False)
