"""What an email says, as everything here shows it: the texts, the files, and what is not shown.

The row, its preview, the chatter, the description of a lead and the original all come from here.
"""

import re
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from . import invitation, protected, tnef
from .html import html_to_text
from .parts import CARRIED_TYPES, MAX_TEXT, Mail, Part, default_name, is_boilerplate, parse

#: More of them in an HTML text are left out: cleaning takes Odoo 1 s per 25,000, twice.
TAG_LIMIT = 100_000
_SHOWN_TYPES = (
    *("text/plain", "text/html", "text/rtf"),
    *("text/markdown", "text/x-markdown", "text/enriched"),
)
# Alternatives that only the program of one company shows
_OTHER_PROGRAMS = ("text/x-amp-html", "text/watch-html")
_FILE_NAME = re.compile(r'[\\/:*?"<>|]+')
_IMAGE = re.compile(r"<img\b[^>]{0,2000}?src\s*=\s*[\"']?\s*(cid:|data:)?", re.IGNORECASE)
_MAX_CARRIED_NAME = 100
# Characters of HTML that mostly tell whether there is a text in it
_LOOKED_AT = 20_000
_MOSTLY_TEXT = 300_000
# Characters and different words that are compared
_COMPARED = 100_000
_WORDS = 2000
_WORD = re.compile(r"\w{2,}")
_NO_LETTERS = re.compile(r"\W+")
_BLANKS = " \t\n\xa0\u200b\u200c\ufeff"


class Text(NamedTuple):
    """A text of the message."""

    kind: str
    """``plain`` or ``html``."""
    text: str


class File(NamedTuple):
    """A file that came with the message."""

    name: str
    content: bytes
    type: str
    content_id: str


