from odoo import api, fields, models
from odoo.fields import Domain


class MailTemplate(models.Model):
    """Templates of leads: for which of them one is meant, and which one to start an email from."""

    _inherit = "mail.template"

    lead_team_ids = fields.Many2many(
        comodel_name="crm.team",
        relation="lead_mail_template_team_rel",
        string="Sales Teams",
        groups="sales_team.group_sale_salesman",
        help="Suggested for leads of these teams only. Empty: of all teams.",
    )
    lead_stage_ids = fields.Many2many(
        comodel_name="crm.stage",
        relation="lead_mail_template_stage_rel",
        string="Stages",
        groups="sales_team.group_sale_salesman",
        help="Suggested for leads in these stages only. Empty: in all stages.",
    )
    lead_lang_id = fields.Many2one(
        comodel_name="res.lang",
        string="Language of the Customer",
        groups="sales_team.group_sale_salesman",
        help="Suggested for customers with this language only. Empty: for all; the text is"
        " taken in their language where the template is translated.",
    )

    @api.model
    def _lead_template_domain(self):
        """Return the domain of the templates from which the user may write to leads."""
        return Domain("model", "=", "crm.lead") & Domain("user_id", "in", [False, self.env.uid])

    @api.model
    def _suggested_for_lead(self, lead):
        """Return the template from which the user best starts an email to ``lead``.

        Those that are meant for another team, stage or language are left out; it is empty when none
        remains. Of the rest comes first: the user's own one, one made for the team, for the stage,
        for the language, the one that they used last, the first by name.
        """
        templates = self.search(self._lead_template_domain(), order="user_id, name, id")
        lang = lead._customer_lang()
        fits = {template: template._fits_lead(lead, lang) for template in templates}
        fitting = templates.filtered(lambda template: None not in fits[template])
        last = self.env["lead.communication"]._last_template(fitting)
        # The sort is stable: of equals the first by name stays first.
        ranked = fitting.sorted(
            lambda template: (bool(template.user_id), *fits[template], template == last),
            reverse=True,
        )
        return ranked[:1]

    def _fits_lead(self, lead, lang):
        """Return for team, stage, language: True, made for it; False, for all; None, for others.

        :param lang: the code of the language of the customer, False if it is not known.
        """
        self.ensure_one()
        pairs = (
            (self.lead_team_ids, lead.team_id in self.lead_team_ids),
            (self.lead_stage_ids, lead.stage_id in self.lead_stage_ids),
            # As long as the language is not known, one template is as good as the other.
            (self.lead_lang_id if lang else None, self.lead_lang_id.code == lang),
        )
        return tuple((is_meant or None) if made_for else False for made_for, is_meant in pairs)

    def _render_lang(self, res_ids, engine="inline_template"):
        """A lead tells the language of the customer before it has a contact, and better."""
        langs = super()._render_lang(res_ids, engine=engine)
        if self.lang or self.render_model != "crm.lead":
            return langs
        leads = self.env["crm.lead"].browse(res_ids)
        return langs | {lead.id: lead._customer_lang() or langs[lead.id] for lead in leads}

    def send_mail_batch(
        self,
        res_ids,
        force_send=False,
        raise_exception=False,
        email_values=None,
        email_layout_xmlid=False,
    ):
        if self.model == "crm.lead" and not self.env.su:
            # Odoo writes the mails as superuser, where nothing can be checked any more.
            senders = {(email_values or {}).get("email_from")} - {None}
            for sender in senders or set(self._render_field("email_from", res_ids).values()):
                self.env["lead.mailbox"]._check_send_as(sender)
        return super().send_mail_batch(
            res_ids,
            force_send=force_send,
            raise_exception=raise_exception,
            email_values=email_values,
            email_layout_xmlid=email_layout_xmlid,
        )
