"""What ``imaplib`` leaves to its user: names, lists, FETCH responses, moving. Plain Python."""

import base64
import binascii
import datetime
import imaplib
import logging
import re
import time
from collections.abc import Iterable
from typing import NamedTuple

from .folder_names import role_of

_logger = logging.getLogger(__name__)

# So many UIDs fit into the longest line that imaplib reads.
WINDOW = 50_000
# A command line may have 8,000 characters (RFC 7162).
UIDS_IN_A_COMMAND = 500

ROLES = {"\\sent": "sent", "\\junk": "spam", "\\drafts": "drafts"}
# What is marked so is not sent yet, or not wanted any more, and both may be taken back.
LEFT_ALONE = {"\\draft", "\\deleted"}
# Gmail does not always mark a draft in All Mail; there it has this label.
DRAFT_LABELS = {"\\draft", "\\drafts"}
# Who asks (RFC 2971). Some servers show no folder to a client that does not say so.
CLIENT = '("name" "Odoo" "vendor" "lead_communications" "version" "19.0")'
# imaplib does not know the command; it is allowed at any time.
imaplib.Commands["ID"] = ("NONAUTH", "AUTH", "SELECTED")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_QUOTED = rb'"((?:\\.|[^"\\])*)"'
_LITERAL = re.compile(rb"~?\{\d+\+?\}$")
_LIST = re.compile(rb"\((?P<flags>[^)]*)\) +(?:" + _QUOTED + rb"|NIL) +(?P<name>.*)$", re.DOTALL)
_TOKEN = re.compile(_QUOTED + rb'|([()])|([^\s()"\[]+(?:\[[^\]]*\])?(?:<\d+>)?)')


class FolderError(Exception):
    """The server refuses what was asked of a folder; its words are the message."""


class ListedFolder(NamedTuple):
    """A folder of the server: how the server writes its name, how people do, what it is for."""

    wire: str
    name: str
    role: str


class Fetched(NamedTuple):
    """A message, or its header alone, and what the server says of it."""

    raw: bytes
    received_date: datetime.datetime | None = None
    size: int = 0
    is_whole: bool = True
    is_old: bool = False  # from before the start date: not wanted
    is_left_alone: bool = False  # a draft, or marked as deleted: not now


class Described(NamedTuple):
    """What a server says of a message that it need not read for that."""

    size: int = 0
    is_left_alone: bool = False


# ---- NAMES ----


def decode_name(wire: str) -> str:
    """Return the name of a folder for people, from modified UTF-7 (RFC 3501, 5.1.3).

    What is no such text stays as it is.
    """

    def decode(match):
        if not match[1]:
            return "&"
        coded = match[1].replace(",", "/")
        return base64.b64decode(coded + "=" * (-len(coded) % 4), validate=True).decode("utf-16-be")

    try:
        return re.sub(r"&([^-]*)-", decode, wire)
    except (binascii.Error, UnicodeDecodeError):
        return wire


def encode_name(name: str) -> str:
    """Return the name of a folder as IMAP writes it, in modified UTF-7."""

    def encode(match):
        coded = base64.b64encode(match[0].encode("utf-16-be")).decode().rstrip("=")
        return f"&{coded.replace('/', ',')}-"

    return re.sub(r"[^\x20-\x7e]+", encode, name.replace("&", "&-"))


def quote(text: str) -> bytes:
    """Return ``text`` as a quoted string of a command."""
    return b'"' + re.sub(rb'(["\\])', rb"\\\1", text.encode("latin-1", "replace")) + b'"'


# ---- WHO ASKS ----


def tell_who_asks(connection):
    """Send ``ID`` if the server offers it now; what it answers does not matter.

    Called before and after the login: servers offer it, and want it, at different times.
    """
    if "ID" not in _capabilities(connection):
        return
    try:
        connection.xatom("ID", CLIENT)
    except imaplib.IMAP4.abort:
        raise  # the connection broke
    except imaplib.IMAP4.error as error:
        _logger.debug("The mail server refuses ID: %s", error)


# ---- LISTS OF FOLDERS ----