@dataclass
class Message:
    """An email, read."""

    mail: Mail
    is_report: bool
    _texts: dict[int, str] = field(default_factory=dict)

    @property
    def protection(self) -> str:
        """``signed``, ``encrypted`` or ""."""
        texts = self.plain + self.html
        return "encrypted" if any(map(protected.is_pgp, texts)) else self.mail.protection

    @cached_property
    def is_whole(self) -> bool:
        """Whether all of it is in the texts and files that are told."""
        return self.mail.is_whole and self._shown[1]

    @property
    def texts(self) -> list[Text]:
        """What is shown, in its order: of alternatives the best one that says something.

        ``MAX_TEXT`` characters at most. HTML that nobody could wait for is shown as its text.
        """
        return self._shown[0]

    def is_said_by(self, text: str) -> bool:
        """Tell whether ``text`` holds all words of the texts, as far as they are looked at."""
        letters = _NO_LETTERS.sub("", text[:_COMPARED])
        mine = "\n".join(
            html_to_text(one.text) if one.kind == "html" else one.text for one in self.texts
        )
        if len(text) > _COMPARED:
            mine = mine[: _COMPARED // 2]
        return all(word in letters for word in islice(dict.fromkeys(_WORD.findall(mine)), _WORDS))

    @cached_property
    def _shown(self) -> tuple[list[Text], bool]:
        """The texts, and whether they are all there is."""
        hidden = self._lost_alternatives()
        found: list[Text] = []
        is_whole = True
        last = None
        left, tags = MAX_TEXT, TAG_LIMIT
        for part in self._shown_parts:
            if id(part) in hidden:
                continue
            text = self._text(part)
            is_whole &= not part.is_text_cut and len(text) <= left
            kind, text = "plain", text[:left]
            left -= len(text)
            if part.type == "text/html":
                tags -= text.count("<")
                if tags >= 0:
                    kind = "html"
                else:
                    text, is_whole = html_to_text(text), False
            carried = _carried(part)
            if carried and carried is not last:
                heading = _heading(carried)
                text, heading = (f"{heading}\n\n{text}", "") if kind == "plain" else (text, heading)
                if heading:
                    found.append(Text("plain", heading))
            last = carried
            if found and kind == found[-1].kind == "plain":
                found[-1] = Text("plain", f"{found[-1].text}\n{text}")
            else:
                found.append(Text(kind, text))
        return found, is_whole

    @cached_property
    def plain(self) -> list[str]:
        """All plain texts, those of alternatives too."""
        return [self._text(part) for part in self._shown_parts if part.type != "text/html"]

    @cached_property
    def html(self) -> list[str]:
        """All texts in HTML, those of alternatives too."""
        return [self._text(part) for part in self._shown_parts if part.type == "text/html"]

    @cached_property
    def files(self) -> list[File]:
        """All files, with the names under which people know them."""
        shown = {id(part) for part in self._shown_parts}
        return [
            File(self._name(part), part.content(), part.type, part.content_id)
            for part in self.mail.root.walk()
            if self._is_file(part) and id(part) not in shown
        ]

    @cached_property
    def events(self) -> list[invitation.Event]:
        """The events that it invites to, or answers an invitation to."""
        found: list[invitation.Event] = []
        for part in self.mail.leaves():
            if part.type in ("text/calendar", "application/ics") and len(found) < 5:
                event = invitation.read(part.text())
                if event and event not in found:
                    found.append(event)
        return found

    # ---- WHICH PART IS WHAT ----

    @cached_property
    def _shown_parts(self) -> list[Part]:
        """The parts that are texts of the message, in their order."""
        found = [
            part
            for part in self.mail.leaves()
            if part.type in _SHOWN_TYPES
            and not part.is_stray
            and part.packed != "tnef"
            and self._is_text(part)
        ]
        spare = [
            part
            for part in self.mail.leaves()
            if part.is_stray or (part not in found and self._is_text_in_need(part))
        ]
        says_something = bool(spare) and any(map(self._says, found))
        for part in spare:
            text = self._text(part).strip()
            if not part.is_stray or is_boilerplate(text):
                # in the place of the text only
                is_shown = not says_something and not _is_only_mime(text)
            else:
                is_shown = True
            if text and is_shown:
                found.append(part)
        order = {id(part): number for number, part in enumerate(self.mail.leaves())}
        return sorted(found, key=lambda part: order[id(part)])

    def _is_text(self, part: Part) -> bool:
        is_reported = self.is_report and part.lies_in_message
        return not (part.is_attached or is_reported or part.name)

    def _is_text_in_need(self, part: Part) -> bool:
        """Tell whether it is to be shown when there is no other text."""
        if part.type not in _SHOWN_TYPES or part.is_attached:
            return False
        return not part.name if part.packed == "tnef" else not part.lies_in_message

    def _is_file(self, part: Part) -> bool:
        if part.is_stray or part.main_type == "multipart" or part.type in _OTHER_PROGRAMS:
            return False
        if self.is_report and part.lies_in_message:
            return False
        if part.packed == "tnef":
            return bool(part.name)
        return not (part.children and part.children[0].packed == "tnef")

    def _lost_alternatives(self) -> set[int]:
        """Return the ids of the texts in place of which others are shown."""
        ranks: dict[int, int] = {}
        for part in self._shown_parts:
            rank = self._says(part)
            step: Part | None = part
            while step and ranks.get(id(step), 0) < rank:
                ranks[id(step)] = rank
                step = step.parent
        lost: set[int] = set()
        for part in self.mail.root.walk():
            choices = [child for child in reversed(part.children) if not child.is_stray]
            if part.type == "multipart/alternative" and choices:
                # of equal ones the last
                best = max(choices, key=lambda child: ranks.get(id(child), 0))
                others = (child for child in choices if child is not best)
                lost.update(id(one) for child in others for one in child.walk())
        return lost

    def _says(self, part: Part) -> int:
        """Return what a text says: nothing, in pictures only, in words."""
        text = self._text(part)
        if part.type != "text/html":
            return 3 if text.strip() else 0
        for beginning in (text[:_LOOKED_AT], text):
            if len(beginning) > _MOSTLY_TEXT or html_to_text(beginning).strip(_BLANKS):
                return 3
        pictures = {found[1] for found in _IMAGE.finditer(text)}
        return 2 if pictures - {None} else 1 if pictures else 0

    def _text(self, part: Part) -> str:
        if id(part) not in self._texts:
            is_rtf = part.type == "text/rtf"
            text = tnef.text_of_rtf(part.content(4 * MAX_TEXT)) if is_rtf else part.text()
            self._texts[id(part)] = text
        return self._texts[id(part)]

    def _name(self, part: Part) -> str:
        name = part.name
        if part.type in CARRIED_TYPES and part.children:
            if not name or name.lower() in ("forwardedmessage.eml", "attachment.eml"):
                subject = part.children[0].headers.text("subject")[:_MAX_CARRIED_NAME]
                subject = _FILE_NAME.sub(" ", subject).strip(" .")
                name = f"{subject or 'message'}.eml"
        return name or default_name(part)


def _carried(part: Part) -> Part | None:
    """Return the email in the email that a part belongs to."""
    step: Part | None = part if part.lies_in_message else None
    while step and step.parent and step.parent.type not in CARRIED_TYPES:
        step = step.parent
    return step


def _heading(carried: Part) -> str:
    """Return who wrote an email that is carried by the email, and when."""
    lines = [
        f"{name}: {value}"
        for name in ("From", "Date", "To", "Subject")
        if (value := carried.headers.text(name.lower()))
    ]
    return "\n".join(["—" * 20, *lines])


def _is_only_mime(text: str) -> bool:
    return len(text) < 200 and bool(re.search(r"mime", text, re.IGNORECASE))


def read(raw: bytes) -> Message:
    """Return what an email says. Whatever a sender wrote, nothing raises."""
    mail = parse(raw)
    return Message(mail, is_report=mail.root.type == "multipart/report")
