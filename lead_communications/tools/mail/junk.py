"""Did a person write an email to us, or a machine? Evidence is weighed; no header proves it alone.

A customer who is set aside costs more than one row too many in Ready: what is unsure waits, with
the reason. What mail servers make of their own (reports, receipts, loops) is told by its form;
everything else needs two pieces of evidence, and each piece of evidence of a person counts against
them. See docs/mail.md.
"""

from collections.abc import Callable
from typing import NamedTuple

from .signs import ENOUGH, MACHINE, PERSON, Signs

#: Why an email is set aside, in the order of precedence.
JUNK_REASONS = (
    "bounce",
    "receipt",
    "loop",
    "spam_folder",
    "spam",
    "auto_reply",
    "no_reply",
    "notification",
    "bulk",
)

#: What speaks for a person and only the database knows: it always wins.
KNOWN = ("answers_us", "open_lead", "known_address", "known_number")

# Which signs tell of what; each is enough with another of the same line.
_BOUNCE = ("delivery_report", "daemon", "certified_receipt")
_MAYBE_BOUNCE = ("bounce_subject", "receipt_subject")
_BOUNCE_WITH = (
    *("bounce_text", "null_sender", "generated", "auto_replied", "machine_name", "no_reply"),
    "program",
)
_AUTO = ("auto_replied", "autoresponder", "auto_subject", "away_subject", "away_text")
_AWAY_REPLY = {"away_subject", "away_reply"}
_AUTO_WITH = ("generated", "null_sender", "precedence")
_BULK = (
    *("list_unsubscribe", "list_id", "precedence", "feedback_id", "bulk_level", "campaign"),
    "mass_name",
)
_PROGRAM = (
    *("generated", "program", "machine_name", "no_reply", "names_nobody", "null_sender"),
    "abuse_report",
)


class Facts(NamedTuple):
    """What only the database knows of the sender of an email."""

    answers_us: bool = False
    """It answers a message of ours, or one on a lead."""
    open_lead: bool = False
    known_address: bool = False
    """A contact, or a lead of whatever state, has the address."""
    known_number: bool = False
    """One of them has the number under which who wrote is reached."""


class Judgement(NamedTuple):
    """Whose an email is, and why."""

    kind: str = ""
    """Why it is set aside, one of ``JUNK_REASONS``; "" if it is a person's, or unsure."""
    suspected: str = ""
    """What it would be but for the evidence of a person."""
    evidence: tuple[str, ...] = ()
    """Keys of ``MACHINE``, then of ``PERSON`` and ``KNOWN``, or ``nobody_known``."""

    @property
    def is_known(self) -> bool:
        """Whether it answers something of ours, or somebody has an open lead."""
        return not {"answers_us", "open_lead"}.isdisjoint(self.evidence)

    @property
    def may_answer(self) -> bool:
        """Whether it goes on the lead that it answers, by itself, and people are told."""
        return not self.kind and self.suspected not in ("spam", "spam_folder")


def judge(signs: Signs, facts: Facts | None = None) -> Judgement:
    """Return whose an email is by its signs and, if they were asked for, the facts of the database.

    An automatic answer is one, whoever's it is; where it goes is another question.
    """
    suspected = _kind(signs)
    known = tuple(key for key in KNOWN if facts and getattr(facts, key))
    if "open_lead" in known:
        known = tuple(key for key in known if key != "known_address")  # that goes without saying
    against = (*signs.person, *known) if signs.machine else ()
    if suspected in ("receipt", "loop") or (suspected == "bounce" and _is_report(signs)):
        return Judgement(suspected, suspected, signs.machine)
    if suspected == "bounce":
        # Told by its words alone; what mail servers give back answers us, too, and gives numbers.
        known = tuple(key for key in known if key not in ("answers_us", "known_number"))
    if not suspected or (known and suspected != "auto_reply"):
        return Judgement("", suspected, (*signs.machine, *against))
    if facts and not known:
        against = (*against, "nobody_known")
    return Judgement(suspected, suspected, (*signs.machine, *against))


def _is_report(signs: Signs) -> bool:
    """Return whether a mail is a report of a mail server by its form, whatever it says."""
    return sum(MACHINE[key] for key in _BOUNCE if key in signs.machine) >= ENOUGH


def _kind(signs: Signs) -> str:
    """Return which of ``JUNK_REASONS`` the signs of a mail make it, nobody being known."""
    machine = set(signs.machine)

    def weight(*keys: str) -> int:
        return sum(MACHINE[key] for key in machine.intersection(keys))

    for_person = sum(PERSON[key] for key in signs.person)
    by_name = sum(PERSON[key] for key in ("personal_name", "free_mail") if key in signs.person)
    if _is_report(signs):
        return "bounce"
    if "read_receipt" in machine:
        return "receipt"
    if "circles" in machine:
        return "loop"
    if machine.intersection(_MAYBE_BOUNCE):
        # A report gives addresses and numbers of others.
        if weight(*_MAYBE_BOUNCE, *_BOUNCE_WITH) - by_name >= ENOUGH:
            return "bounce"
    if "spam_folder" in machine:
        return "spam_folder"
    if "spam_verdict" in machine:
        return "spam"
    if _is_auto_reply(machine, signs.person, weight):
        return "auto_reply"
    bulk, program = weight(*_BULK), weight(*_PROGRAM)
    if bulk + program - for_person < ENOUGH:
        return ""
    if bulk > program:
        return "bulk"
    return "no_reply" if "no_reply" in machine else "notification"


def _is_auto_reply(machine: set[str], person: tuple[str, ...], weight: Callable[..., int]) -> bool:
    if any(MACHINE[key] >= ENOUGH for key in machine.intersection(_AUTO)):
        return True
    if machine >= _AWAY_REPLY:
        return True
    # Forms and help desks write of absences, too, and so do people.
    is_for_another = {"other_party", "other_office", "help_desk"}.intersection(person)
    return not is_for_another and bool(weight(*_AUTO) and weight(*_AUTO_WITH))


def in_spam_folder(signs: Signs) -> Signs:
    """Return the signs of an email that lies in the folder for spam."""
    return Signs(("spam_folder", *signs.machine), signs.person)
