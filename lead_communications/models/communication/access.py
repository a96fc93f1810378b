from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL


class LeadCommunication(models.Model):
    """Who sees what: the queue of the user, and what belongs to the leads that they may read."""

    _inherit = "lead.communication"

    @api.model
    def _queue_domain(self):
        """Return the domain of the rows without a lead that the user may see and decide.

        Each room adds the rows of its type by ``|``.
        """
        return Domain.FALSE

    @api.model
    def _visible_domain(self):
        """Return the domain of what the user may see.

        Without a lead: their queue. With one: what belongs to a lead that they may read, by all the
        record rules that leads have. (The domain of a rule of our own could not ask that: it is
        evaluated as superuser.)
        """
        linked = Domain.custom(
            to_sql=lambda model, alias, _query: model._readable_lead_sql(alias),
            predicate=lambda row: row.lead_id.sudo(False)._filtered_access("read"),
        )
        return (Domain("lead_id", "=", False) & self._queue_domain()) | (
            Domain("lead_id", "!=", False) & linked
        )

    @api.model
    def _readable_lead_sql(self, alias):
        """Return the condition that the user may read the lead of ``alias``.

        It is looked up by primary key for each row: PostgreSQL would collect the ids of all leads
        for an ``IN``, and for an ``EXISTS`` that it takes for one.
        """
        leads = self.env["crm.lead"]._search(Domain.TRUE, active_test=False)
        if leads.is_empty():
            return SQL("FALSE")
        lead_id = SQL.identifier(alias, "lead_id", to_flush=self._fields["lead_id"])
        leads.add_where(SQL("%s = %s", SQL.identifier("crm_lead", "id"), lead_id))
        leads.limit = 1
        return SQL("%s", leads.subselect(SQL("TRUE")))

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        if not self.env.su and not bypass_access:
            domain = Domain(domain) & self._visible_domain()
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    def _check_access(self, operation):
        result = super()._check_access(operation)
        # What the company forbids is refused already; the others are to be looked at all the same.
        allowed = self - result[0] if result else self
        if self.env.su or not any(allowed._ids):
            return result
        hidden = allowed - allowed._filtered_visible()
        if not hidden:
            return result
        if result:
            return result[0] + hidden, result[1]
        return hidden, lambda: hidden._hidden_error()

    def _filtered_visible(self):
        """Return the part of ``self`` that :meth:`_visible_domain` describes."""
        # sudo: the columns that decide about the access have to be read before it is known
        rows = self.sudo()
        linked = rows.filtered("lead_id")
        readable = linked.lead_id.sudo(False)._filtered_access("read")
        visible = linked.filtered(lambda row: row.lead_id.id in readable._ids)
        visible |= (rows - linked).filtered_domain(self._queue_domain())
        return visible.sudo(False)

    def _hidden_error(self):
        return AccessError(
            self.env._("This communication belongs to a colleague, a mailbox or a lead of others.")
        )

    def _as_reader(self, user):
        """Return ``self`` with the rights, in the companies and in the language of ``user``."""
        return self.with_user(user).with_context(
            lang=user.lang, tz=user.tz, allowed_company_ids=user.company_ids.ids
        )
