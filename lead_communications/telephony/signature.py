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
#: While its secret is replaced, a sender signs with several.
MAX_SIGNATURES = 20


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


def require_query_token(request: InboundRequest, secrets: Iterable[str]) -> None:
    """Raise SignatureError unless the address that was called has one of ``secrets`` as ``token``.

    For senders that prove nothing about the account that they report of, or nothing at all.
    """
    token = request.query.get("token", "")
    if not token:
        raise SignatureError("signature_missing", "The address has no token.")
    require_match(token, secrets)


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
    return _elements(request)[0]


def verify(request: InboundRequest, secrets: Iterable[str], now: float) -> None:
    """Raise SignatureError unless one of ``secrets`` signed the body within the tolerance.

    The header may have several ``v1=``, of which one has to match: the sender signs with its old
    and its new secret while it changes them. Versions that are not ours are passed over.

    :param now: seconds since the epoch.
    """
    timestamp, digests = _elements(request)
    given = [f"t={timestamp},v1={digest.lower()}" for digest in digests]
    require_any_match(given, [sign(request.body, secret, timestamp) for secret in secrets])
    require_fresh(timestamp, now)


def _elements(request: InboundRequest) -> tuple[int, list[str]]:
    """Return the time in the header, and the digests of our version in it."""
    header = require_header(request, SIGNATURE_HEADER)
    found: dict[str, list[str]] = {}
    for element in header.split(",")[: MAX_SIGNATURES + 2]:
        name, _equals, value = element.strip().partition("=")
        found.setdefault(name, []).append(value)
    times, digests = found.get("t", []), found.get("v1", [])
    if (
        len(times) != 1
        or not re.fullmatch(r"\d{1,12}", times[0], re.ASCII)
        or not 1 <= len(digests) <= MAX_SIGNATURES
        or not all(re.fullmatch(r"[0-9a-fA-F]{64}", digest, re.ASCII) for digest in digests)
    ):
        raise SignatureError("signature_malformed", f"The header {SIGNATURE_HEADER} is malformed.")
    return int(times[0]), digests
