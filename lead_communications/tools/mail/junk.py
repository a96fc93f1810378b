"""Did a person write an email to us, or a machine? Evidence is weighed; no header proves it alone.

A customer who is set aside costs more than one row too many in Ready: what is unsure waits, with
the reason. What mail servers make of their own (reports, receipts, loops) is told by its form;
everything else needs two pieces of evidence, and each piece of evidence of a person counts against
them. See docs/mail.md.
"""

import re
from collections.abc import Callable, Collection
from typing import NamedTuple

from ..free_mail import is_free_mail
from . import address_name, automatic_words
from .form import NO_VISITOR, Visitor
from .headers import Headers, Party, domain_of
from .letter import is_letter
from .text import Content

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
#: What speaks for a person and only the database knows: it always wins.
KNOWN = ("answers_us", "open_lead", "known_address")

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

#: Servers that a mail passes on its way; mail that goes in circles passes more.
HOP_LIMIT = 50
#: Recipients of a letter; what goes to many names one of them.
FEW = 10
SPAM_LEVEL = 5  # both of SpamAssassin's stars and of Exchange's confidence level
BULK_LEVEL = 7  # of Exchange's bulk complaint level: its own default threshold
# What is looked at of a text: machines say what they are at its beginning.
_TEXT_LIMIT = 4000
_AWAY_LIMIT = 300

_SYSTEM = re.compile(
    r"mail ?delivery|mailer[ -]daemon|mail (?:delivery )?(?:system|subsystem|administrator)"
    r"|postmaster|system administrator|cron daemon"
)
_DAEMON = re.compile(r"mailer[._-]?daemon|^double-bounce$|^microsoftexchange[0-9a-f]{32}$")
# Part of an address that nobody chose: a relay's, for one conversation.
_TOKEN = re.compile(r"(?=[^@]*[0-9])(?=[^@]*[a-z])[a-z0-9._+=-]{8,}")
_RELAY_MARK = re.compile(
    r"\b(?:reply|relay|guest|members?|messages?|inbound|incoming|conversations?|mp)\b"
)
_RELAY_DOMAIN = re.compile(r"(?:reply|relay|guest|members?|marketplace|mozmail|privaterelay)\.")
_VIA = re.compile(r"\b(?:via|über|przez|par|por|tramite|prostřednictvím|через)\s+\S", re.IGNORECASE)
_CAMPAIGN = re.compile(
    r"x-.*(?:campaign|newsletter|mailchimp|klaviyo|getresponse|mailerlite|activecampaign|freshmail)"
    r"|x-(?:mc-user|listmember|mailing-?id|sfmc-.*|job|csa-complaints|emarsys-.*|hs-cid|bulkmail)"
)
_CAMPAIGN_MAILER = re.compile(
    r"mailchimp|sendinblue|brevo|getresponse|klaviyo|mailerlite|activecampaign|freshmail|phplist"
    r"|acymailing|newsletter|campaign|cleverreach|rapidmail|inxmail|mailing"
)
_PROGRAM_NAME = re.compile(
    r"x-(?:cron|jira|atlassian|github|gitlab|bitbucket|redmine|nagios|icinga|zabbix|sentry|jenkins"
    r"|bugzilla|trac|phabricator|gerrit|grafana|monit|pagerduty|munin|launchpad|confluence|trello|asana"
    r"|amazon-metadata-alarm|buildkite|circleci|travis|uptime|statuspage|opsgenie|datadog|newrelic)"
    r"|x-fc-machinegenerated"
)
_HELP_DESK = re.compile(
    r"x-(?:zendesk|freshdesk|helpscout|help-scout|intercom|front-|zammad|otrs|znuny|freescout|kayako"
    r"|gorgias|groove|happyfox|teamwork|odoo-objects|servicenow|desk-|hubspot-ticket)|rt-(?:ticket|originator)"
)
_HELP_DESK_MAILER = re.compile(
    r"zendesk|freshdesk|help ?scout|zammad|otrs|znuny|kayako|gorgias|freescout|intercom|frontapp"
)
# Of mail servers that pass a person's mail on and call that generated
_PASSED_ON = (
    *("x-ms-exchange-inbox-rules-loop", "x-ms-exchange-forwardingloop", "x-forwarded-to"),
    *("x-forwarded-for", "resent-from", "x-ms-exchange-generated-message-source"),
)
_AUTORESPONDERS = (
    *("x-autoreply", "x-autorespond", "x-autoresponder", "x-mail-autoreply", "x-autoresponse"),
    *("x-autoreply-from", "x-auto-reply-from", "x-vacation"),
)
# By these it is a program's, however it is worded
_NO_LETTERS = {"no_reply", "program", "campaign", "generated", "null_sender"}
# Of Exchange Online: what it filtered, blocked, or put into a category
_SPAM_VERDICTS = {
    "sfv:spm",
    "sfv:skb",
    "cat:spm",
    "cat:hspm",
    "cat:phsh",
    "cat:hphsh",
    "cat:malw",
}
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
# What RFC 7489 (7.2.1.1) has the reports on our own domain called
_DMARC = re.compile(r"report domain:.{1,300}submitter:", re.IGNORECASE)


