from odoo import http
from odoo.http import request

from ..models.ir_http import MAX_BODY_SIZE
from ..telephony.payload import PayloadError


class LeadPbxController(http.Controller):
    @http.route(
        "/lead_communications/pbx/<string:key>",
        type="http",
        auth="lead_pbx",
        methods=["POST"],
        csrf=False,
        save_session=False,
        readonly=False,
        max_content_length=MAX_BODY_SIZE,
    )
    def receive(self, key, **_fields):
        """Take in what a telephone system reports; its signature was checked by the authentication.

        Whatever was taken in is answered with 200, also a second time and also if it was kept as a
        failure: sending it again would not help.
        """
        pbx = request.env["lead.pbx"]._find_by_key(key)
        body = request.httprequest.get_data(cache=True)
        try:
            taken = pbx._take_in(body, request.httprequest.headers.get("Content-Type", ""))
        except PayloadError as error:
            return request.make_json_response({"status": "error", "code": error.code}, status=400)
        status = "kept" if taken.is_kept else "ok"
        return request.make_json_response({"status": status, "calls": taken.calls})
