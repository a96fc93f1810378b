from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class LeadCommunication(models.Model):
    """The history of a contact, or of a company with its people, for who may see its leads."""

    _inherit = "lead.communication"

    history_partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Contact or Company",
        store=False,
        search="_search_history_partner_id",
        exportable=False,
        help="Finds what was said with a contact, or with the people of a company, on any lead.",
    )

    @api.model
    def _search_history_partner_id(self, operator, value):
        if operator != "in":
            return NotImplemented
        # sudo: res.partner - which people a company has; the rows are limited by the user's rights
        partners = (
            self.env["res.partner"]
            .sudo()
            .with_context(active_test=False)
            .search([("id", "child_of", [one for one in value if one])])
        )
        return Domain("id", "in", self._history_sql(partners.ids))

    @api.model
    def _history_sql(self, partner_ids):
        """Return the ids of the rows of the partners, each found by an index.

        What names nobody was with the contact of its lead, or with the company. What names others
        stays with those, whoever the contact of the lead is by now.
        """
        of_lead = self.env["crm.lead"]._fields
        # What waits to be written of the relation is written with its field.
        self.flush_model(["participant_ids"])
        nobody = SQL(
            "(%(partner)s IS NULL AND (%(company)s IS NULL OR %(company)s = %(of_lead)s))",
            partner=SQL.identifier("c", "partner_id", to_flush=self._fields["partner_id"]),
            company=SQL.identifier(
                "c", "customer_company_id", to_flush=self._fields["customer_company_id"]
            ),
            of_lead=SQL.identifier("l", "existing_company_id"),
        )
        return SQL(
            """(
                SELECT c.id FROM lead_communication c JOIN crm_lead l ON l.id = %(lead)s
                WHERE %(contact)s = ANY(%(ids)s) AND %(nobody)s
                UNION
                SELECT c.id FROM lead_communication c JOIN crm_lead l ON l.id = c.lead_id
                WHERE %(of_lead)s = ANY(%(ids)s) AND %(nobody)s
                UNION
                SELECT c.id FROM lead_communication c WHERE c.partner_id = ANY(%(ids)s)
                UNION
                SELECT c.id FROM lead_communication c WHERE c.customer_company_id = ANY(%(ids)s)
                UNION
                SELECT r.lead_communication_id FROM lead_communication_participant_rel r
                WHERE r.res_partner_id = ANY(%(ids)s)
            )""",
            ids=list(partner_ids),
            nobody=nobody,
            contact=SQL.identifier("l", "partner_id", to_flush=of_lead["partner_id"]),
            lead=SQL.identifier("c", "lead_id", to_flush=self._fields["lead_id"]),
            of_lead=SQL.identifier(
                "l", "existing_company_id", to_flush=of_lead["existing_company_id"]
            ),
        )