def list_folders(connection) -> list[ListedFolder]:
    """Return the folders of the server that can hold mail."""
    if {"SPECIAL-USE", "LIST-EXTENDED"} <= _capabilities(connection):
        status, said = connection.xatom("LIST", '""', '"*"', "RETURN", "(SPECIAL-USE)")
        data = connection.response("LIST")[1]
    else:
        status, data = connection.list('""', '"*"')
        said = data
    if status != "OK":
        raise FolderError(_text(said))
    return parse_list(data)


def _capabilities(connection) -> set[str]:
    # The last answer counts: servers tell others before they know who asks.
    _status, data = connection.capability()
    return set((data[-1] or b"").decode().upper().split())


def parse_list(data: Iterable) -> list[ListedFolder]:
    """Return the folders in the answer to LIST, in the form in which imaplib gives it."""
    folders = []
    for part in data:
        line, literal = part if isinstance(part, tuple) else (part, None)
        match = _LIST.match(line or b"")
        if not match:
            continue
        flags = {flag.lower() for flag in match["flags"].decode("ascii", "replace").split()}
        wire = (_string(match["name"]) if literal is None else literal).decode("latin-1")
        if wire and not flags & {"\\noselect", "\\nonexistent"}:
            delimiter = (match[2] or b"").decode("latin-1")
            name = decode_name(wire)
            folders.append(ListedFolder(wire, name, _role(flags, name, delimiter)))
    return folders


def _string(value: bytes) -> bytes:
    """Return the astring with which ``value`` begins."""
    quoted = re.match(_QUOTED, value)
    return re.sub(rb"\\(.)", rb"\1", quoted[1]) if quoted else value.split(b" ")[0]


def _role(flags: set[str], name: str, delimiter: str) -> str:
    for flag, role in ROLES.items():
        if flag in flags:
            return role
    last = name.rpartition(delimiter)[2] if delimiter else name
    return role_of(last) or "inbox"


# ---- FETCH RESPONSES ----


def fetch_items(data: Iterable) -> dict[int, dict[str, bytes | list | None]]:
    """Return the items of each message by its UID, from what ``imaplib`` gives for FETCH.

    A list, such as that of the flags, is given without the lists in it.

    The items may come in any order, in several responses, or be missing; what the server tells
    without being asked (that flags changed) stands among them.
    """
    messages: dict[int, dict] = {}
    tokens: list[tuple[str, bytes]] = []
    for part in data:
        if isinstance(part, tuple):
            tokens += _tokens(_LITERAL.sub(b"", part[0]))
            tokens.append(("string", part[1]))
        elif part:
            tokens += _tokens(part)
            items = _items(tokens)
            tokens = []
            if items.get("UID"):
                messages.setdefault(int(items["UID"]), {}).update(items)
    return messages


def _tokens(text: bytes) -> list[tuple[str, bytes]]:
    tokens = []
    for match in _TOKEN.finditer(text):
        if match[1] is not None:
            tokens.append(("string", re.sub(rb"\\(.)", rb"\1", match[1])))
        else:
            tokens.append(("sign" if match[2] else "atom", match[2] or match[3]))
    return tokens


def _items(tokens: list[tuple[str, bytes]]) -> dict[str, bytes | list | None]:
    """Return the items of one response: ``<number> ( NAME value NAME value … )``."""
    items: dict[str, bytes | list | None] = {}
    depth, name = 0, None
    for kind, value in tokens:
        if kind == "sign":
            depth += 1 if value == b"(" else -1
            if (depth, value) == (2, b"(") and name:
                items[name] = []
            elif depth == 1:
                name = None  # the list was the value
        elif depth == 2 and name:
            items[name].append(value)
        elif depth != 1:
            continue
        elif name is None:
            name = value.decode("ascii", "replace").upper()
        else:
            items[name] = None if (kind, value.upper()) == ("atom", b"NIL") else value
            name = None
    return items


def _is_left_alone(item) -> bool:
    """Tell whether a message is a draft or marked as deleted, by what FETCH says of it."""

    def words(name):
        found = item.get(name)
        found = found if isinstance(found, list) else []
        return {word.decode("ascii", "replace").lower() for word in found}

    return bool(words("FLAGS") & LEFT_ALONE or words("X-GM-LABELS") & DRAFT_LABELS)


