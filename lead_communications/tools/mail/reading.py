"""What an email says about itself: who wrote it, to whom, and whether a machine did.

Plain Python on the bytes as they came. Nothing that a sender can write raises, and nothing takes
long: the headers are read, and of the body only the beginning of the text.
"""

import functools
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

from . import address_name, form
from .form import NO_VISITOR, Visitor
from .forward import original_sender
from .headers import Headers, Party, clean_address, domain_of
from .junk import JUNK_REASONS, judge
from .parts import head_of
from .person_signs import numbers_in_subject
from .signs import Signs, find_signs
from .subject import split_marks, thread_subject
from .text import Content, content

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
    signs: Signs
    """What speaks for a machine, and what for a person; to be judged."""
    references: tuple[str, ...]
    """Ids with angle brackets: the last 32 of References, then In-Reply-To; no duplicates."""
    thread_subject: str
    """The subject to compare: without marks of replies and forwards, case and extra spaces."""
    is_reply: bool
    """Whether it has references or a reply's mark in the subject."""
    reply_tos: tuple[Party, ...] = ()
    """All such addresses of Reply-To, in their order: some may be ours."""
    visitor: Visitor = NO_VISITOR
    """Whom the text names in labelled lines, as web forms write them."""
    numbers: tuple[str, ...] = ()
    """What may be the telephone numbers of who is to be reached: of a form, and in the subject."""
    form_evidence: int = 0
    """How much speaks for it that a form sent this: ``form.ENOUGH`` is enough."""

    @property
    def automatic(self) -> str:
        """Why no person wrote this, one of ``JUNK_REASONS``, as long as nobody is known."""
        return judge(self.signs).kind


def read(raw: bytes, own_domains: Collection[str] = ()) -> Reading:
    """Return what an email says about itself.

    :param own_domains: lower-case domains of our own. Lists there are groups that customers write
        to, and forwarded mail of our own people is not theirs.
    """
    raw, headers = head_of(raw)
    text = functools.cache(lambda: content(raw))
    sender = _first(headers.parties("from"))
    recipients: dict[str, Party] = {}
    for party in headers.parties("to", "cc"):
        if party.address:
            recipients.setdefault(party.address, party)
    reply_tos = _reply_tos(headers, sender, own_domains)
    reply_to = next(iter(reply_tos), None)
    references = _references(headers)
    subject = headers.text("subject")
    marks, _text = split_marks(subject)
    is_reply = bool(references) or "reply" in marks or "either" in marks
    # Forms answer nothing, and what people quote is full of lines with labels.
    visitor = NO_VISITOR if is_reply else _visitor(text())
    forwarded = _forwarded(text, headers, sender, tuple(recipients), marks, own_domains)
    is_ours = sender and domain_of(sender.address) in own_domains
    first = (is_ours and forwarded) or sender or Party("", "")
    return Reading(
        sender=sender,
        reply_to=reply_to,
        reply_tos=reply_tos,
        visitor=visitor,
        numbers=(*filter(None, [visitor.phone]), *numbers_in_subject(subject)),
        form_evidence=form.evidence(headers, first, visitor),
        forwarded=forwarded,
        recipients=tuple(recipients.values()),
        signs=find_signs(headers, sender, reply_to, own_domains, text, visitor, tuple(recipients)),
        references=references,
        thread_subject=thread_subject(subject),
        is_reply=is_reply,
    )


def _first(parties: list[Party]) -> Party | None:
    """Return the first that has an address, or else the first that has a name."""
    return next((party for party in parties if party.address), next(iter(parties), None))


def _visitor(found: Content) -> Visitor:
    """Return whom the labelled lines name, of the format in which they are readable."""
    visitors = [form.visitor(text) for text in (found.plain, found.html)]
    return next((one for one in visitors if one.is_found), visitors[0])


def _reply_tos(
    headers: Headers, sender: Party | None, own_domains: Collection[str]
) -> tuple[Party, ...]:
    """Return the addresses of Reply-To that lead to a person other than the sender.

    Ours stand there, too, where answers come to us as well: they come last.
    """
    lists = _list_addresses(headers)
    refused = {sender.address if sender else "", *lists}
    names = ["reply-to"]
    if sender and sender.address in lists:
        # a group that writes itself into From keeps the person here
        names.append("x-original-from")
    # Who wrote to a group and wants the answers there is no other person.
    refused.update(party.address for party in headers.parties("to"))
    found = [
        party
        for party in headers.parties(*names)
        if party.address and party.address not in refused
        if not address_name.is_no_reply(party.address)
    ]
    outside = [party for party in found if domain_of(party.address) not in own_domains]
    return (*outside, *(party for party in found if party not in outside))


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
    text: Callable[[], Content],
    headers: Headers,
    sender: Party | None,
    recipients: Collection[str],
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
    found = text()

    def skip(party: Party) -> bool:
        return party == sender or (
            bool(party.address)
            and (
                bool(sender and party.address == sender.address)
                or domain_of(party.address) in own_domains
            )
        )

    has_note = bool(found.plain.strip() or found.html.strip())
    is_letter = has_references or _goes_out(sender, recipients, own_domains)
    if mark or not has_note or not is_letter:
        carried = [_first(message.parties("from")) for message in found.messages]
        others = {party for party in carried if party and not skip(party)}
        # of two people nobody is the one who wrote
        if len({party.address or party.name for party in others}) == 1:
            return others.pop()
        if others:
            return None
    texts = [found.plain, found.html]
    return original_sender(texts, bool(mark), has_references, skip)


def _goes_out(
    sender: Party | None, recipients: Collection[str], own_domains: Collection[str]
) -> bool:
    """Tell whether a mail is a letter to somebody else, to which another email is attached."""
    inside = {*own_domains, domain_of(sender.address) if sender else ""}
    return any(domain_of(address) not in inside for address in recipients)
