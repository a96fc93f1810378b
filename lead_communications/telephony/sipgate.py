"""sipgate.io: the push API.

Sources: sipgate's documentation of the push API and its library for Node.js (the events, their
causes, the signature and its public key).

sipgate asks at each new call what to do with it; the answer, in XML, names the address that is told
when somebody answers and when the call ends. The reports have no times: the moment in which they
are received is that of the event. Which seconds people spoke follows from both of them.

The signature is sipgate's own, the same key for all its customers, and covers the body only: it
proves that sipgate sent it, the secret in the address that it is about our account.
"""

import base64
import binascii
from collections.abc import Iterable, Mapping
from datetime import datetime
from xml.sax.saxutils import quoteattr

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from .call_event import CallEvent
from .inbound import Answer, InboundRequest
from .payload import Parsed, PayloadError, SignatureError
from .reading import id_of, load_form, parse_one, text_of, with_plus
from .signature import require_header, require_query_token

LABEL = "sipgate"
SECRET_IS_GIVEN = False

SIGNATURE_HEADER = "X-Sipgate-Signature"
#: As sipgate publishes it.
PUBLIC_KEY = b"""-----BEGIN PUBLIC KEY-----
MIICIjANBgkqhkiG9w0BAQEFAAOCAg8AMIICCgKCAgEAvFdlnqRfO5TmqzjtsFVC
qPz+oW+poi3lXQFvMJJMEAtlU4MbX+yuIkgnC+Qt3AQWIK+oWSEQiybg+p39wEMl
16PZxEzf9gONQvTg1XhyHnwqYUFQj/AoxPKGYC3jmdjZ224SrESiTN3CdxoOc3vk
cXiQstYE7SxnksPtzfk0aIOkicim5/tAP9izNQ18/zmX3ChjK2k72gf5dDlq+qZ8
pRiHAPZ64TySH6cLQDhaoh6Nbq8FEG3usXXPClbUMh2DZaTMPafpd+LNuTngJ/y+
KoZasVuFfXAeBqGA6l5d4Uedfr99Z6qjwDrJ8sU4z2Do9bJrbuqP+mOXEebhSI1K
vi8trEfrIt8hnDBGsBaB9NEO3kYxvDT2/PhC9fNYFocjEpZNd7/mUqTJDYlpa4UC
NDQaU+ATdXG8/P5sGAegks6MQTu+qe9XTO0CV48eswDkz6g3UbLOwmrJK59SjD3J
yAZ52sluwyDKRWw/PPTt8BTQLjvkdbiLUlc4ehJ4b1X7D7diYWHDPeFL47cAvaXh
dXVrZDeBJYibvD1jRx4ES0KlfhwzNXBYUoM/Movg9zMM2PzyHHKS//xIjwUC/FJ6
/6eykno0Hy2B1ev6s3hdY6VkN2zd7Wf+EK4DxRliwsg1U99szFE3ewLfexF+Uag5
M+TfPtOUumI/NHMTvsRW9+ECAwEAAQ==
-----END PUBLIC KEY-----"""

_DIRECTIONS = {"in": "incoming", "out": "outgoing"}
#: Who answers for a person that does not; sipgate names it in place of the user.
VOICEMAIL = "voicemail"
#: What a call came to that nobody answered, by who called.
_CAUSES = {
    "busy": ("busy", "busy"),
    "cancel": ("missed", "canceled"),
    "noanswer": ("missed", "missed"),
    "congestion": ("failed", "failed"),
    "notfound": ("failed", "failed"),
    # Established, by a person or by a voicemail: the report that it was answered tells by which.
    # Of a call that we made, the network has said that it was answered.
    "normalclearing": ("missed", "answered"),
}

# ---- SIGNATURE ----


def verify(request: InboundRequest, secrets: Iterable[str], now: float) -> None:
    """Raise SignatureError unless sipgate signed the body, and the address has our secret."""
    require_query_token(request, secrets)
    given = require_header(request, SIGNATURE_HEADER)
    try:
        signature = base64.b64decode(given, validate=True)
        key = load_pem_public_key(PUBLIC_KEY)
        key.verify(signature, request.body, padding.PKCS1v15(), SHA256())
    except (binascii.Error, ValueError) as error:
        raise SignatureError("signature_malformed", "The signature is malformed.") from error
    except InvalidSignature as error:
        raise SignatureError("signature_mismatch", "The signature does not match.") from error


