from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.base.models.ir_attachment import condition_values


class IrAttachment(models.Model):
    """The attachments of an email on a lead are hidden from those from whom the email is.

    Odoo asks for the rights on the lead only.
    """

    _inherit = "ir.attachment"

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if operation == "create":
            return result
        hidden = (self - result[0] if result else self)._filtered_hidden_mail()
        if not hidden:
            return result
        if result:
            return result[0] + hidden, result[1]
        return hidden, lambda: AccessError(
            self.env._("This file belongs to an email of a contact that you may not read.")
        )

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        if not self.env.su and not bypass_access and self._is_on_leads(domain):
            domain = Domain(domain) & Domain.custom(
                to_sql=lambda model, alias, _query: SQL(
                    "NOT EXISTS (%s)", model._hidden_mail_sql(SQL.identifier(alias, "id"))
                ),
                predicate=lambda file: not file._filtered_hidden_mail(),
            )
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    def _filtered_hidden_mail(self):
        """Return the files of emails on a lead with a contact that is hidden from the user."""
        if self.env.su:
            return self.browse()
        # sudo: where the files are, which Odoo has read to check the access
        on_leads = self.sudo().filtered(
            lambda file: file.res_model == "crm.lead" and not file.res_field
        )
        if not on_leads.ids:
            return self.browse()
        rows = self.env.execute_query(self._hidden_mail_sql(SQL("ANY(%s)", list(on_leads.ids))))
        return self.browse(file_id for (file_id,) in set(rows))

    @api.model
    def _hidden_mail_sql(self, files):
        Communication = self.env["lead.communication"]
        return SQL(
            """SELECT lc_file.attachment_id FROM message_attachment_rel lc_file
            JOIN lead_communication lc_mail ON %s = lc_file.message_id
            WHERE lc_file.attachment_id = %s AND %s""",
            SQL.identifier(
                "lc_mail", "mail_message_id", to_flush=Communication._fields["mail_message_id"]
            ),
            files,
            Communication._hidden_contact_sql("lc_mail"),
        )

    @api.model
    def _is_on_leads(self, domain):
        """Tell whether Odoo asks for the rights on leads in the query, not on each file."""
        return "crm.lead" in (condition_values(self, "res_model", Domain(domain)) or ())
