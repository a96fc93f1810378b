from odoo import http
from odoo.http import Response, request

from ..tools.mail.original import image_servers, safe_html

SAFE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private",
}
# A page of its own, of no origin: it runs nothing, sends nothing, and fetches nothing but pictures,
# and those only when somebody has asked for them.
POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none';"
    " style-src 'unsafe-inline'; img-src {images}; font-src data:; form-action 'none';"
    " base-uri 'none'; frame-ancestors 'self'"
)
OWN_IMAGES = "data:"


class LeadEmailController(http.Controller):
    """The original of an email, for those who may read the email.

    Nobody learns from an answer whether an email exists that they may not read.
    """

    @http.route(
        "/lead_communications/email/<int:communication_id>/html",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def html(self, communication_id, images="0", **_params):
        """Send the HTML of the message, to be shown in a sandbox.

        :param images: ``1`` lets the browser fetch pictures from other servers, not from this.
        """
        email = self._readable(communication_id)
        own_hosts = request.env["mail.message"]._lead_own_hosts()
        html = email and safe_html(email._original_bytes(), own_hosts)
        if not html:
            return self._not_found()
        servers = image_servers(html, own_hosts) if images == "1" else []
        policy = POLICY.format(images=" ".join([OWN_IMAGES, *servers]))
        headers = {
            "Content-Type": "text/html; charset=utf-8",
            "Content-Security-Policy": policy,
            # Not even the names of the servers are looked up.
            "X-DNS-Prefetch-Control": "off",
        }
        return Response(html, headers=SAFE_HEADERS | headers)

    @http.route(
        "/lead_communications/email/<int:communication_id>/eml",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def eml(self, communication_id, **_params):
        """Send the message as the mail server held it, byte by byte, as a file."""
        email = self._readable(communication_id)
        if not email or not email.with_context(bin_size=True).raw:
            return self._not_found()
        # sudo: the field follows the rights on the email, which were checked
        stream = request.env["ir.binary"]._get_stream_from(
            email.sudo(), "raw", filename=email.raw_name, mimetype="message/rfc822"
        )
        response = stream.get_response(as_attachment=True)
        response.headers.update(SAFE_HEADERS)
        return response

    def _readable(self, communication_id):
        """Return the email if it exists and the user may read it, else no record."""
        email = request.env["lead.communication"].browse(communication_id).exists()
        return email if email.has_access("read") and email.type == "email" else email.browse()

    def _not_found(self):
        message = request.env._("There is no such original.")
        return Response(message, status=404, content_type="text/plain", headers=SAFE_HEADERS)
