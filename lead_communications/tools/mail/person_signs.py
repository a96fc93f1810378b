"""What in an email speaks for a person, whatever speaks for the machine that has sent it."""

import itertools
import re
from collections.abc import Collection

from ..free_mail import is_free_mail
from . import address_name
from .form import Visitor
from .headers import Headers, Party, domain_of

# Part of an address that nobody chose: a relay's, for one conversation.
_TOKEN = re.compile(r"(?=[^@]*[0-9])(?=[^@]*[a-z])[a-z0-9._+=-]{8,}")
_RELAY_MARK = re.compile(
    r"\b(?:reply|relay|guest|members?|messages?|inbound|incoming|conversations?|mp)\b"
)
_RELAY_DOMAIN = re.compile(r"(?:reply|relay|guest|members?|marketplace|mozmail|privaterelay)\.")
_VIA = re.compile(r"\b(?:via|über|przez|par|por|tramite|prostřednictvím|через)\s+\S", re.IGNORECASE)
_HELP_DESK = re.compile(
    r"x-(?:zendesk|freshdesk|helpscout|help-scout|intercom|front-|zammad|otrs|znuny|freescout|kayako"
    r"|gorgias|groove|happyfox|teamwork|odoo-objects|servicenow|desk-|hubspot-ticket)|rt-(?:ticket|originator)"
)
_HELP_DESK_MAILER = re.compile(
    r"zendesk|freshdesk|help ?scout|zammad|otrs|znuny|kayako|gorgias|freescout|intercom|frontapp"
)
_ADDRESS_LINE = re.compile(
    r"^[ \t>*|]{0,9}(?:[^:@\n]{1,40}[:：|][ \t*]{0,5}|(?:[^\W\d_][\w-]{0,20}[ \t]+){1,3})?"
    r"(?:mailto:)?[<\[(]?"
    r"([\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5})"
    r"(?:[>\])]|[ \t]|<[^>\n]{0,100}>){0,3}[ \t]*$",
    re.MULTILINE,
)
_ADDRESS_WITHIN = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
# Who called, or sent a fax or a message from a telephone: "New voicemail from +48 22 123 45 67"
_NUMBER_IN_SUBJECT = re.compile(r"(?<![\w+])\+[1-9][0-9 ()./-]{6,20}[0-9](?!\w)")
# Or the number of an order: who knows the number tells.
_MAYBE_NUMBER = re.compile(r"(?<![\w+.#/-])[+(]?[0-9][0-9 ()./-]{5,20}[0-9](?![\w#/])")
_MAYBE_LIMIT = 3


def find(
    headers: Headers,
    sender: Party | None,
    reply_to: Party | None,
    machine: list[str],
    own_domains: Collection[str],
) -> list[str]:
    """Return what in the headers speaks for a person, keys of ``signs.PERSON``.

    :param machine: what speaks for a machine: some of it says more than any name.
    """
    sender = sender or Party("", "")
    local = (sender.address or sender.name).partition("@")[0].lower()
    found = []
    if other := reply_to and _other_party(sender, reply_to, machine, own_domains):
        found.append(other)
    made_by = (headers.value("x-mailer"), headers.value("message-id"), domain_of(sender.address))
    if any(map(_HELP_DESK_MAILER.search, made_by)) or any(map(_HELP_DESK.match, headers.names())):
        found.append("help_desk")
    if _VIA.search(sender.name) and not {"mass_name", "campaign"}.intersection(machine):
        found.append("via")
    if {"no_reply", "machine_name", "mass_name", "campaign"}.intersection(machine):
        return found
    domain = domain_of(sender.address)
    is_relay = _TOKEN.fullmatch(local) or _RELAY_DOMAIN.match(domain)
    if is_relay and sender.name and not is_free_mail(domain):
        found.append("relay")
    if _on_behalf(headers, sender):
        found.append("on_behalf")
    if address_name.is_made_of_name(sender):
        found.append("personal_name")
    if is_free_mail(domain):
        found.append("free_mail")
    if "in-reply-to" in headers and "list_id" not in machine:
        found.append("answer")
    return found


def _other_party(
    sender: Party, reply_to: Party, machine: list[str], own_domains: Collection[str]
) -> str:
    """Return how the person in Reply-To speaks for one: forms, marketplaces; "" if not at all."""
    if domain_of(sender.address) in own_domains:
        return "other_party"
    if "campaign" in machine:
        return ""
    local = reply_to.address.partition("@")[0]
    is_office = address_name.is_office(local)
    is_same_site = _site(sender.address) == _site(reply_to.address)
    if is_office and is_same_site:
        return ""
    if "list_id" in machine:
        return "other_on_list"
    if is_office:
        return "other_office"
    is_relay = _TOKEN.fullmatch(local) or _RELAY_MARK.search(domain_of(reply_to.address))
    if is_same_site and not (is_relay or address_name.is_made_of_name(reply_to)):
        return "other_office"
    return "other_party"


def _site(address: str) -> str:
    """Return the domain that somebody registered: two names or, as below co.uk, three."""
    names = domain_of(address).split(".")
    is_shared = len(names[-1]) == 2 and len(names[-2:][0]) <= 3
    return ".".join(names[-3:] if is_shared else names[-2:])


def _on_behalf(headers: Headers, sender: Party) -> bool:
    """Return whether a machine sent for a person: invitations of calendars, some web forms."""
    agent = next((party.address for party in headers.parties("sender")), "")
    return bool(agent and sender.address and sender.address != agent)


def others(text: str, sender: Party | None, own_domains: Collection[str]) -> list[str]:
    """Return the addresses in a text that are neither ours nor of the sender's site."""
    site = _site(sender.address) if sender else ""
    found = (one[0].lower() for one in _ADDRESS_WITHIN.finditer(text))
    return [
        address
        for address in found
        if _site(address) != site and domain_of(address) not in own_domains
    ]


def is_persons(address: str) -> bool:
    """Return whether an address is that of somebody, and not of an office or a machine."""
    return not (address_name.is_no_reply(address) or address_name.is_office(address))


def has_visitor(headers: Headers, text: str, visitor: Visitor, others: Collection[str]) -> bool:
    """Return whether a mail gives, on a line of its own, how somebody else is reached."""
    if _NUMBER_IN_SUBJECT.search(headers.text("subject")):
        return True
    # A number without a name is that of a hot line.
    if visitor.is_found and (visitor.address in others or (visitor.phone and visitor.name)):
        return True
    alone = (found[1].lower() for found in _ADDRESS_LINE.finditer(text))
    return any(address in others and not address_name.is_no_reply(address) for address in alone)


def numbers_in_subject(subject: str) -> list[str]:
    """Return what may be telephone numbers, as they stand in a subject; three at most."""
    return [found[0] for found in itertools.islice(_MAYBE_NUMBER.finditer(subject), _MAYBE_LIMIT)]