def _received_date(value: bytes | None) -> datetime.datetime | None:
    """Return an INTERNALDATE as naive UTC, or None."""
    local = imaplib.Internaldate2tuple(b'INTERNALDATE "%s"' % value) if value else None
    if not local:
        return None
    return datetime.datetime.fromtimestamp(time.mktime(local), datetime.UTC).replace(tzinfo=None)


# ---- ONE FOLDER ----


class Folder:
    """A folder on the server.

    :param connection: an ``imaplib`` connection, logged in.
    :param str wire: the folder's name as the server writes it.
    """

    def __init__(self, connection, wire: str):
        self._connection = connection
        self._wire = wire
        self._known_extensions = None

    def reopen(self, connection):
        """Go on by another connection.

        :raise FolderError: the folder can't be opened any more.
        :raise imaplib.IMAP4.abort: its messages have other numbers meanwhile.
        """
        uid_validity = self.uid_validity
        self._connection = connection
        self.open(self.is_readonly)
        if self.uid_validity != uid_validity:
            raise imaplib.IMAP4.abort("UIDVALIDITY has changed.")

    def open(self, readonly=True):
        """Select the folder.

        :raise FolderError: there is none of this name, or it can't be opened.
        """
        try:
            status, data = self._connection.select(quote(self._wire), readonly=readonly)
        except self._connection.readonly:
            return self.open()
        if status != "OK":
            raise FolderError(_text(data))
        self.is_readonly = readonly
        self._count = int(data[-1] or b"0")  # the last one: mail may come meanwhile
        self.uid_validity = self._told("UIDVALIDITY")
        self._uid_next = self._told("UIDNEXT")
        return self

    def _told(self, code):
        return (self._connection.response(code)[1][-1] or b"").decode()

    def highest_uid(self) -> int:
        """Return a UID that no message has gone beyond when the folder was opened."""
        if self._uid_next:
            return int(self._uid_next) - 1
        return max(self._fetch("*", "(UID)"), default=0)

    def new_uids(self, last_uid, limit, since=None, since_until=None):
        """Return the UIDs after ``last_uid``, ``limit`` at most, and how many there are in all.

        :param since: leave out what the server received before this date …
        :param since_until: … among the UIDs up to this one.
        """
        criteria = ["UID", f"{last_uid + 1}:*"]
        if since and last_uid < since_until:
            day = f"{since.day}-{_MONTHS[since.month - 1]}-{since.year}"
            criteria += ["OR", "NOT", "UID", f"1:{since_until}", "SINCE", day]
        found, total = [], 0
        for window in self._windows():
            # “n:*” always names the last message, also when its UID is below n.
            uids = [uid for uid in self.search(*window, *criteria) if uid > last_uid]
            total += len(uids)
            # Of one window alone: what moves between windows meanwhile has a higher UID.
            found = found or uids[: max(limit, 0)]
        return found, total

    def _windows(self):
        if self._count <= WINDOW:
            return [[]]
        return [
            [f"{start}:{min(start + WINDOW - 1, self._count)}"]
            for start in range(1, self._count + 1, WINDOW)
        ]

    def search(self, *criteria) -> list[int]:
        """Return the UIDs of the messages that meet the criteria, in ascending order."""
        status, data = self._connection.uid("SEARCH", *criteria)
        if status != "OK":
            raise FolderError(_text(data))
        return sorted({int(uid) for line in data if line for uid in line.split()})

    def with_message_id(self, message_id: str) -> list[int]:
        """Return the UIDs of the messages with this Message-ID."""
        return self.search("HEADER", "Message-ID", quote(message_id))

    def describe(self, uids: list[int]) -> dict[int, Described]:
        """Return what the server says of messages; of those alone that are still there."""
        described = {}
        for some in _portions(uids):
            for uid, item in self._fetch(_uid_set(some), self._request("RFC822.SIZE")).items():
                size = int(item.get("RFC822.SIZE") or 0)
                described[uid] = Described(size, _is_left_alone(item))
        return {uid: described[uid] for uid in uids if uid in described}

    def left_alone(self, uids: list[int]) -> tuple[list[int], list[int]]:
        """Return which of the messages are to be left alone, and which no more.

        What is gone is in neither; nothing is gone as long as the server shows no message at all.
        """
        if not self._count:
            return uids, []
        still, no_more = [], []
        for some in _portions(uids):
            # The last one is asked for along: it tells that the server shows its messages.
            items = self._fetch(f"{_uid_set(some)},*", self._request())
            for uid in some:
                if not items or _is_left_alone(items.get(uid, {})):
                    still.append(uid)
                elif uid in items:
                    no_more.append(uid)
        return still, no_more

    def _request(self, *names):
        """Return what FETCH asks for besides ``names``: what tells whether to leave it alone."""
        labels = ["X-GM-LABELS"] if "X-GM-EXT-1" in self._extensions() else []
        return f"({' '.join(['UID', 'FLAGS', *labels, *names])})"

    def _extensions(self):
        if self._known_extensions is None:
            self._known_extensions = _capabilities(self._connection)
        return self._known_extensions

    def fetch(self, uid: int, size=0, is_whole=True) -> Fetched | None:
        """Return a message or its header without marking it seen; None when it is gone.

        :raise FolderError: it is there, and the server does not hand it over.
        """
        part = "BODY[]" if is_whole else "BODY[HEADER]"
        request = self._request("INTERNALDATE", part.replace("BODY", "BODY.PEEK"))
        item = self._fetch(str(uid), request).get(uid, {})
        raw = item.get(part)
        if raw is None or (not raw and (size or self._size(uid))):
            # An answer without the message, or none at all, is no proof that it is gone.
            if self._is_gone(uid):
                return None
            raise FolderError("FETCH was answered without the message.")
        received = _received_date(item.get("INTERNALDATE"))
        return Fetched(
            raw, received, size or len(raw), is_whole, is_left_alone=_is_left_alone(item)
        )

    def _size(self, uid):
        return self.describe([uid]).get(uid, Described()).size

    def _is_gone(self, uid):
        # The last one is asked for along: it tells that the server shows its messages.
        shown = self.search("UID", f"{uid},*")
        if not shown:
            self.open(self.is_readonly)
            return not self._count
        return uid not in shown

    def _fetch(self, uid_set, request):
        status, data = self._connection.uid("FETCH", uid_set, request)
        if status != "OK":
            raise FolderError(_text(data))
        return fetch_items(data)

    def mark_as_read(self, uids: list[int]):
        """Set the flag Seen."""
        self._change("STORE", uids, "+FLAGS.SILENT", "(\\Seen)")

    def move(self, uids: list[int], target: str):
        """Move messages to another folder.

        :param target: the name of the folder as the server writes it.
        :raise FolderError: the server can't, or ``no_move`` when it knows no safe way to do it.
        """
        capabilities = _capabilities(self._connection)
        if "MOVE" in capabilities:
            self._change("MOVE", uids, quote(target))
        elif "UIDPLUS" in capabilities:
            self._change("COPY", uids, quote(target))
            self._change("STORE", uids, "+FLAGS.SILENT", "(\\Deleted)")
            self._change("EXPUNGE", uids)
        else:
            # EXPUNGE alone would remove what a person marked as deleted, too.
            raise FolderError("no_move")

    def _change(self, command, uids, *args):
        for some in _portions(uids):
            status, data = self._connection.uid(command, _uid_set(some), *args)
            if status != "OK":
                raise FolderError(_text(data))


def _portions(uids: list[int]):
    """Return ``uids`` in parts of which each fits in a command."""
    return [
        uids[start : start + UIDS_IN_A_COMMAND] for start in range(0, len(uids), UIDS_IN_A_COMMAND)
    ]


def _uid_set(uids: list[int]) -> str:
    return ",".join(map(str, uids))


def _text(data) -> str:
    """Return what the server said, for people."""
    return b" ".join(filter(None, data)).decode("utf-8", "replace")
