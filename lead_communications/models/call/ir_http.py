import secrets
import time

from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import (
    HTTPException,
    MethodNotAllowed,
    NotFound,
    RequestEntityTooLarge,
    Unauthorized,
)

from odoo import SUPERUSER_ID, models
from odoo.http import request

from ... import telephony
from ...telephony.payload import SignatureError

# A report of one call has less than 1 kB.
MAX_BODY_SIZE = 1024 * 1024


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    def session_info(self):
        info = super().session_info()
        info["lead_communications_can_dial"] = self.env["lead.pbx"]._can_dial(self.env.user)
        can_log = self.env["lead.communication.log"].has_access("create")
        info["lead_communications_can_log"] = can_log
        return info

    @classmethod
    def _auth_method_lead_pbx(cls):
        """Let in what the telephone system that the address names has signed; as the superuser.

        This runs before Odoo reads the body as a form: the signature is that of its bytes.
        """
        request.update_env(user=SUPERUSER_ID)
        body = cls._lead_pbx_body()
        pbx = request.env["lead.pbx"]._find_by_key(request.httprequest.path.rpartition("/")[2])
        # Without a system the signature is checked all the same, so that the time tells nothing.
        provider = telephony.get(pbx.provider or next(iter(telephony.PROVIDERS)))
        inbound = cls._lead_pbx_inbound(pbx, body)
        live_secrets = pbx._live_secrets() or [secrets.token_hex()]
        try:
            if answer := telephony.challenge(provider, inbound, live_secrets, time.time()):
                request.session.can_save = False  # Odoo would set a cookie
                raise HTTPException(response=make_response(answer))
            if inbound.method != "POST" and telephony.asked_number(provider, inbound) is None:
                raise _json_error(MethodNotAllowed, 405, "method")
            telephony.verify(provider, inbound, live_secrets, time.time(), pbx._mapping())
        except SignatureError as error:
            if pbx:
                raise _json_error(Unauthorized, 401, error.code) from None
        if not pbx:
            raise _json_error(NotFound, 404, "unknown_pbx")
        request.lead_pbx_id = pbx.id

    @classmethod
    def _lead_pbx_inbound(cls, pbx, body):
        """Return the request with the public address: behind a proxy Odoo may see another."""
        http = request.httprequest
        query = f"?{http.query_string.decode('latin-1')}" if http.query_string else ""
        return telephony.InboundRequest(
            method=http.method,
            url=f"{pbx.get_base_url()}{http.path}{query}",
            headers=http.headers,
            body=body,
        )

    @classmethod
    def _lead_pbx_body(cls):
        """Return the bytes of the body, and keep Odoo from reading them as a form.

        It would refuse a name in an old 8-bit encoding, and hand the fields to the controller; the
        fields of the query, too.
        """
        request.httprequest.max_content_length = MAX_BODY_SIZE
        try:
            body = request.httprequest.get_data(cache=True)
        except RequestEntityTooLarge:
            raise _json_error(RequestEntityTooLarge, 413, "too_large") from None
        request.httprequest.args = ImmutableMultiDict()
        request.httprequest.form = ImmutableMultiDict()
        request.httprequest.files = ImmutableMultiDict()
        return body


def make_response(answer):
    """Return the HTTP response for a provider's :class:`telephony.Answer`."""
    headers = [
        ("Content-Type", f"{answer.content_type}; charset=utf-8"),
        ("X-Content-Type-Options", "nosniff"),
        ("Cache-Control", "no-store"),
        *answer.headers.items(),
    ]
    return request.make_response(answer.body, headers=headers)


def _json_error(exception, status, code):
    response = request.make_json_response({"status": "error", "code": code}, status=status)
    return exception(response=response)
