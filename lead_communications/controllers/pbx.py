import time

from odoo import http
from odoo.http import content_disposition, request

from .. import telephony
from ..models.call.ir_http import MAX_BODY_SIZE, make_response
from ..telephony.payload import PayloadError

# Odoo runs a request up to five times while the database is busy, with pauses in between that a
# sender does not wait for.
LAST_TRY = 3


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
        pbx = request.env["lead.pbx"].browse(request.lead_pbx_id)
        body = request.httprequest.get_data(cache=True)
        inbound = request.env["ir.http"]._lead_pbx_inbound(pbx, body)
        provider = telephony.get(pbx.provider)
        number = telephony.asked_number(provider, inbound)
        if number is not None:
            return make_response(provider.answer_lookup(number, pbx._find_contacts(number)))
        try:
            taken = self._take_in(pbx, body, provider, inbound)
        except PayloadError as error:
            return request.make_json_response({"status": "error", "code": error.code}, status=400)
        if answer := telephony.answer(provider, inbound):
            return make_response(answer)
        status = "kept" if taken.is_kept else "ok"
        return request.make_json_response({"status": status, "calls": taken.calls})

    def _take_in(self, pbx, body, provider, inbound):
        content_type = request.httprequest.headers.get("Content-Type", "")
        request.lead_pbx_tries = getattr(request, "lead_pbx_tries", 0) + 1
        if request.lead_pbx_tries >= LAST_TRY:
            return pbx._postpone(body, content_type)
        sent_at = telephony.sent_at(provider, inbound)
        ahead = None if sent_at is None else round(sent_at - time.time())
        return pbx._take_in(body, content_type, clock_difference=ahead, is_signed=True)

    @http.route(
        "/lead_communications/pbx_mapping/<model('lead.pbx'):pbx>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def download_mapping(self, pbx):
        """Return what the fields of a telephone system stand for, to an administrator."""
        return self._file(f"{pbx._mapping_file_name()}.json", pbx._make_mapping_file())

    @http.route(
        "/lead_communications/pbx_configuration/<model('lead.pbx'):pbx>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def download_configuration(self, pbx):
        """Return the file that sets the telephone system up, to an administrator."""
        return self._file(*pbx._make_configuration())

    def _file(self, name, content):
        headers = [
            ("Content-Type", "application/octet-stream"),
            ("Content-Disposition", content_disposition(name)),
            ("Cache-Control", "no-store"),
        ]
        return request.make_response(content, headers=headers)
