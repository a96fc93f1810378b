from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    # The host searches contacts by both and has an index for neither: 140 ms at a million.
    _phone_sanitized_idx = models.Index("(phone_sanitized) WHERE phone_sanitized IS NOT NULL")
    _email_normalized_idx = models.Index("(email_normalized) WHERE email_normalized IS NOT NULL")
