"""Tokens (JWT, RFC 7519) that are signed with a shared secret.

What a token says of its own algorithm chooses nothing: each provider has one, and another is an
error.
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Iterable
from typing import Any

from .payload import PayloadError, SignatureError
from .reading import load_object
from .signature import require_match

_TOKEN = re.compile(rb"[\w-]{1,2000}\.[\w-]{1,1000000}\.[\w-]{1,200}", re.ASCII)
_DIGESTS = {"HS256": hashlib.sha256, "HS512": hashlib.sha512}


def is_token(text: bytes) -> bool:
    """Tell whether ``text`` has the form of a token."""
    return bool(_TOKEN.fullmatch(text.strip()))


def claims(token: bytes) -> dict[str, Any]:
    """Return what a token says, proven or not.

    :raise PayloadError: it is none.
    """
    if not is_token(token):
        raise PayloadError("not_a_token", "This is no token (JWT).")
    return _decoded(token.strip().split(b".")[1])


def verified_claims(token: bytes, secrets: Iterable[str], algorithm: str) -> dict[str, Any]:
    """Return what a token says; raises SignatureError unless one of ``secrets`` signed it.

    :param algorithm: ``HS256`` or ``HS512``.
    """
    if not is_token(token):
        raise SignatureError("signature_malformed", "The token is malformed.")
    signed, _dot, signature = token.strip().rpartition(b".")
    expected = [_sign(signed, secret, algorithm) for secret in secrets]
    require_match(signature.decode(), expected)
    try:
        header, said = (_decoded(part) for part in signed.split(b"."))
    except PayloadError as error:
        raise SignatureError("signature_malformed", "The token is malformed.") from error
    if header.get("alg") != algorithm:
        raise SignatureError("signature_malformed", f"The token is not of the kind {algorithm}.")
    return said


def _sign(signed: bytes, secret: str, algorithm: str) -> str:
    digest = hmac.digest(secret.encode(), signed, _DIGESTS[algorithm])
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _decoded(part: bytes) -> dict[str, Any]:
    try:
        return load_object(base64.urlsafe_b64decode(part + b"=="))  # more than enough is ignored
    except binascii.Error as error:
        raise PayloadError("not_base64", "The token is not Base64.") from error
