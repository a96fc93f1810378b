from odoo import api, models
from odoo.fields import Domain

from ...tools.address import compared
from ..communication.lead_communication import QUIET
from .sync import SYNC

WHOSE = {"partner_id", "existing_company_id"}


class LeadCommunication(models.Model):
    """Whom something was with: the contact and the company of its lead, until that gets others.

    As long as the lead stays with a contact nothing is written: the history of the contact is read
    through the lead. When the lead goes to another one, what took place says whom it was with.
    """

    _inherit = "lead.communication"

    def _keep_customer(self, former, new=None):
        """Let ``self``, of one lead, stay with its ``former`` customer; what says another keeps it.

        :param former: the customer, as :meth:`crm.lead._customer` returns it.
        :param new: the one that the lead has now: what has their address or number was with them.
        """
        theirs = self.browse()
        if new and new["partner_id"] and former["partner_id"] != new["partner_id"]:
            theirs = self._filtered_from(new["partner_id"]) - self._filtered_from(
                former["partner_id"]
            )
        (self - theirs)._name_customer(former)
        if theirs:
            theirs._name_customer(new)

    def _forget_customer(self, action):
        """Let what was reported be with the customer of the lead on which it was put.

        Of the lead where it was by mistake it keeps the contact only by an address or a number.
        """
        if action not in ("create", "attach", "move"):
            return
        # sudo: rows are written by the system alone; the rights were checked by the decision
        rows = self.sudo().filtered(lambda row: row.pbx_id or row.type == "email")
        named = rows.filtered(lambda row: row.partner_id or row.customer_company_id)
        for contact, of_contact in named.grouped("partner_id").items():
            if mistaken := of_contact - of_contact._filtered_from(contact):
                quiet = SYNC.on(mistaken.with_context(**QUIET))
                quiet.write({"partner_id": False, "customer_company_id": False})

    def _filtered_from(self, contact):
        """Return those of ``self`` that have an address or a number of ``contact``."""
        address, numbers = compared(contact.email_normalized or ""), contact._phone_numbers()
        return self.filtered(
            lambda row: (address and compared(row.email_normalized or "") == address)
            or row.phone_sanitized in numbers
        )

    def _keep_merged_customers(self):
        """Let what took place on leads that are merged stay with whom it was."""
        rows = self.filtered(
            lambda row: (row.state != "planned" or row.type == "email")
            and not (row.partner_id and row.customer_company_id)
        )
        for lead, of_lead in rows.grouped("lead_id").items():
            customer = lead._customer()
            if any(customer.values()):
                of_lead._keep_customer(customer)

    @api.model
    def _customer_domain(self):
        """Return the domain of what another customer of its lead says something about.

        For extension, with the hook ``customer_change``.
        """
        return Domain("partner_id", "=", False) | Domain("customer_company_id", "=", False)

    def _keep_customers(self, former):
        """Let ``self`` stay with the ``former`` customers of the leads, or be with the new ones.

        What is planned with nobody is with the new ones, who are known now. An email that is to be
        sent later goes to whom it was written.
        """
        planned = self.filtered(lambda row: row.state == "planned" and row.type != "email")
        for lead, of_lead in self.grouped("lead_id").items():
            customer = lead._customer()
            if any(former[lead].values()):
                (of_lead - planned)._keep_customer(former[lead], customer)
            if any(customer.values()):
                (of_lead & planned)._name_customer(customer)

    def _name_customer(self, customer):
        """Write the ``customer`` in those of ``self`` that name nobody, or their company alone."""
        contact, company = customer["partner_id"], customer["customer_company_id"]
        open_to = self.filtered(lambda row: row.customer_company_id in (company, company.browse()))
        rows = SYNC.on(open_to.with_context(**QUIET))
        if unnamed := rows.filtered(lambda row: contact and not row.partner_id):
            unnamed.write({"partner_id": contact.id})
        if unnamed := rows.filtered(
            lambda row: company and not row.customer_company_id and row.partner_id == contact
        ):
            unnamed.write({"customer_company_id": company.id})


class CrmLead(models.Model):
    """What took place stays with whom it was, when the lead gets another contact or company.

    What is planned with nobody yet is with the contact, and for the company, once they are known.
    """

    _inherit = "crm.lead"

    def write(self, vals):
        if WHOSE.isdisjoint(vals):
            return super().write(vals)
        # sudo: whom something was with is noted also where the new contact is hidden from the user
        leads = self.sudo()
        former = {lead: lead._customer() for lead in leads}
        result = super().write(vals)
        leads.filtered(lambda lead: lead._customer() != former[lead])._follow_customers(former)
        return result

    def _customer(self):
        """Return the contact and the company of the lead as records: who it is with."""
        self.ensure_one()
        company = self.partner_id.commercial_partner_id.filtered("is_company")
        company = company or self.existing_company_id
        return {"partner_id": self.partner_id - company, "customer_company_id": company}

    def _follow_customers(self, former):
        """Let what stands on ``self`` follow the customers.

        :param former: ``{lead: customer}``
        """
        if not self:
            return
        # sudo: rows are written by the system alone; whoever writes the lead changes what it is
        rows = self.env["lead.communication"].sudo()
        rows = rows.search(Domain("lead_id", "in", self.ids) & rows._customer_domain())
        if rows:
            rows._run_steps("customer_change", former)


class ResPartner(models.Model):
    """What was said with a person stays with the company for which they worked then."""

    _inherit = "res.partner"

    def write(self, vals):
        if "parent_id" not in vals:
            return super().write(vals)
        # sudo: what the person said in the name of the company, on whatever lead
        people = self.sudo().filtered("commercial_partner_id.is_company")
        former = {
            person: person.commercial_partner_id for person in people if not person.is_company
        }
        result = super().write(vals)
        for person, company in former.items():
            if person.commercial_partner_id != company:
                person._keep_company(company)
        return result

    def _keep_company(self, company):
        """Let what took place with this person be of ``company``, where they do not work now."""
        # sudo: rows are written by the system alone; as above
        rows = self.env["lead.communication"].sudo()
        mine = Domain("partner_id", "=", self.id)
        through_lead = Domain("partner_id", "=", False) & Domain("lead_id.partner_id", "=", self.id)
        took_place = Domain("state", "!=", "planned") & Domain("customer_company_id", "=", False)
        rows.search(took_place & (mine | through_lead))._name_customer(
            {"partner_id": self, "customer_company_id": company}
        )