def answer(request: InboundRequest) -> Answer:
    """Return whom sipgate tells what becomes of the call; what is done with it stays as it is."""
    url = quoteattr(request.url)
    told = ""
    if dict(load_form(request.body)).get("event") == "newCall":
        told = f" onAnswer={url} onHangup={url}"
    return Answer(f'<?xml version="1.0" encoding="UTF-8"?><Response{told}/>', "application/xml")


# ---- CALLS ----


def parse(
    body: bytes, content_type: str = "", tz: str = "UTC", received: datetime | None = None
) -> Parsed:
    """Return the event of a report; none of keys that were pressed.

    :param received: when it was received, naive UTC, for it has no time of its own.
    """
    pairs = load_form(body)
    return parse_one(lambda: _event(pairs, received), body)


def _event(pairs: list[tuple[str, str]], received: datetime | None) -> CallEvent | None:
    fields = dict(pairs)
    name = text_of(fields, "event")
    if not name:
        raise PayloadError("event", "event is missing: this is no report of sipgate.")
    if name not in ("newCall", "answer", "hangup"):
        return None
    direction = _DIRECTIONS.get(text_of(fields, "direction").lower())
    if not direction:
        raise PayloadError("direction", "direction is neither in nor out.")
    incoming = direction == "incoming"
    result, is_over = _result(name, fields, incoming)
    return CallEvent(
        external_id=id_of(fields, "origCallId", "callId"),
        direction=direction,
        number=with_plus(text_of(fields, "from" if incoming else "to")),
        line_number=_own_number(fields) if incoming else "",
        extension=_agent(pairs, fields),
        result=result,
        start=received,
        answer=received if name == "answer" and result == "answered" else None,
        end=received if is_over else None,
        is_first=fields.get("origCallId", "") in ("", fields.get("callId", "")),
    )


def _result(name: str, fields: Mapping[str, str], incoming: bool) -> tuple[str, bool]:
    """Return the outcome as far as the report tells it, and whether the call is over."""
    if name == "newCall":
        return "", False
    if name == "answer":
        is_voicemail = text_of(fields, "user").lower() == VOICEMAIL
        return "voicemail" if is_voicemail else "answered", False
    cause = text_of(fields, "cause").lower()
    if cause == "forwarded":
        return "", False  # it goes on elsewhere, under the same origCallId
    if cause not in _CAUSES:
        raise PayloadError("cause", f"Unknown cause: {cause[:40]}")
    return _CAUSES[cause][0 if incoming else 1], True


def _own_number(fields: Mapping[str, str]) -> str:
    """Return the number that was called, also if it was diverted to the one that rings."""
    diverted = with_plus(text_of(fields, "diversion"))
    return diverted if diverted.startswith("+") else with_plus(text_of(fields, "to"))


def _agent(pairs: list[tuple[str, str]], fields: Mapping[str, str]) -> str:
    """Return the id of the user; of several whom it rings for, nobody's in particular."""
    if text_of(fields, "user").lower() == VOICEMAIL:
        return ""
    users = {value for name, value in pairs if name in ("userId", "userId[]") and value}
    return text_of({"user": users.pop()}, "user") if len(users) == 1 else ""


# ---- SET-UP ----


def setup_steps(url: str, env) -> str:
    """Return what the administrator does at sipgate."""
    return "\n\n".join(
        [
            env._(
                "1. Book sipgate.io in your sipgate account, and open its settings (Account"
                " Administration > sipgate.io, or https://console.sipgate.com/webhooks/urls)."
            ),
            env._(
                "2. Enter this address for incoming and for outgoing calls. In place of SECRET"
                " write the secret of this page:"
            ),
            f"    {url}?token=SECRET",
            env._(
                "3. Choose all users and groups. sipgate signs its reports; the secret in the"
                " address proves that they are about your account. It stands in the log files of"
                " the web servers in between: keep these to yourself."
            ),
            env._(
                "In Lines, the extension of a salesperson is their user ID at sipgate (w0, w1,"
                " ...)."
            ),
            env._(
                "sipgate sends a report once, without a time: the times of a call are those in"
                " which its reports were received."
            ),
        ]
    )
