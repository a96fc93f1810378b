"""What an email says about itself: who wrote it, to whom, and whether a machine did.

Plain Python on the bytes as they came. Nothing that a sender can write raises, and nothing takes
long: the headers are read, and of the body only the beginning of the text.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from . import junk
from .forward import original_sender
from .headers import Headers, Party, clean_address, domain_of
from .junk import JUNK_REASONS
from .parts import head_of
from .subject import clean_text, split_marks
from .text import content

#: Ids of the conversation that are kept: those at the end of References are the nearest.
REFERENCE_LIMIT = 32
_REFERENCE = re.compile(rb"<[^<>\x00-\x20\x7f]{1,990}>")

__all__ = ["JUNK_REASONS", "Party", "Reading", "read"]


@dataclass(frozen=True)
class Reading:
    """What an email says about itself. Texts are clean and on one line, addresses normalized."""

    sender: Party | None
    """From."""
    reply_to: Party | None
    """Where a person answers, when that is not the sender: no list, and somebody reads it."""
    forwarded: Party | None
    """The original sender of what is forwarded. It says something if the sender is one of us."""
    recipients: tuple[Party, ...]
    """To and Cc, each address once, at most 100."""
    automatic: str
    """Why no person wrote this, one of ``JUNK_REASONS``; "" if a person did."""
    references: tuple[str, ...]
    """Ids with angle brackets: the last 32 of References, then In-Reply-To; no duplicates."""
    thread_subject: str
    """The subject to compare: without marks of replies and forwards, case and extra spaces."""
    is_reply: bool
    """Whether it has references or a reply's mark in the subject."""


def read(raw: bytes, own_domains: Collection[str] = ()) -> Reading:
    """Return what an email says about itself.

    :param own_domains: lower-case domains of our own. Lists there are groups that customers write
        to, and forwarded mail of our own people is not theirs.
    """
    raw, headers = head_of(raw)
    sender = _first(headers.parties("from"))
    recipients: dict[str, Party] = {}
    for party in headers.parties("to", "cc"):
        if party.address:
            recipients.setdefault(party.address, party)
    reply_to = _reply_to(headers, sender)
    references = _references(headers)
    marks, subject = split_marks(headers.text("subject"))
    return Reading(
        sender=sender,
        reply_to=reply_to,
        forwarded=_forwarded(raw, headers, sender, marks, own_domains),
        recipients=tuple(recipients.values()),
        automatic=junk.reason(headers, sender, reply_to, own_domains),
        references=references,
        thread_subject=clean_text(" ".join(subject.casefold().split())),
        is_reply=bool(references) or "reply" in marks or ("either" in marks),
    )


def _first(parties: list[Party]) -> Party | None:
    """Return the first that has an address, or else the first that has a name."""
    return next((party for party in parties if party.address), next(iter(parties), None))


def _reply_to(headers: Headers, sender: Party | None) -> Party | None:
    """Return the first address of Reply-To that leads to a person other than the sender."""
    lists = _list_addresses(headers)
    refused = {sender.address if sender else "", *lists}
    names = ["reply-to"]
    if sender and sender.address in lists:
        # a group that writes itself into From keeps the person here
        names.append("x-original-from")
    # Who wrote to a group and wants the answers there is no other person.
    refused.update(party.address for party in headers.parties("to"))
    return next(
        (
            party
            for party in headers.parties(*names)
            if party.address and party.address not in refused
            if not junk.is_no_reply(party.address)
        ),
        None,
    )


def _list_addresses(headers: Headers) -> set[str]:
    """Return the addresses that lead to the mailing list that the mail came by."""
    addresses = {clean_address(value) for value in headers.values("list-post")}
    list_id = headers.value("list-id").strip("<> ").rpartition("<")[2]
    name, _dot, domain = list_id.partition(".")
    return addresses | {f"{name}@{domain}"}


def _references(headers: Headers) -> tuple[str, ...]:
    earlier = _REFERENCE.findall(headers.raw_end("references"))
    answered = _REFERENCE.findall(headers.raw("in-reply-to"))
    ids = [*earlier[-REFERENCE_LIMIT:], *answered[:REFERENCE_LIMIT]]
    return tuple(dict.fromkeys(found.decode("ascii", "replace") for found in ids))


def _forwarded(
    raw: bytes,
    headers: Headers,
    sender: Party | None,
    marks: list[str],
    own_domains: Collection[str],
) -> Party | None:
    """Return the original sender of what is forwarded: as a message of its own, or in the text."""
    has_references = "references" in headers or "in-reply-to" in headers
    mark = marks[0] if marks else ""
    if mark == "either":
        mark = "reply" if has_references else "forward"
    if mark == "reply":
        return None
    found = content(raw)

    def skip(party: Party) -> bool:
        return party == sender or (
            bool(party.address)
            and (
                bool(sender and party.address == sender.address)
                or domain_of(party.address) in own_domains
            )
        )

    if len(found.messages) == 1 and (mark or not (found.plain.strip() or found.html.strip())):
        carried = _first(found.messages[0].parties("from"))
        if carried and not skip(carried):
            return carried
    texts = [found.plain, found.html]
    return original_sender(texts, bool(mark), has_references, skip)
