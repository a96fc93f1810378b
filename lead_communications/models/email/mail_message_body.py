from urllib.parse import urlsplit

from odoo import api, models
from odoo.http import request

from ...tools.mail.shown import without_remote
from .mail_message_account import LEAD_MODELS


class MailMessage(models.Model):
    """An email that came in opens and fetches nothing of this server but its own pictures.

    Whoever reads it is logged in: a picture at ``/web/session/logout`` would log them out. What is
    stored is harmless already, so that the chatter is, and everything that shows the message.
    """

    _inherit = "mail.message"

    @api.model_create_multi
    def create(self, vals_list):
        messages = super().create(vals_list)
        messages._lead_keep_harmless()
        return messages

    def write(self, vals):
        result = super().write(vals)
        if "body" in vals:
            self._lead_keep_harmless()
        return result

    def _lead_keep_harmless(self):
        # sudo: what a message is, and that it holds nothing which harms its readers
        received = self.sudo().filtered(
            lambda one: one.message_type == "email" and one.model in LEAD_MODELS
        )
        for message in received:
            body = message._lead_harmless_body()
            if body != (message.body or ""):
                message.body = body

    def _lead_harmless_body(self):
        """Return the text without addresses of this server but those of its own pictures."""
        self.ensure_one()
        return without_remote(
            self.body, images=frozenset(self.attachment_ids.ids), hosts=self._lead_own_hosts()
        )

    @api.model
    def _lead_own_hosts(self):
        """Return the names under which people open this server, as far as they are known."""
        # sudo: ir.config_parameter - the address of this server is no secret
        base = self.env["ir.config_parameter"].sudo().get_param("web.base.url") or ""
        hosts = {urlsplit(base).netloc}
        if request:
            hosts.add(request.httprequest.host)
        return hosts - {""}