class Signs(NamedTuple):
    """What an email says about who wrote it: keys of ``MACHINE`` and of ``PERSON``."""

    machine: tuple[str, ...] = ()
    person: tuple[str, ...] = ()


class Facts(NamedTuple):
    """What only the database knows of the sender of an email."""

    answers_us: bool = False
    """It answers a message of ours, or one on a lead."""
    open_lead: bool = False
    known_address: bool = False
    """A contact, or a lead of whatever state, has the address."""


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
        # Told by its words alone; what mail servers give back answers us, too.
        known = tuple(key for key in known if key != "answers_us")
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
    local = (sender.address or sender.name).partition("@")[0].lower() if sender else ""
    machine = [
        *_report_signs(headers, local),
        *_auto_signs(headers),
        *_program_signs(headers, local, sender.name.lower() if sender else ""),
        *_bulk_signs(headers, local, own_domains),
    ]
    if not machine:
        return Signs()
    found = content()
    text = (found.plain or found.html)[:_TEXT_LIMIT]
    beginning = text[:_AWAY_LIMIT]
    is_away = automatic_words.is_away_reply(beginning)
    if automatic_words.says_automatic(beginning) or (is_away and "null_sender" in machine):
        machine.append("away_text")
    if "away_subject" in machine and is_away:
        machine.append("away_reply")
    others = _others(text, sender, own_domains)
    if "bounce_subject" in machine and (
        found.messages or automatic_words.is_bounce_text(text, bool(others))
    ):
        machine.append("bounce_text")
    person = _person_signs(headers, sender, reply_to, local, machine, own_domains)
    is_visited = _has_visitor(headers, text, visitor, others)
    if "no_reply" in machine and text.strip():
        is_form = bool(visitor.name) and visitor.labels > 1  # of several visitors, too
        is_named = reply_to or is_visited or is_form or "via" in person
        if not (is_named or any(map(_is_persons, others))):
            machine.append("names_nobody")
    if is_visited and not {"campaign", "list_id"}.intersection(machine):
        person.append("visitor")
    if 1 < len(recipients) <= FEW:
        person.append("to_few")
    if not _NO_LETTERS.intersection(machine) and is_letter(found):
        person.append("letter")
    return Signs(tuple(machine), tuple(person))


def in_spam_folder(signs: Signs) -> Signs:
    """Return the signs of an email that lies in the folder for spam."""
    return Signs(("spam_folder", *signs.machine), signs.person)


# ---- WHAT SPEAKS FOR A MACHINE ----


def _report_signs(headers: Headers, local: str):
    """Yield what tells of mail servers: what became of a mail, where it went in circles, spam."""
    subject = headers.text("subject")
    if _report(headers, "delivery-status") or "x-failed-recipients" in headers:
        yield "delivery_report"
    if _DAEMON.search(local) or (_null_sender(headers) and local == "postmaster"):
        yield "daemon"
    if "x-ricevuta" in headers or headers.value("x-rem-msg-type").endswith("evidence"):
        yield "certified_receipt"
    if _report(headers, "disposition-notification"):
        yield "read_receipt"
    if is_loop(headers):
        yield "circles"
    if is_spam(headers):
        yield "spam_verdict"
    if automatic_words.is_bounce_subject(subject):
        yield "bounce_subject"
    if automatic_words.is_receipt_subject(subject):
        yield "receipt_subject"
    kind, parameters = headers.content_type()
    others = ("delivery-status", "disposition-notification")
    is_other = parameters.get("report-type", "").lower() not in others
    if (kind == "multipart/report" and is_other) or _DMARC.match(subject):
        yield "abuse_report"


def _report(headers: Headers, report_type: str) -> bool:
    kind, parameters = headers.content_type()
    if kind == f"message/{report_type}":
        return True
    return kind == "multipart/report" and parameters.get("report-type", "").lower() == report_type


def _null_sender(headers: Headers) -> bool:
    return headers.value("return-path") == "<>"


def is_loop(headers: Headers) -> bool:
    """Return whether a mail goes in circles.

    An address in X-Loop is no sign: people's own forwarding rules write it.
    """
    return (
        headers.count("received") > HOP_LIMIT
        or any(value in ("yes", "true") for value in headers.values("x-loop"))
        # Odoo's answer to mail that it takes for a loop
        or "-loop-detection-bounce-email@" in headers.value("references")
        or "-loop-detection-bounce-email@" in headers.value("in-reply-to")
    )


