from odoo import api, models


class CrmLead(models.Model):
    """The source of a lead (``source_id``) says in which way it came in, unless somebody says more.

    Typed in: Self-generation. Calls and emails: ``lead.communication``. Here: the mail gateway,
    the form of a website, a live chat, without asking for the modules that bring the last two.
    """

    _inherit = "crm.lead"

    def onchange(self, values, field_names, fields_spec):
        """Propose a source on a new form; what is imported or created by the API has its own."""
        lead = self
        is_new_form = not self and not field_names
        if is_new_form and not self.default_get(["source_id"]).get("source_id"):
            source = self.env["utm.source"]._lead_source("self_generation")
            lead = self.with_context(default_source_id=source.id)
        return super(CrmLead, lead).onchange(values, field_names, fields_spec)

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [values | self._way_in_values(values) for values in vals_list]
        return super().create(vals_list)

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        source = self.env["utm.source"]._lead_source("email")
        values = {"source_id": source.id} if source else {}
        return super().message_new(msg_dict, custom_values=values | (custom_values or {}))

    @api.model
    def _way_in_values(self, values):
        source = self._source_of_way_in(values)
        return {"source_id": source.id} if source else {}

    @api.model
    def _source_of_way_in(self, values):
        """Return the source that the ``values`` of a new lead tell; empty if they tell nothing."""
        sources = self.env["utm.source"]
        given = values.get("source_id")
        # A command of the live chat; Odoo has a source of its own for that.
        if values.get("origin_channel_id"):
            live_chat = self.env.ref("crm_livechat.utm_source_livechat", raise_if_not_found=False)
            if not given or (live_chat and given == live_chat.id):
                return sources._lead_source("chat")
        # The form of a website says nothing but its medium; a link may have left a source.
        website = self.env.ref("utm.utm_medium_website", raise_if_not_found=False)
        if "source_id" not in values and website and values.get("medium_id") == website.id:
            if not self.default_get(["source_id"]).get("source_id"):
                return sources._lead_source("website_form")
        return sources
