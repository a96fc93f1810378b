"""What an email itself says about who wrote it: signs of a machine, and signs of a person.

None of them proves anything; :mod:`.junk` weighs them.
"""

from collections.abc import Callable, Collection
from typing import NamedTuple

from . import automatic_words, machine_signs, person_signs
from .form import NO_VISITOR, Visitor
from .headers import Headers, Party
from .letter import is_letter
from .text import Content

#: So much has to speak for a machine, after what speaks for a person.
ENOUGH = 2
#: What speaks for a machine, and how much.
MACHINE = {
    # what mail servers say of what became of our mail
    "delivery_report": 2,
    "daemon": 2,
    "bounce_subject": 1,
    "bounce_text": 1,
    "certified_receipt": 2,
    "receipt_subject": 1,
    "read_receipt": 2,
    "circles": 2,
    "spam_verdict": 2,
    "spam_folder": 2,
    # what answers by itself
    "auto_replied": 2,
    "autoresponder": 2,
    "auto_subject": 2,
    "away_subject": 1,
    "away_text": 1,
    "away_reply": 1,
    # what programs send
    "generated": 1,
    "program": 1,
    "machine_name": 1,
    "no_reply": 1,
    "names_nobody": 1,
    "null_sender": 1,
    "abuse_report": 4,
    # what goes to many
    "list_unsubscribe": 1,
    "list_id": 1,
    "precedence": 1,
    "feedback_id": 1,
    "bulk_level": 1,
    "campaign": 1,
    "mass_name": 1,
}
#: What speaks for a person in the mail itself, and how much.
PERSON = {
    "other_party": 5,
    "other_office": 3,
    "other_on_list": 1,
    "visitor": 3,
    "help_desk": 2,
    "relay": 2,
    "via": 2,
    "on_behalf": 1,
    "letter": 2,
    "to_few": 1,
    "personal_name": 1,
    "free_mail": 1,
    "answer": 1,
}
#: Recipients of a letter; what goes to many names one of them.
FEW = 10
# What is looked at of a text: machines say what they are at its beginning.
_TEXT_LIMIT = 4000
_AWAY_LIMIT = 300
# By these it is a program's, however it is worded
_NO_LETTERS = {"no_reply", "program", "campaign", "generated", "null_sender"}


class Signs(NamedTuple):
    """What an email says about who wrote it: keys of ``MACHINE`` and of ``PERSON``."""

    machine: tuple[str, ...] = ()
    person: tuple[str, ...] = ()


def find_signs(
    headers: Headers,
    sender: Party | None,
    reply_to: Party | None,
    own_domains: Collection[str] = (),
    content: Callable[[], Content] = lambda: Content("", "", []),
    visitor: Visitor = NO_VISITOR,
    recipients: Collection[str] = (),
) -> Signs:
    """Return what the mail itself says about who wrote it.

    :param reply_to: where a person would be reached, if that is not the sender.
    :param own_domains: lists of these domains are groups of our own, that a customer writes to.
    :param content: returns the text; asked only if something speaks for a machine.
    :param visitor: whom the text names as a form does.
    :param recipients: the addresses in To and Cc.
    """
    machine = machine_signs.find(headers, sender, own_domains)
    if not machine:
        return Signs()
    found = content()
    text = (found.plain or found.html)[:_TEXT_LIMIT]
    others = person_signs.others(text, sender, own_domains)
    machine += list(_away_signs(text[:_AWAY_LIMIT], machine))
    if "bounce_subject" in machine and (
        found.messages or automatic_words.is_bounce_text(text, bool(others))
    ):
        machine.append("bounce_text")
    person = person_signs.find(headers, sender, reply_to, machine, own_domains)
    is_visited = person_signs.has_visitor(headers, text, visitor, others)
    if "no_reply" in machine and text.strip():
        is_form = bool(visitor.name) and visitor.labels > 1  # of several visitors, too
        is_named = reply_to or is_visited or is_form or "via" in person
        if not (is_named or any(map(person_signs.is_persons, others))):
            machine.append("names_nobody")
    if is_visited and not {"campaign", "list_id"}.intersection(machine):
        person.append("visitor")
    if 1 < len(recipients) <= FEW:
        person.append("to_few")
    if not _NO_LETTERS.intersection(machine) and is_letter(found):
        person.append("letter")
    return Signs(tuple(machine), tuple(person))


def _away_signs(beginning: str, machine: Collection[str]):
    """Yield what the beginning of the text says of somebody who is not there."""
    is_away = automatic_words.is_away_reply(beginning)
    if automatic_words.says_automatic(beginning) or (is_away and "null_sender" in machine):
        yield "away_text"
    if "away_subject" in machine and is_away:
        yield "away_reply"
