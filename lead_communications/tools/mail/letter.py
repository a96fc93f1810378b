"""Whether a text reads as a letter that a person wrote, whatever the headers above it say."""

import re

from . import quote, vocabulary
from .text import Content

#: Those of a signature; newsletters have more.
LINK_LIMIT = 2
_TEXT_LIMIT = 10_000
_GREETING_WORDS = 4
_CLOSING_WORDS = max(len(closing.split()) for closing in vocabulary.CLOSING)
_GREETING = re.compile(r"[^\W\d_][^\d,，、@:：]{2,40}[,，、]")
_QUESTION = re.compile(r"(?:[?？؟\u037e]|[α-ώ];)(?:\s|$)|(?:か|까)[。.]")
_UNSUBSCRIBE = re.compile(
    r"unsubscri|opt[ -]out|in (?:your|a|the) browser|wypis|zrezygn|rezygnacj|w przeglądarce|abmeld"
    r"|abbestell|im browser|désabonn|désinscri|desabonn|darse? de baja|cancelar (?:la )?suscripci"
    r"|disiscri|annulla(?:re)? l['’]iscrizione|cancelar (?:a )?(?:subscrição|inscrição)|descadastr"
    r"|afmeld|uitschrijv|odhlás|leiratkoz|dezabon|avregistrer|avprenumerer|avmeld|peruuta tilau"
    r"|отпис|відпис|κατάργηση|διαγραφ|abonelikten|配信停止|購読解除|退订|退訂|取消订阅|取消訂閱"
    r"|수신 ?거부|구독 ?취소|odjav|atsisak|atrakst|loobu|إلغاء الاشتراك|להסרה|הסרה|hủy đăng ký"
    r"|berhenti berlangganan|meld deg av"
)


def is_letter(found: Content) -> bool:
    """Return whether a text asks, greets or closes as people do, and is none that many receive."""
    text = quote.new_text((found.plain or found.html)[:_TEXT_LIMIT])
    if found.links > LINK_LIMIT or _UNSUBSCRIBE.search((found.plain + found.html).lower()):
        return False
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        return False
    greeting = _GREETING.match(lines[0])
    greets = bool(greeting) and len(greeting[0].split()) <= _GREETING_WORDS
    return greets or bool(_QUESTION.search(text)) or any(map(closes, lines[1:]))


def closes(line: str) -> bool:
    """Tell whether a line is how people end their letters, also with a name behind it."""
    if line.startswith("--"):
        return True
    words = line.strip(" ,.!*_。！，、").split()
    for size, _word in enumerate(words[:_CLOSING_WORDS], 1):
        rest = words[size:]
        if vocabulary.same(" ".join(words[:size])).rstrip(",.!;") in vocabulary.CLOSING and (
            len(rest) <= 2 or all(word[:1].isupper() for word in rest)
        ):
            return True
    return False