def is_spam(headers: Headers) -> bool:
    """Return whether a filter on the way, of any maker, took the mail for spam."""
    for name in ("x-spam-flag", "x-spam-status", "x-spam", "x-barracuda-spam-flag", "x-bogosity"):
        if any(value.startswith(("yes", "true", "spam")) for value in headers.values(name)):
            return True
    if any(value.startswith("default: true") for value in headers.values("x-spamd-result")):
        return True
    level = re.match(r"[0-9]{1,4}(?![0-9])", headers.value("x-ms-exchange-organization-scl"))
    if level and int(level[0]) >= SPAM_LEVEL:
        return True
    report = headers.value("x-forefront-antispam-report").replace(" ", "").split(";")
    if not _SPAM_VERDICTS.isdisjoint(report):
        return True
    # The filter's own verdict, if there is one, knows the threshold of the mail server.
    verdict = "x-spam-flag" in headers or "x-spam-status" in headers
    return not verdict and headers.value("x-spam-level").startswith("*" * SPAM_LEVEL)


def _submitted(headers: Headers) -> str:
    return re.match(r"[^\s;(]*", headers.value("auto-submitted"))[0]


def _precedence(headers: Headers) -> str:
    value = headers.value("precedence") or headers.value("x-precedence")
    return value.replace("-", "_")


def _auto_signs(headers: Headers):
    """Yield what tells of an automatic answer.

    X-Auto-Response-Suppress is no sign: Exchange writes it on what people send.
    """
    if _submitted(headers) == "auto-replied":
        yield "auto_replied"
    if _answers_by_itself(headers):
        yield "autoresponder"
    weight = automatic_words.automatic_weight(headers.text("subject"))
    if weight:
        yield "auto_subject" if weight >= ENOUGH else "away_subject"


def _answers_by_itself(headers: Headers) -> bool:
    for name in _AUTORESPONDERS:
        if name in headers and headers.value(name) not in ("no", "false", "0"):
            return True
    return (
        _precedence(headers) == "auto_reply"
        # its other values are written on mail of people that is passed on
        or headers.value("x-autogenerated") == "reply"
        or "autoresponder" in headers.value("x-post-messageclass")
        or "autoresponder" in headers.values("delivered-to")
    )


def _program_signs(headers: Headers, local: str, name: str):
    """Yield what tells of a program that writes by itself."""
    generated = _submitted(headers) not in ("", "no", "auto-replied")
    if generated and not any(name in headers for name in _PASSED_ON):
        yield "generated"
    if "cron daemon" in name or any(map(_PROGRAM_NAME.match, headers.names())):
        yield "program"
    if address_name.takes_no_answers(local):
        yield "no_reply"
    elif address_name.is_program(local) or _SYSTEM.search(name):
        yield "machine_name"
    if _null_sender(headers):
        yield "null_sender"


def _bulk_signs(headers: Headers, local: str, own_domains: Collection[str]):
    """Yield what tells of a mail to many."""
    list_id = headers.value("list-id").strip("<> ").rpartition("<")[2]
    if any(list_id == domain or list_id.endswith(f".{domain}") for domain in own_domains):
        return
    if "list-unsubscribe" in headers:
        yield "list_unsubscribe"
    if "list-id" in headers:
        yield "list_id"
    if _precedence(headers) in ("bulk", "list", "junk"):
        yield "precedence"
    if "feedback-id" in headers:
        yield "feedback_id"
    level = re.search(r"\bbcl:([0-9])", headers.value("x-microsoft-antispam"))
    if level and int(level[1]) >= BULK_LEVEL:
        yield "bulk_level"
    names = headers.names()
    if any(_CAMPAIGN.match(name) for name in names) or _CAMPAIGN_MAILER.search(
        headers.value("x-mailer")
    ):
        yield "campaign"
    if address_name.is_mass(local):
        yield "mass_name"


# ---- WHAT SPEAKS FOR A PERSON ----


def _person_signs(
    headers: Headers,
    sender: Party | None,
    reply_to: Party | None,
    local: str,
    machine: list[str],
    own_domains: Collection[str],
) -> list[str]:
    nobody = Party("", "")
    sender = sender or nobody
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


def _others(text: str, sender: Party | None, own_domains: Collection[str]) -> list[str]:
    """Return the addresses in a text that are neither ours nor of the sender's site."""
    site = _site(sender.address) if sender else ""
    found = (one[0].lower() for one in _ADDRESS_WITHIN.finditer(text))
    return [
        address
        for address in found
        if _site(address) != site and domain_of(address) not in own_domains
    ]


def _is_persons(address: str) -> bool:
    """Return whether an address is that of somebody, and not of an office or a machine."""
    return not (address_name.is_no_reply(address) or address_name.is_office(address))


def _has_visitor(headers: Headers, text: str, visitor: Visitor, others: Collection[str]) -> bool:
    """Return whether a mail gives, on a line of its own, how somebody else is reached."""
    if _NUMBER_IN_SUBJECT.search(headers.text("subject")):
        return True
    # A number without a name is that of a hot line.
    if visitor.is_found and (visitor.address in others or (visitor.phone and visitor.name)):
        return True
    alone = (found[1].lower() for found in _ADDRESS_LINE.finditer(text))
    return any(address in others and not address_name.is_no_reply(address) for address in alone)
