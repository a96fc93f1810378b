"""Whose mail is it: the one outside to whom an email belongs, and how that is known."""

from collections.abc import Collection
from typing import NamedTuple

from . import address_name, form
from .headers import Party
from .reading import Reading

#: How the counterpart is known: named in the headers; as whom a colleague forwards; named in the
#: text, as web forms do; or not at all, since a machine or one of us has sent it.
SOURCES = ("header", "forwarded", "text", "nobody")
_UNKNOWN = Party("", "")


class Counterpart(NamedTuple):
    """To whom an email belongs.

    :param is_outgoing: we sent it ourselves.
    :param source: one of ``SOURCES``. The address of ``nobody`` is that of who sent it, and no
        customer's: nothing may be put on a lead by it.
    :param phone: that a form has asked for, as it was written; else "".
    :param is_for_others: a machine or a form sent it, for whomever it names: it answers nobody
        else's mail, whatever it refers to.
    """

    party: Party
    is_outgoing: bool
    source: str
    phone: str = ""
    is_for_others: bool = False


def find(reading: Reading, role: str, own: Collection[str]) -> Counterpart:
    """Return to whom an email belongs.

    What a colleague forwards is from whoever wrote it first. What a form sends is from whom it
    names in Reply-To, else in its text; a form that names nobody is no person itself.

    :param role: of the folder in which it lies: ``inbox``, ``sent`` or ``spam``.
    :param own: those of the addresses in it that are ours.
    """
    sender = reading.sender or _UNKNOWN
    is_ours = sender.address in own
    visitor = _visitor(reading, own, is_ours)
    reply_to = next((party for party in reading.reply_tos if party.address not in own), None)
    strangers = [party for party in reading.recipients if party.address not in own]
    # Who writes to somebody outside may tell them of whomever they like; forms send copies.
    is_copy = bool(visitor) and all(party.address == visitor.address for party in strangers)
    is_of_form = (visitor or reply_to) and _is_form(reading, sender)
    is_passed_on = reading.forwarded or is_copy or is_of_form
    if role == "sent" or (is_ours and strangers and not is_passed_on):
        return Counterpart(next(iter(strangers), _UNKNOWN), True, "header")
    if is_ours and reading.forwarded:
        return _of_forwarded(reading, reading.forwarded, visitor)
    if reply_to:
        return _of_reply_to(reading, sender, reply_to)
    if visitor:
        name = visitor.name or form.person_in_from(sender, visitor.address)
        return Counterpart(Party(name, visitor.address), False, "text", visitor.phone, True)
    if is_ours or address_name.is_nobodys(sender.address):
        name = "" if is_ours else form.person_in_from(sender, "")
        return Counterpart(Party(name, sender.address), False, "nobody", "", not is_ours)
    return Counterpart(sender, False, "header")


def _of_forwarded(reading: Reading, first: Party, visitor: form.Visitor | None) -> Counterpart:
    """Return the counterpart of what a colleague forwards: of a form whom it names, as always."""
    is_nobodys = address_name.is_nobodys(first.address)
    if visitor and (is_nobodys or reading.form_evidence >= form.ENOUGH):
        return Counterpart(Party(visitor.name, visitor.address), False, "text", visitor.phone, True)
    if is_nobodys:
        return Counterpart(first._replace(name=""), False, "nobody", "", True)
    return Counterpart(first, False, "forwarded")


def _of_reply_to(reading: Reading, sender: Party, reply_to: Party) -> Counterpart:
    """Return the counterpart that Reply-To names, with what else is told of them."""
    found = reading.visitor
    is_same = found.address in ("", reply_to.address)
    name = (
        form.without_via(reply_to.name)
        or (is_same and found.name)
        or form.person_in_from(sender, reply_to.address)
    )
    is_form = found.is_found and found.address == reply_to.address
    phone = found.phone if is_form else ""
    party = Party(name or "", reply_to.address)
    return Counterpart(party, False, "header", phone, _is_form(reading, sender))


def _visitor(reading: Reading, own: Collection[str], is_ours: bool) -> form.Visitor | None:
    """Return whom the text of a form names, None if that is nobody, or it is no form."""
    found = reading.visitor
    if found.address in own:
        found = found._replace(address="")
    is_form = is_ours or _is_form(reading, reading.sender or _UNKNOWN)
    return found if is_form and found.is_found else None


def _is_form(reading: Reading, sender: Party) -> bool:
    return address_name.is_nobodys(sender.address) or reading.form_evidence >= form.ENOUGH
