"""How a telephone system proves, in one of the ways that are common, that a report is its own."""

import base64
import binascii
import hmac
from collections.abc import Iterable

from .inbound import InboundRequest
from .mapping import CallMapping
from .payload import SignatureError
from .reading import decode
from .signature import require_header, require_match, require_query_token


def verify(
    request: InboundRequest,
    secrets: Iterable[str],
    now: float,
    mapping: CallMapping | None = None,
) -> None:
    """Raise SignatureError unless one of ``secrets`` proves the request in the way chosen.

    :param mapping: None if nothing was entered yet: nothing is accepted then.
    """
    if mapping is None:
        raise SignatureError("not_configured", "No proof was chosen yet.")
    if mapping.proof == "hmac":
        _verify_digest(request, secrets, mapping)
    elif mapping.proof == "bearer":
        require_match(request.credentials("Bearer"), secrets)
    elif mapping.proof == "basic":
        require_match(_password(request), secrets)
    elif mapping.proof == "header":
        require_match(require_header(request, mapping.header), secrets)
    else:
        require_query_token(request, secrets)


def _verify_digest(request: InboundRequest, secrets: Iterable[str], mapping: CallMapping) -> None:
    given = require_header(request, mapping.header).removeprefix(f"{mapping.digest}=")
    digests = [hmac.digest(secret.encode(), request.body, mapping.digest) for secret in secrets]
    if mapping.encoding == "hex":
        require_match(given.lower(), [digest.hex() for digest in digests])
    else:
        require_match(given, [base64.b64encode(digest).decode() for digest in digests])


def _password(request: InboundRequest) -> str:
    """Return the password of whatever user."""
    try:
        text = decode(base64.b64decode(request.credentials("Basic"), validate=True))
    except (binascii.Error, ValueError) as error:
        raise SignatureError("signature_malformed", "The credentials are not Base64.") from error
    return text.partition(":")[2]
