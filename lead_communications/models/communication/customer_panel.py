from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_amount, format_date

# So many leads are told about in full; of the others, what tells them apart.
DETAILED = 5
LAST_CONTACTS = 3
# Of so many, those that the user may not see are left out: emails of a contact that is hidden.
LOOKED_AT = 10
COMPANY_LEADS = 5
# More of one company are not counted.
COMPANY_LIMIT = 200
FACTS = [
    *("display_name", "partner_name", "partner_id", "stage_id", "user_id", "won_status"),
    *("expected_revenue", "company_currency"),
    *("activity_date_deadline", "activity_state", "activity_summary", "activity_type_id"),
]


class LeadCommunication(models.Model):
    """Who is this? Beside what waits: the leads that fit, what was said last, what comes next.

    Everything is read as the user: what they may not see of a lead is not there, and leads that
    are hidden from them are a number.
    """

    _inherit = "lead.communication"

    candidates = fields.Json(
        string="Leads That Fit",
        compute="_compute_candidates",
        help="The lead of the communication or, while it has none, those that it may belong to, the"
        " best first: the reasons, the amount, what comes next and what was last.",
    )
    company_leads = fields.Json(
        string="Other Open Leads of the Company",
        compute="_compute_candidates",
        help="The open leads of the same company: some of them, and how many more there are.",
    )

    @api.depends(
        *("lead_id", "number", "phone_sanitized", "email_normalized"),
        *("conversation_ref", "sent_by"),
    )
    @api.depends_context("uid", "allowed_company_ids", "lang", "tz")
    def _compute_candidates(self):
        found = self.filtered(lambda row: not row.lead_id)._find_candidates()
        leads = self.env["crm.lead"]
        # Whoever reads a row may read its lead.
        fitting = {row: row.lead_id for row in self}
        for row in self:
            fitting[row] |= leads.browse(one.lead_id for one in found.get(row.id, ()))
        facts = self._lead_facts(leads.union(*fitting.values()))
        detailed = leads.union(*(of_row[:DETAILED] for of_row in fitting.values()))
        contacts = self._last_contacts(detailed)
        others = self._company_leads(fitting)
        for row in self:
            candidates = {one.lead_id: one for one in found.get(row.id, ())}
            row.candidates = [
                facts[lead.id]
                | self._describe_reason(candidates.get(lead.id))
                | {"contacts": [one for one in contacts.get(lead.id, ()) if one["id"] != row.id]}
                for lead in fitting[row]
            ]
            row.company_leads = others[row]

    @api.model
    def _describe_reason(self, candidate):
        """Return why a lead was found, and whether it is open; of a linked lead, nothing."""
        if not candidate:
            return {"reason": ""}
        return {
            "reason": self._candidate_reason(candidate),
            # An archived lead is a lost one, here.
            "status": candidate.status,
            "status_label": self._won_status_label(candidate.status),
        }

    @api.model
    def _won_status_label(self, status):
        selection = self.env["crm.lead"]._fields["won_status"]._description_selection(self.env)
        return dict(selection).get(status, "")

    # ---- LEADS ----

    @api.model
    def _lead_facts(self, leads):
        """Return ``{lead id: what the panel shows of it}``, read by the user."""
        # Read, not attributes: what the user may not see of a lead is not shown.
        facts = {values["id"]: self._describe_lead(values) for values in leads.read(FACTS)}
        # Odoo reads the name of whom a record points to, whoever may see them.
        for lead in leads._filtered_hidden_contact():
            facts[lead.id]["partner"] = ""
        return facts

    @api.model
    def _describe_lead(self, values):
        names = {name: (values[name] or ("", ""))[1] for name in FACTS if name.endswith("_id")}
        status = values["won_status"] or "pending"
        return {
            "id": values["id"],
            "name": values["display_name"],
            "partner": values["partner_name"] or names["partner_id"],
            "stage": names["stage_id"],
            "salesperson": names["user_id"],
            "status": status,
            "status_label": self._won_status_label(status),
            "revenue": self._describe_revenue(values),
            "activity": values["activity_date_deadline"]
            and {
                "name": values["activity_summary"] or names["activity_type_id"],
                "date": format_date(self.env, values["activity_date_deadline"]),
                "state": values["activity_state"],
            },
        }

    @api.model
    def _describe_revenue(self, values):
        """Return the expected revenue in the currency of the lead's company; empty if it is 0."""
        if not (values["expected_revenue"] and values["company_currency"]):
            return ""
        currency = self.env["res.currency"].browse(values["company_currency"][0])
        return format_amount(self.env, values["expected_revenue"], currency)

    @api.model
    def _company_leads(self, fitting):
        """Return ``{row: the other open leads of the company}`` of its leads.

        A dictionary each: ``leads``, described, ``more`` that the user may see, ``hidden`` ones.

        :param fitting: ``{row: its lead, or the leads that it may belong to, the best first}``
        """
        # sudo: which company it is, and how many leads it has; names are read by the user
        firms = {row: of_row[:1].sudo().existing_company_id for row, of_row in fitting.items()}
        known = self.env["crm.lead"].union(*fitting.values())
        domain = (
            Domain("existing_company_id", "in", {firm.id for firm in firms.values() if firm})
            & Domain("won_status", "=", "pending")
            & Domain("company_id", "in", [False, *self.company_id.ids])
        )
        found = known.sudo().search(domain, limit=COMPANY_LIMIT) if any(firms.values()) else known
        readable = set(found.sudo(False)._filtered_access("read").ids)
        described, shown = {}, {}
        for row, firm in firms.items():
            others = found.sudo().filtered(
                lambda lead, row=row, firm=firm: firm
                and lead.existing_company_id == firm
                and lead.company_id <= row.company_id
                and lead.id not in fitting[row].ids
            )
            mine = others.filtered(lambda lead: lead.id in readable).sudo(False)
            shown[row] = mine[:COMPANY_LEADS]
            described[row] = {
                "more": max(0, len(mine) - COMPANY_LEADS),
                "hidden": len(others) - len(mine),
            }
        facts = self._lead_facts(known.browse().union(*shown.values()))
        for row, leads in shown.items():
            described[row]["leads"] = [facts[lead.id] for lead in leads]
        return described

    # ---- CONTACTS ----

    @api.model
    def _last_contacts(self, leads):
        """Return ``{lead id: the last calls, emails and events that the user may see}``.

        What they may see is asked of the newest few: PostgreSQL would read all of a lead for it.
        """
        self.flush_model(["date", "lead_id", "state"])
        found = (
            self.env.execute_query(
                SQL(
                    """
                SELECT newest.id FROM unnest(%s) AS lead (id),
                LATERAL (
                    SELECT id FROM lead_communication
                     WHERE lead_id = lead.id AND state = 'done' ORDER BY date DESC LIMIT %s
                ) newest
                """,
                    leads.ids,
                    LOOKED_AT,
                )
            )
            if leads
            else []
        )
        rows = self.browse(row_id for (row_id,) in found)._filtered_access("read")
        rows = rows.sorted(lambda row: (row.date, row.id), reverse=True)
        return {
            # One more than is shown: the row in question may be one of them.
            lead.id: [row._describe_contact() for row in of_lead[: LAST_CONTACTS + 1]]
            for lead, of_lead in rows.grouped("lead_id").items()
        }

    def _describe_contact(self):
        date = fields.Datetime.context_timestamp(self, self.date)
        return {
            "id": self.id,
            "type": self.type,
            "direction": self.direction,
            "result": self.result,
            "date": format_date(self.env, date),
            "text": self.summary or self.display_name,
        }
