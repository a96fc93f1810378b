"""What a person reads in the head of an email: its lines cleaned, its subject without marks."""

import re

from . import vocabulary

#: Of a subject that is looked at for marks; nobody answers so often.
MARK_LIMIT = 50
# "Re:", "RE :", "Re[2]:", "Re(2):", "Re^2:", "Réf.:", "回复：", "Trả lời:"
_MARK = re.compile(
    r"\s*([^\W\d_](?:[^:：\d\[\](){}<>*#]{0,22}[^\W\d_]|))\s*\.?"
    r"\s*(?:\[\d+\]|\(\d+\)|\^\d+|\*\d+)?\s*[:：]\s*"
)
# What mail servers write in front: "[EXTERNAL]", "*EXTERNAL*", "{Spam?}", "【外部】", "EXT:"
_WARNING = re.compile(
    r"\s*(?:[\[({<【「*#]{1,5}\s*(?P<words>[^\[\](){}<>【】「」*#]{2,50}?)\s*[\])}>】」*#]{1,5}\s*[:：-]?"
    r"|(?P<capitals>[A-Z][A-Z ]{2,30}?)\s*(?:[:：]|\s[-–|]\s))\s*"
)
_NOT_WORDS = re.compile(r"[^\w\s?-]|\d+")
# As old programs write it: "[Fwd: Windows]" and "Windows (fwd)"
_BRACKETED = re.compile(r"\[\s*([^\W\d_]{2,12})\s*[:：]\s*([^\[\]]*)\]\s*")
_BEHIND = re.compile(r"\s*\(fwd?\)\s*\Z", re.IGNORECASE)
# Words by themselves in front of a number: "R: 12 windows", "Rif: 4711"
_DOUBTFUL = {"rif"}
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


def thread_subject(subject: str | None) -> str:
    """Return the subject as it is compared: without marks, letter case and extra spaces."""
    return clean_text(vocabulary.same(clean_subject(subject)))


def split_marks(subject: str | None) -> tuple[list[str], str]:
    """Return the marks in front of a subject, the outermost first, and the subject without them.

    Each mark is ``reply``, ``forward``, or ``either`` when it means one or the other by language.
    What mail servers write in front of mail from outside is left out.
    """
    text = clean_text(subject)
    marks = []
    for _number in range(MARK_LIMIT):
        if found := _bracketed(text) or _marked(text):
            text, kind = found
        elif (warning := _WARNING.match(text)) and _is_warning(warning):
            text, kind = text[warning.end() :], ""
        else:
            break
        if kind:
            marks.append(kind)
    if (behind := _BEHIND.search(text)) and behind.start():
        marks.append("forward")
        text = text[: behind.start()]
    return marks, text.strip()


def _bracketed(text: str) -> tuple[str, str] | None:
    found = _BRACKETED.fullmatch(text)
    kind = found and vocabulary.kind_of_mark(found[1])
    return (found[2].strip(), kind) if kind else None


def _marked(text: str) -> tuple[str, str] | None:
    found = _MARK.match(text)
    if not found:
        return None
    rest = text[found.end() :]
    is_doubtful = len(found[1]) == 1 or vocabulary.same(found[1]) in _DOUBTFUL
    if is_doubtful and rest[:1].isdigit():
        return None
    kind = vocabulary.kind_of_mark(found[1])
    return (rest, kind) if kind else None


def _is_warning(found: re.Match) -> bool:
    # "[SPAM 5.3]" without the number
    return vocabulary.is_warning(_NOT_WORDS.sub(" ", found["words"] or found["capitals"]))
