"""What Odoo's parser is given of an email: its headers, made fit for it.

The standard library's parser is exact about things that senders are not: charsets and types that do
not exist, broken addresses and words. And it takes time by the square of the length of a header.
What stands below the headers is read by :mod:`.message`; of delivery reports Odoo reads it too.
"""

import re
from email import policy
from email.header import Header
from email.message import Message
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

from .. import charset as mail_charset
from . import original as mail_original
from . import reading as mail_reading
from .headers import Headers, Party, decode_words, parties, to_text
from .html import html_to_text
from .parts import head_of

#: Longer headers are shortened; no person has written them. Those of parts take the longest.
HEADER_LIMIT = 20_000
CONTENT_LIMIT = 2000
#: Addresses that are kept of a longer list, and how much of it is looked at.
ADDRESS_LIMIT = 1000
_LIST_LIMIT = 300_000
#: Of the body of a delivery report, in bytes.
REPORT_LIMIT = 1_000_000
ORIGINAL_NAME = "original.eml"

_ADDRESSES = {"from", "to", "cc", "delivered-to", "reply-to", "sender", "resent-to", "resent-cc"}
_KNOWN_TYPES = {"text", "image", "audio", "video", "application", "message", "multipart"}
_TYPE = re.compile(r"\s*([\w!#$&^.+-]{1,100})/[\w!#$&^.+-]{1,100}", re.ASCII)
_CHARSET = re.compile(r";\s*charset\*?\s*=\s*(\"[^\"]*\"?|[^;\s]*)", re.IGNORECASE)
# The parser asks for the type of each part while it reads, so this one is cut in the bytes.
_IDS = ("message-id", "references", "in-reply-to")
_HEADER_LINE = re.compile(rb"[!-9;-~]{1,200}[ \t]*:")
# Neighbours together: characters may be cut in two by the end of a word. The standard library reads
# those in UTF-8 as everybody does.
_WORDS = re.compile(
    r"=\?(?!utf-8[?*])[\w.:+-]{1,40}(?:\*[\w-]{0,20})?\?[bq]\?[^?]{0,2000}\?="
    r"(?:\s+=\?[\w.:+-]{1,40}(?:\*[\w-]{0,20})?\?[bq]\?[^?]{0,2000}\?=)*",
    re.IGNORECASE,
)
_CONTENT_TYPE = re.compile(rb"^content-type:(?:[^\n]++|\n[ \t])*+", re.IGNORECASE | re.MULTILINE)


def bounded(raw: bytes) -> bytes:
    """Return ``raw`` without the rest of any Content-Type that is too long to be one."""
    if all(len(found[0]) <= CONTENT_LIMIT for found in _CONTENT_TYPE.finditer(raw)):
        return raw
    return _CONTENT_TYPE.sub(lambda found: found[0][:CONTENT_LIMIT].rstrip(), raw)


def for_host(raw: bytes) -> bytes:
    """Return what Odoo is to parse of an email: its headers, and the body of a delivery report."""
    raw, headers = head_of(raw)
    lines: list[bytes] = []
    for line in raw[headers.start : headers.body].splitlines():
        is_more = line[:1] in (b" ", b"\t") and line.strip() and lines
        if is_more or _HEADER_LINE.match(line):
            lines.append(line)
    is_report = headers.content_type()[0] == "multipart/report"
    body = raw[headers.body : headers.body + REPORT_LIMIT] if is_report else b""
    return bounded(b"".join(line + b"\r\n" for line in lines) + b"\r\n" + body)


def repair(message: Message) -> None:
    """Change what the standard library would raise on, misread, or spend minutes on.

    Nothing else is changed.
    """
    kind = next(
        (value for name, value in message.raw_items() if name.lower() == "content-type"), ""
    )
    found = _CHARSET.search(kind)
    hint = found[1].strip("\"' ") if found else ""
    for part in message.walk():
        items = list(part.raw_items())
        repaired = [(name, _repaired(part, name.lower(), value, hint)) for name, value in items]
        if repaired != items:
            for name in {name for name, _value in items}:
                del part[name]
            for name, value in repaired:
                part.set_raw(name, value)


