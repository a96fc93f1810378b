from odoo import models
from odoo.exceptions import AccessError

# Besides the models of this addon: whose leads and contacts they are is a secret among salespeople.
SECRET_MODELS = {"crm.lead", "res.partner"}


class IrRule(models.Model):
    """A refusal names nothing of what it refuses.

    In debug mode, which everybody can switch on, Odoo's own error names the records.
    """

    _inherit = "ir.rule"

    def _make_access_error(self, operation, records):
        error = super()._make_access_error(operation, records)
        if not _is_secret(records):
            return error
        neutral = refused_error(records)
        if context := getattr(error, "context", None):
            neutral.context = context  # to which company of the user's own they may switch
        return neutral


def refused_error(records):
    """Return the error by which ``records`` are refused: what kind they are, and no name."""
    # sudo: ir.model - the names of models are no secret
    kind = records.env["ir.model"].sudo()._get(records._name).name or records._description
    return AccessError(
        records.env._(
            "You have no right to this, or it belongs to another company: %(kind)s.", kind=kind
        )
    )


def _is_secret(records):
    return records._name in SECRET_MODELS or records._original_module == "lead_communications"
