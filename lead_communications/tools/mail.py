"""What identifies an email. Plain Python on the bytes as they came, before any parsing."""

import hashlib
import re

# The headers that a message keeps on its way; each mailbox adds trace headers of its own.
KEPT_HEADERS = (b"from", b"subject", b"date")
_MESSAGE_ID = re.compile(rb"<[^<>\s]+>")
_REPLY_PREFIX = re.compile(
    r"^\s*((re|fwd?|aw|odp|pd|sv|vs|tr|rv|wg)\s*(\[\d+\])?\s*:\s*)+", re.IGNORECASE
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]+")


def split(raw: bytes) -> tuple[dict[bytes, bytes], bytes]:
    """Return the first value of each header by its lower-case name, unfolded, and the body."""
    head, _separator, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    headers: dict[bytes, bytes] = {}
    for line in re.sub(rb"\n[ \t]+", b" ", head).split(b"\n"):
        name, colon, value = line.partition(b":")
        if colon:
            headers.setdefault(name.strip().lower(), value.strip())
    return headers, body


def content_hash(raw: bytes) -> str:
    """Return the SHA-256 of what the sender wrote.

    Equal for the copies of one mail in several mailboxes, which differ by their trace headers
    (Received, Delivered-To, X-Spam-…), and different for another mail that reuses its Message-ID.
    """
    headers, body = split(raw)
    digest = hashlib.sha256()
    for name in KEPT_HEADERS:
        digest.update(name + b":" + headers.get(name, b"") + b"\n")
    digest.update(body.rstrip())
    return digest.hexdigest()


def message_id(raw: bytes) -> str:
    """Return the Message-ID with its angle brackets.

    A mail without one gets an id made of its content, the same each time it is fetched.
    """
    headers, _body = split(raw)
    value = headers.get(b"message-id", b"")
    found = _MESSAGE_ID.search(value)
    text = (found.group() if found else value).decode("ascii", "replace").strip()
    return text or f"<{content_hash(raw)[:32]}@content.lead-communications>"


def clean_text(text: str | None, limit: int = 250) -> str:
    """Return one line without control, zero-width and direction-changing characters."""
    return _CONTROL.sub(" ", text or "").strip()[:limit].strip()


def clean_subject(subject: str | None) -> str:
    """Return the subject without the marks of replies and forwards (Re:, Fwd:, Odp:, …)."""
    return _REPLY_PREFIX.sub("", clean_text(subject)).strip()