def _legible(value: str, hint: str) -> str:
    """Return a header without bytes of unknown charsets, and with words in UTF-8 alone."""
    if not value.isascii():
        value = to_text(value.encode("utf-8", "surrogateescape"), hint=hint)
    return _WORDS.sub(lambda found: _encoded(decode_words(found[0])) or found[0], value)


def _repaired(part: Message, name: str, value: str, hint: str) -> str:
    if name.startswith("content-"):
        value = value[:CONTENT_LIMIT]
    elif len(value) > HEADER_LIMIT:
        value = _shortened(name, value)
    if not name.startswith("content-"):
        return value if name in _IDS else _legible(value, hint)
    if name != "content-type":
        return value
    kind = _TYPE.match(value)
    if kind and kind[1].lower() not in _KNOWN_TYPES:
        value = "application/octet-stream" + value[kind.end() :]
    charset = _CHARSET.search(value)
    if charset and not _is_charset(charset[1].strip('"')):
        name = mail_charset.codec(charset[1].strip("\"' ")) or _likely_charset(part)
        value = f'{value[: charset.start()]}; charset="{name}"{value[charset.end() :]}'
    return value


def _shortened(name: str, value: str) -> str:
    if name in _ADDRESSES:
        text = to_text(_whole_entries(value, _LIST_LIMIT).encode("utf-8", "surrogateescape"))
        found = [party.address for party in parties(text, ADDRESS_LIMIT) if party.address]
        return _whole_entries(", ".join(found), 3 * HEADER_LIMIT)
    # the nearest ones are at the end
    return value[-HEADER_LIMIT:] if name == "references" else value[:HEADER_LIMIT]


def _whole_entries(text: str, limit: int) -> str:
    """Return the beginning of a list; an address that is cut would be somebody else's.

    What has no comma is no list, and is kept as far as it goes.
    """
    return f"{text},"[:limit].rpartition(",")[0] or text[:limit]


def _is_charset(name: str) -> bool:
    # Python finds codecs by names with odd characters, but the parser does not.
    return bool(mail_charset.codec(name)) and name.isascii() and "'" not in name


def _likely_charset(part: Message) -> str:
    try:
        (part.get_payload(decode=True) or b"").decode()
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def readable(raw: bytes) -> bytes:
    """Return a plain mail that says what can be read of ``raw``, with ``raw`` as an attachment."""
    headers, reading = Headers(raw), mail_reading.read(raw)
    message = MIMEMultipart(policy=policy.SMTP.clone(max_line_length=None))
    message.attach(MIMEText(_text(raw), "plain", "utf-8"))
    original = MIMEApplication(raw)
    original.add_header("Content-Disposition", "attachment", filename=ORIGINAL_NAME)
    message.attach(original)
    date = headers.text("date").encode("ascii", "ignore").decode()
    found = {
        "From": _parties([reading.sender] if reading.sender else []),
        "To": _parties(reading.recipients),
        "Subject": _encoded(headers.text("subject")),
        "Date": date,
        "References": " ".join(reading.references),
        "In-Reply-To": " ".join(reading.references[-1:]),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in found.items() if value)
    return head.encode("ascii", "replace") + message.as_bytes()


def _text(raw: bytes) -> str:
    text = mail_original.text(raw) or html_to_text(mail_original.html(raw) or "")
    return text.encode("utf-8", "replace").decode()


def _parties(found) -> str:
    return ", ".join(map(_party, found))


def _party(party: Party) -> str:
    if not party.address.isascii():
        return _encoded(f"{party.name} <{party.address}>")
    name = _encoded(party.name)
    return f"{name} <{party.address}>" if party.address else name


def _encoded(text: str) -> str:
    """Return ``text`` as words that any parser can read, on one line."""
    return Header(text, "utf-8", maxlinelen=0).encode() if text else ""
