"""Which addresses a From header may be read as, by whatever mail program."""

import re
import unicodedata
from email.errors import HeaderParseError
from email.header import decode_header

# Nobody writes so long a name; an encoded word may hold another one.
MAX_LENGTH = 2000
MAX_DECODED = 3

_COMMENT = re.compile(r"\([^()]*\)")
_QUOTING = re.compile(r"[\"'\\]")
_SPACE = re.compile(r"\s")
_DOTS = re.compile("[\u3002\uff0e\uff61]")
_ADDRESS = re.compile(r"[^\s<>,;:@]+@[^\s<>,;:@]+")


def sender_addresses(sender: str) -> set[str]:
    """Return each address that ``sender`` holds in any spelling, in one and the same spelling.

    Quoted or encoded, with comments, spaces or characters that nobody sees, with another full stop
    or one at the end, the domain in letters or in its ASCII form. Rather one too many: what stands
    in the name is read as an address, too.
    """
    text = _decoded((sender or "")[:MAX_LENGTH])
    text = unicodedata.normalize("NFKC", _DOTS.sub(".", text)).casefold()
    text = "".join(char for char in text if unicodedata.category(char) not in ("Cc", "Cf"))
    text = _QUOTING.sub("", _COMMENT.sub("", text))
    found = {*_ADDRESS.findall(text), *_ADDRESS.findall(_SPACE.sub("", text))}
    return {_same_spelling(address) for address in found}


def _decoded(text: str) -> str:
    for _time in range(MAX_DECODED):
        try:
            words = decode_header(text)
        except HeaderParseError:  # Base64 that is none
            return text
        text = "".join(_word(*word) for word in words)[:MAX_LENGTH]
    return text


def _word(word: str | bytes, charset: str | None) -> str:
    if isinstance(word, str):
        return word
    try:
        return word.decode(charset or "utf-8", "replace")
    except (LookupError, ValueError):  # a charset that does not exist
        return word.decode("latin-1")


def _same_spelling(address: str) -> str:
    local, _at, domain = address.partition("@")
    labels = domain.strip(".").split(".")
    return f"{local.strip('.')}@{'.'.join(map(_ascii_label, labels))}"


def _ascii_label(label: str) -> str:
    try:
        return label.encode("idna").decode("ascii")
    except UnicodeError:  # no label of a domain
        return label
