"""Mail that Odoo's parser refuses, or takes minutes for, made fit for it.

The standard library's parser is exact about things that senders are not: charsets and types that do
not exist, broken addresses and words. And it takes time by the square of the length of a header.
"""

import re
from email import policy
from email.header import Header
from email.message import Message
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

from . import original as mail_original
from . import reading as mail_reading
from .headers import Headers, Party, codec, parties, to_text
from .text import html_to_text

#: Longer headers are shortened; no person has written them. Those of parts take the longest.
HEADER_LIMIT = 20_000
CONTENT_LIMIT = 2000
#: Addresses that are kept of a longer list, and how much of it is looked at.
ADDRESS_LIMIT = 1000
_LIST_LIMIT = 300_000
#: More of them in an HTML text are left out: cleaning takes Odoo 1 s per 25,000, twice.
TAG_LIMIT = 100_000
ORIGINAL_NAME = "original.eml"

_ADDRESSES = {"from", "to", "cc", "delivered-to", "reply-to", "sender", "resent-to", "resent-cc"}
_KNOWN_TYPES = {"text", "image", "audio", "video", "application", "message", "multipart"}
_TYPE = re.compile(r"\s*([\w!#$&^.+-]{1,100})/[\w!#$&^.+-]{1,100}", re.ASCII)
_CHARSET = re.compile(r";\s*charset\*?\s*=\s*(\"[^\"]*\"?|[^;\s]*)", re.IGNORECASE)
# The parser asks for the type of each part while it reads, so this one is cut in the bytes.
_CONTENT_TYPE = re.compile(rb"^content-type:(?:[^\n]++|\n[ \t])*+", re.IGNORECASE | re.MULTILINE)


def bounded(raw: bytes) -> bytes:
    """Return ``raw`` without the rest of any Content-Type that is too long to be one."""
    if all(len(found[0]) <= CONTENT_LIMIT for found in _CONTENT_TYPE.finditer(raw)):
        return raw
    return _CONTENT_TYPE.sub(lambda found: found[0][:CONTENT_LIMIT].rstrip(), raw)


def repair(message: Message) -> None:
    """Change what the standard library would raise on, or spend minutes on, and nothing else.

    :raise ValueError: the HTML is beyond what can be made safe in a time that others may wait.
    """
    for part in message.walk():
        items = list(part.raw_items())
        repaired = [(name, _repaired(part, name.lower(), value)) for name, value in items]
        if repaired != items:
            for name in {name for name, _value in items}:
                del part[name]
            for name, value in repaired:
                part.set_raw(name, value)
        _check_html(part)


def _check_html(part: Message) -> None:
    source = part.get_payload()
    if not isinstance(source, str) or len(source) <= TAG_LIMIT:
        return  # decoding it is not worth the time
    if part.get_content_type() == "text/html" and not part.get_filename():
        if (part.get_payload(decode=True) or b"").count(b"<") > TAG_LIMIT:
            raise ValueError(f"HTML with more than {TAG_LIMIT} tags")


def _repaired(part: Message, name: str, value: str) -> str:
    if name.startswith("content-"):
        value = value[:CONTENT_LIMIT]
    elif len(value) > HEADER_LIMIT:
        value = _shortened(name, value)
    if name != "content-type":
        return value
    kind = _TYPE.match(value)
    if kind and kind[1].lower() not in _KNOWN_TYPES:
        value = "application/octet-stream" + value[kind.end() :]
    charset = _CHARSET.search(value)
    if charset and not _is_charset(charset[1].strip('"')):
        name = codec(charset[1].strip("\"' ")) or _likely_charset(part)
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
    return bool(codec(name)) and name.isascii() and "'" not in name


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
