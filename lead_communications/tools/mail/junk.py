"""Which emails no person wrote to us, told by their headers alone (RFC 3834 and usage)."""

import re
from collections.abc import Collection

from .headers import Headers, Party, domain_of

#: Why an email is taken for junk, in the order of precedence.
JUNK_REASONS = ("bounce", "receipt", "loop", "spam", "auto_reply", "no_reply", "bulk")

#: Servers that a mail passes on its way; mail that goes in circles passes more.
HOP_LIMIT = 50
SPAM_LEVEL = 5  # both of SpamAssassin's stars and of Exchange's confidence level
BULK_LEVEL = 7  # of Exchange's bulk complaint level: its own default threshold

_NO_REPLY = re.compile(
    r"(?:^|[._+-])(?:(?:no|not|do[._-]?not|dont|never)[._-]?(?:reply|replies|respond|response|answer)"
    r"|nie[._-]?odpowiadaj|keine?[._-]?antwort(?:en)?|nicht[._-]?antworten|ne[._-]?pas[._-]?repondre"
    r"|no[._-]?(?:responder|contestar)|non?[._-]?rispondere|geen[._-]?antwoord|neodpovidat"
    r"|auto[._-]?(?:reply|responder|respond))"
    r"(?:$|[._+\d-])"
)
_MACHINE = re.compile(
    r"(?:auto)?mailer|(?:mailer[._-]?)?daemon|bounces?(?:[+=_.-].*)?|notif(?:y|ications?)"
    r"|(?:auto|mail)[._-]?notif(?:y|ications?)|wordpress|www-data|apache|nobody|root|cron"
)
_DAEMON = re.compile(r"mailer[._-]?daemon")
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
# What mail servers that set no header write in front of the subject of what they answer
_AUTOMATIC_SUBJECT = re.compile(
    r"(?:automatic reply|auto[- ]?reply|auto[- ]?response|out of (?:the )?office"
    r"|odpowiedź automatyczna|automatyczna odpowiedź|autoodpowiedź|poza biurem"
    r"|automatische antwort|automatische antwoord|automatisch antwoord|abwesenheitsnotiz"
    r"|abwesenheitsbenachrichtigung|réponse automatique|absence du bureau"
    r"|respuesta automática|fuera de la oficina|risposta automatica|fuori ufficio"
    r"|afwezigheidsbericht|automatická odpověď|автоматична відповідь|автоматический ответ"
    r"|автоответ|автоматичний відгук)\s*(?:re)?\s*:"
)


def reason(
    headers: Headers,
    sender: Party | None,
    reply_to: Party | None,
    own_domains: Collection[str] = (),
) -> str:
    """Return the first of ``JUNK_REASONS`` that holds for these headers, "" if none does.

    :param reply_to: where a person would be reached, if that is not the sender: such a mail was
        sent by a machine for a person, as web forms do.
    :param own_domains: lists of these domains are groups of our own, that a customer writes to.
    """
    local = (sender.address or sender.name).partition("@")[0].lower() if sender else ""
    checks = {
        "bounce": lambda: is_bounce(headers, local),
        "receipt": lambda: _report(headers, "disposition-notification"),
        "loop": lambda: is_loop(headers),
        "spam": lambda: is_spam(headers),
        "auto_reply": lambda: is_automatic(headers, sender, reply_to),
        "no_reply": lambda: not reply_to and is_no_reply(local),
        "bulk": lambda: is_bulk(headers, sender, reply_to, own_domains),
    }
    return next((key for key in JUNK_REASONS if checks[key]()), "")


def is_no_reply(address: str) -> bool:
    """Return whether nobody reads the answers to this address, or to this local part of one."""
    local = address.partition("@")[0].lower()
    return bool(_NO_REPLY.search(local) or _MACHINE.fullmatch(local))


def is_bounce(headers: Headers, local: str) -> bool:
    """Return whether a mail server tells what became of a mail of ours."""
    if _report(headers, "delivery-status") or "x-failed-recipients" in headers:
        return True
    nobody = headers.value("return-path") == "<>"
    return bool(_DAEMON.search(local)) or (nobody and local == "postmaster")


def _report(headers: Headers, report_type: str) -> bool:
    kind, parameters = headers.content_type()
    if kind == f"message/{report_type}":
        return True
    return kind == "multipart/report" and parameters.get("report-type", "").lower() == report_type


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


def is_automatic(headers: Headers, sender: Party | None, reply_to: Party | None) -> bool:
    """Return whether a machine wrote the mail, and not for a person.

    X-Auto-Response-Suppress is no sign: Exchange writes it on what people send.
    """
    submitted = re.match(r"[^\s;(]*", headers.value("auto-submitted"))[0]
    if submitted == "auto-replied" or _answers_by_itself(headers):
        return True
    for_person = reply_to or _on_behalf(headers, sender)
    if submitted not in ("", "no") and not for_person:
        return True
    if headers.content_type()[0] == "multipart/report":
        return True
    return "x-cron-env" in headers or headers.value("x-fc-machinegenerated") == "true"


def _answers_by_itself(headers: Headers) -> bool:
    for name in ("x-autoreply", "x-autorespond", "x-autoresponder", "x-mail-autoreply"):
        if name in headers and headers.value(name) not in ("no", "false", "0"):
            return True
    if "x-autoreply-from" in headers or "x-auto-reply-from" in headers:
        return True
    precedence = headers.value("precedence") or headers.value("x-precedence")
    return (
        precedence.replace("-", "_") == "auto_reply"
        # its other values are written on mail of people that is passed on
        or headers.value("x-autogenerated") == "reply"
        or bool(_AUTOMATIC_SUBJECT.match(headers.text("subject").lower()))
    )


def _on_behalf(headers: Headers, sender: Party | None) -> bool:
    """Return whether a machine sent for a person: invitations of calendars, some web forms."""
    agent = next((party.address for party in headers.parties("sender")), "")
    return bool(agent and sender and sender.address != agent and not is_no_reply(sender.address))


def is_bulk(
    headers: Headers, sender: Party | None, reply_to: Party | None, own_domains: Collection[str]
) -> bool:
    """Return whether the mail went to many."""
    list_id = headers.value("list-id").strip("<> ").rpartition("<")[2]
    if any(list_id == domain or list_id.endswith(f".{domain}") for domain in own_domains):
        return False
    if "list-id" in headers:
        return True
    if reply_to and sender and _is_form(sender, reply_to):
        return False
    precedence = headers.value("precedence") or headers.value("x-precedence")
    level = re.search(r"\bbcl:([0-9])", headers.value("x-microsoft-antispam"))
    return (
        precedence in ("bulk", "list", "junk")
        or "list-unsubscribe" in headers
        or ("feedback-id" in headers and not reply_to)
        or bool(level and int(level[1]) >= BULK_LEVEL)
    )


def _is_form(sender: Party, reply_to: Party) -> bool:
    """Return whether a service for web forms wrote for a visitor, who is of another domain."""
    site, visitor = (domain_of(party.address).split(".")[-2:] for party in (sender, reply_to))
    return is_no_reply(sender.address) and site != visitor
