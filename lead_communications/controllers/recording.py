import logging

from odoo import http
from odoo.http import Response, content_disposition, request

from ..tools.remote_file import RemoteFileError, clean_range, suffix

_logger = logging.getLogger(__name__)

STATUS = {"missing": 404, "bad_range": 416, "timeout": 504}
# Whatever the file is, the browser plays it and does nothing else with it; no proxy keeps it.
SAFE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "private, no-store",
}


class LeadRecordingController(http.Controller):
    @http.route(
        "/lead_communications/recording/<int:communication_id>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def play(self, communication_id, **_params):
        """Send the recording of a call to those who may read the call.

        Nobody learns from the answer whether a call exists that they may not read.
        """
        call = request.env["lead.communication"].browse(communication_id).exists()
        if not call or not call.has_access("read"):
            return _error(404, "not_found", request.env._("There is no such recording."))
        if not call.recording_url:
            return _error(404, "no_recording", request.env._("There is no recording."))
        if call.is_recording_stored:
            return self._stored(call)
        return self._proxied(call)

    def _stored(self, call):
        # sudo: the field follows the rights on the call, which were checked
        stream = request.env["ir.binary"]._get_stream_from(call.sudo(), "recording_file")
        stream.download_name = f"call-{call.id}{suffix(stream.mimetype)}"
        response = stream.get_response(as_attachment=False)
        response.headers.update(SAFE_HEADERS)
        return response

    def _proxied(self, call):
        byte_range = clean_range(request.httprequest.headers.get("Range"))
        try:
            file = call._open_recording(byte_range)
        except RemoteFileError as error:
            # The code alone: the address may hold a password.
            _logger.warning("Recording of %s: %s", call, error.code)
            status = STATUS.get(error.code, 502)
            return _error(status, error.code, call._recording_problem(error.code))
        response = Response(_pieces(file, call), status=file.status, direct_passthrough=True)
        response.call_on_close(file.close)
        response.headers.update(SAFE_HEADERS | _file_headers(file, f"call-{call.id}"))
        return response


def _pieces(file, call):
    """Yield the content of ``file``; what fails now can only be broken off."""
    try:
        yield from file
    except RemoteFileError as error:
        _logger.warning("Recording of %s broke off: %s", call, error.code)


def _file_headers(file, name):
    headers = {
        "Content-Type": file.content_type,
        "Content-Disposition": content_disposition(name + suffix(file.content_type), "inline"),
        "Accept-Ranges": "bytes" if file.accepts_ranges else "none",
    }
    if file.length is not None:
        headers["Content-Length"] = str(file.length)
    if file.content_range:
        headers["Content-Range"] = file.content_range
    return headers


def _error(status, code, message):
    """Return an answer that the player shows to the user."""
    answer = {"status": "error", "code": code, "message": message}
    return request.make_json_response(answer, headers=SAFE_HEADERS, status=status)
