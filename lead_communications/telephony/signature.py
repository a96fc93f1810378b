"""Comparing signatures, and the scheme of our own: a header with time and HMAC-SHA256."""

import hashlib
import hmac
import re
from collections.abc import Iterable

from .inbound import InboundRequest
from .payload import SignatureError

SIGNATURE_HEADER = "X-Signature"
#: Seconds that the clocks of the PBX and of this server may differ, in either direction.
SIGNATURE_TOLERANCE = 300


def require_match(given: str, expected: Iterable[str]) -> None:
    """Raise SignatureError unless ``given`` is one of ``expected``."""
    require_any_match([given], expected)


def require_any_match(given: Iterable[str], expected: Iterable[str]) -> None:
    """Raise SignatureError unless one of ``given`` is one of ``expected``.

    All are compared, in constant time each: the time taken tells nothing about them.
    """
    known = [text.encode("utf-8", "replace") for text in expected]
    raw = [text.encode("utf-8", "replace") for text in given]
    matches = [hmac.compare_digest(text, one) for text in known for one in raw]
    if not any(matches):
        raise SignatureError("signature_mismatch", "The signature does not match.")


def require_header(request: InboundRequest, name: str) -> str:
    """Return the header ``name``; raises SignatureError if it is missing."""
    header = (request.headers.get(name) or "").strip()
    if not header:
        raise SignatureError("signature_missing", f"The header {name} is missing.")
    return header


def require_fresh(timestamp: float, now: float) -> None:
    """Raise SignatureError unless ``timestamp`` is about ``now``, both in seconds since 1970."""
    if abs(now - timestamp) > SIGNATURE_TOLERANCE:
        raise SignatureError("signature_expired", "The signature is too old, or a clock is wrong.")


def sign(body: bytes, secret: str, timestamp: int) -> str:
    """Return the header that proves ``body``: ``t=<epoch>,v1=<hex HMAC-SHA256 of "t.body">``."""
    digest = hmac.new(secret.encode(), b"%d." % timestamp + body, hashlib.sha256).hexdigest()
    return f"t={timestamp},v1={digest}"


def sent_at(request: InboundRequest) -> int:
    """Return when a verified request was signed by the clock of the PBX, in seconds since 1970."""
    return int(re.match(r"t=(\d+)", require_header(request, SIGNATURE_HEADER), re.ASCII)[1])


def verify(request: InboundRequest, secrets: Iterable[str], now: float) -> None:
    """Raise SignatureError unless one of ``secrets`` signed the body within the tolerance.

    :param now: seconds since the epoch.
    """
    header = require_header(request, SIGNATURE_HEADER)
    match = re.fullmatch(r"t=(\d{1,12}),v1=([0-9a-fA-F]{64})", header, re.ASCII)
    if not match:
        raise SignatureError("signature_malformed", f"The header {SIGNATURE_HEADER} is malformed.")
    timestamp = int(match[1])
    given = f"t={timestamp},v1={match[2].lower()}"
    require_match(given, [sign(request.body, secret, timestamp) for secret in secrets])
    require_fresh(timestamp, now)
