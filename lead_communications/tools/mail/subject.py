"""What a person reads in the head of an email: its lines cleaned, its subject without marks."""

import re

# As the mail programs of several languages write them; single letters in capitals only. "VS" is an
# answer in Finnish, and forwarded in Danish and Norwegian.
_REPLY_MARKS = (
    "re|aw|antw|antwort|odp|odpowiedź|rép|sv|(?-i:R|HA|НА)|отв|ответ|відп|відповідь|回复|答复"
)
_FORWARD_MARKS = (
    "fwd?|pd|przekazane|przek|wg|weitergeleitet|tr|rv|reenv|(?-i:I)|inoltro|doorst|doorgestuurd"
    "|přep|předáno|пер|пересл|переслано|перенапр|转发"
)
_MARK = re.compile(
    rf"\s*(?:(?P<reply>{_REPLY_MARKS})|(?P<forward>{_FORWARD_MARKS})|(?P<either>vs))"
    r"\s*(?:\[\d+\]|\(\d+\)|\^\d+)?\s*[:：]"
    # what mail servers write in front of mail from outside
    r"|\s*\[(?:ext|extern|external)\]",
    re.IGNORECASE,
)
# Also halves of characters: no database takes them.
_CONTROL = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+"
)


def clean_text(text: str | None, limit: int = 250) -> str:
    """Return one line without control, zero-width and direction-changing characters."""
    return _CONTROL.sub(" ", text or "").strip()[:limit].strip()


def clean_subject(subject: str | None) -> str:
    """Return the subject without the marks of replies and forwards (Re:, Fwd:, Odp:, …)."""
    return split_marks(subject)[1]


def split_marks(subject: str | None) -> tuple[list[str], str]:
    """Return the marks in front of a subject, the outermost first, and the subject without them.

    Each mark is ``reply``, ``forward``, or ``either`` when it means one or the other by language.
    """
    text = clean_text(subject)
    marks = []
    end = 0
    while mark := _MARK.match(text, end):
        end = mark.end()
        if mark.lastgroup:
            marks.append(mark.lastgroup)
    return marks, text[end:].strip()
