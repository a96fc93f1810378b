from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class LeadCommunication(models.Model):
    """What waits in a mailbox is for its members; what is on a lead, for its readers.

    An email on a lead with a contact is for those who may read the lead *and* the contact; one that
    was with another contact, before the lead got this one, for those who may read that one, too.
    That holds for the row, and for what of the email stands on the lead itself: its message and its
    attachments (see ``mail.message``, ``ir.attachment``). Calls follow the lead alone.
    """

    _inherit = "lead.communication"

    @api.model
    def _queue_domain(self):
        user = self.env.user
        # sudo: lead.mailbox - the mailboxes of which the user is a member
        mailboxes = self.env["lead.mailbox"].sudo()._of_user(user)
        emails = Domain("mailbox_ids", "in", mailboxes.ids)
        if user.has_group("sales_team.group_sale_manager"):
            # Of no mailbox: it came to a lead by the alias of a team, and the lead was deleted.
            emails |= Domain("mailbox_ids", "=", False)
        # What retention deleted is seen by nobody.
        emails &= Domain("type", "=", "email") & Domain("is_purged", "=", False)
        return super()._queue_domain() | emails

    @api.model
    def _visible_domain(self):
        contact = Domain.custom(
            to_sql=lambda model, alias, _query: SQL("NOT %s", model._hidden_contact_sql(alias)),
            predicate=lambda row: not row._filtered_hidden_contact(),
        )
        return super()._visible_domain() & (
            Domain("type", "!=", "email") | Domain("lead_id", "=", False) | contact
        )

    def _filtered_visible(self):
        visible = super()._filtered_visible()
        # sudo: the columns that decide about the access have to be read before it is known
        linked = visible.sudo().filtered(lambda row: row.type == "email" and row.lead_id)
        return visible - linked.sudo(False)._filtered_hidden_contact()

    def _filtered_hidden_contact(self):
        """Return the linked emails in ``self`` that are of a contact hidden from the user."""
        if self.env.su or not self.ids:
            return self.browse()
        rows = self.env.execute_query(
            SQL(
                "SELECT c.id FROM lead_communication c WHERE c.id = ANY(%s) AND %s",
                list(self.ids),
                self._hidden_contact_sql("c"),
            )
        )
        return self.browse(row_id for (row_id,) in rows)

    @api.model
    def _hidden_contact_sql(self, alias):
        """Return the condition that the email ``alias`` is of a contact hidden from the user.

        Each row costs some look-ups by primary key, however many leads and contacts there are.
        """
        of_lead = SQL.identifier(
            "lc_lead", "partner_id", to_flush=self.env["crm.lead"]._fields["partner_id"]
        )
        own = SQL.identifier(alias, "partner_id", to_flush=self._fields["partner_id"])
        return SQL(
            """EXISTS (
                SELECT FROM crm_lead lc_lead
                WHERE lc_lead.id = %s AND %s = 'email' AND %s IS NOT NULL AND (%s OR %s)
            )""",
            SQL.identifier(alias, "lead_id", to_flush=self._fields["lead_id"]),
            SQL.identifier(alias, "type", to_flush=self._fields["type"]),
            of_lead,
            self._hidden_partner_sql(of_lead),
            self._hidden_partner_sql(own),
        )

    @api.model
    def _hidden_partner_sql(self, partner):
        """Return the condition that ``partner``, a column, is a contact hidden from the user.

        Not by an ``EXISTS``, for which PostgreSQL would collect the ids of all contacts.
        """
        readable = self.env["res.partner"]._search(Domain.TRUE, active_test=False)
        if readable.is_empty():
            return SQL("%s IS NOT NULL", partner)
        readable.add_where(SQL("res_partner.id = %s", partner))
        readable.limit = 1
        return SQL("(%s IS NOT NULL AND %s IS NULL)", partner, readable.subselect(SQL("TRUE")))
