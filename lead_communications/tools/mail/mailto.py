"""Links that open a mail program with a message that is ready to be sent (RFC 6068)."""

from itertools import accumulate, takewhile
from urllib.parse import quote

# Windows opens no longer link, and says nothing about it.
MAX_LENGTH = 2000
CUT = "…"


def mailto(addresses: list[str], subject: str = "", body: str = "") -> str:
    """Return the link that opens a message to ``addresses``; a long body is cut, not the rest.

    Everything is percent-encoded: nothing in a name or a text can add a header or a recipient.
    """
    link = f"mailto:{','.join(map(quote, addresses))}?subject={quote(subject)}"
    if not body:
        return link
    link += "&body="
    return link + _fitting(body, MAX_LENGTH - len(link))


def _fitting(body: str, length: int) -> str:
    """Return the encoded body, cut at a word if it is longer than ``length``."""
    text = body.replace("\r\n", "\n").replace("\n", "\r\n")
    if len(quote(text)) <= length:
        return quote(text)
    room = length - len(quote(CUT))
    # a character is up to twelve when it is encoded, and never cut in the middle
    sizes = accumulate(len(quote(character)) for character in text)
    text = text[: len(list(takewhile(lambda size: size <= room, sizes)))]
    return quote((text.rpartition(" ")[0] or text).rstrip() + CUT)
