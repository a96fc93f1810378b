from odoo import http
from odoo.http import content_disposition, request

from .. import telephony
from ..models.ir_http import MAX_BODY_SIZE, make_response
from ..telephony.payload import PayloadError


class LeadPbxController(http.Controller):
    @http.route(
        "/lead_communications/pbx/<string:key>",
        type="http",
        auth="lead_pbx",
        methods=["GET", "POST"],
        csrf=False,
        save_session=False,
        readonly=False,
        max_content_length=MAX_BODY_SIZE,
    )
    def receive(self, key, **_fields):
        """Take in what a telephone system reports, or answer what it asks.

        Its signature was checked by the authentication. Whatever was taken in is answered with 200,
        also a second time and also if it was kept as a failure: sending it again would not help.
        """
        pbx = request.env["lead.pbx"]._find_by_key(key)
        body = request.httprequest.get_data(cache=True)
        inbound = request.env["ir.http"]._lead_pbx_inbound(pbx, body)
        provider = telephony.get(pbx.provider)
        number = telephony.asked_number(provider, inbound)
        if number is not None:
            return make_response(provider.answer_lookup(number, pbx._find_contacts(number)))
        try:
            taken = pbx._take_in(body, request.httprequest.headers.get("Content-Type", ""))
        except PayloadError as error:
            return request.make_json_response({"status": "error", "code": error.code}, status=400)
        status = "kept" if taken.is_kept else "ok"
        return request.make_json_response({"status": status, "calls": taken.calls})

    @http.route(
        "/lead_communications/pbx_configuration/<model('lead.pbx'):pbx>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def download_configuration(self, pbx):
        """Return the file that sets the telephone system up, to an administrator."""
        name, content = pbx._make_configuration()
        headers = [
            ("Content-Type", "application/octet-stream"),
            ("Content-Disposition", content_disposition(name)),
            ("Cache-Control", "no-store"),
        ]
        return request.make_response(content, headers=headers)
