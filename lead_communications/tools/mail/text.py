"""The text of an email, and the email that it carries: the beginning of it, whatever it is made of.

Only the first bytes are looked at, and nothing that is attached is decoded.
"""

import re
from typing import NamedTuple

from .headers import Headers
from .html import html_to_text
from .parts import CARRIED_TYPES, Part, parse

#: What is looked at: bytes of the body, and of one text.
BODY_LIMIT = 256 * 1024
TEXT_LIMIT = 64 * 1024
_LINK = re.compile(r"https?://", re.IGNORECASE)
_LINK_IN_HTML = re.compile(r"<a\b[^<>]*\bhref\s*=\s*[\"']?https?:", re.IGNORECASE)


class Content(NamedTuple):
    """What was found: the text and HTML as text, and the headers of each email that is carried.

    :param links: to pages, in the text or in the HTML, whichever has more.
    """

    plain: str
    html: str
    messages: list[Headers]
    links: int = 0


def content(raw: bytes) -> Content:
    """Return the beginning of what the body of ``raw`` says."""
    texts = {"text/plain": "", "text/html": ""}
    messages = []
    for part in parse(raw, BODY_LIMIT).root.walk():
        if part.lies_in_message or _is_of_report(part):
            continue
        if part.type in CARRIED_TYPES and part.children:
            messages.append(part.children[0].headers)
        elif part.type in texts and not texts[part.type] and not part.is_attached:
            texts[part.type] = part.text(TEXT_LIMIT)
    plain, html = texts.values()
    links = max(len(_LINK.findall(plain)), len(_LINK_IN_HTML.findall(html)))
    return Content(plain, html_to_text(html), messages, links)


def _is_of_report(part: Part) -> bool:
    step: Part | None = part
    while step:
        if step.type == "multipart/report":
            return True
        step = step.parent
    return False
