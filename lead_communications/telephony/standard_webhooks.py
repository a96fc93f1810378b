"""The signature of `Standard Webhooks <https://www.standardwebhooks.com>`_, as many services send.

Three headers: ``webhook-id``, ``webhook-timestamp`` and ``webhook-signature``. The last one has a
signature of each secret of the sender: ``v1,<Base64 HMAC-SHA256 of "id.time.body">``.
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Iterable

from .inbound import InboundRequest
from .payload import SignatureError
from .signature import require_any_match, require_fresh, require_header

ID_HEADER = "webhook-id"
TIMESTAMP_HEADER = "webhook-timestamp"
SIGNATURE_HEADER = "webhook-signature"
SECRET_PREFIX = "whsec_"

MAX_SIGNATURES = 20


def is_signed_so(request: InboundRequest) -> bool:
    """Whether the request claims to be signed in this way."""
    return bool(request.headers.get(SIGNATURE_HEADER))


def verify(request: InboundRequest, secrets: Iterable[str], now: float) -> None:
    """Raise SignatureError unless one of ``secrets`` signed id, time and body."""
    signatures = require_header(request, SIGNATURE_HEADER).split()
    message_id = require_header(request, ID_HEADER)
    timestamp = require_header(request, TIMESTAMP_HEADER)
    if (
        len(signatures) > MAX_SIGNATURES
        or not re.fullmatch(r"[!-~]{1,256}", message_id)
        or not re.fullmatch(r"\d{1,12}", timestamp, re.ASCII)
    ):
        raise SignatureError("signature_malformed", "The headers webhook-… are malformed.")
    content = f"{message_id}.{timestamp}.".encode() + request.body
    # Other versions than v1 (asymmetric ones) match nothing.
    require_any_match(signatures, [_sign(content, key) for key in map(_key, secrets) if key])
    require_fresh(int(timestamp), now)


def sent_at(request: InboundRequest) -> int:
    """Return when a verified request was signed by the sender's clock, in seconds since 1970."""
    return int(require_header(request, TIMESTAMP_HEADER))


def _sign(content: bytes, key: bytes) -> str:
    return "v1," + base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()


def _key(secret: str) -> bytes:
    """Return the bytes that sign: those in ``whsec_<Base64>``, else the secret's characters.

    ``b""``, which signs nothing, if what follows ``whsec_`` is no Base64.
    """
    if not secret.startswith(SECRET_PREFIX):
        return secret.encode()
    text = secret.removeprefix(SECRET_PREFIX)
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""
