"""What in the headers of an email speaks for a machine: its mail server, its program, its name."""

import re
from collections.abc import Collection

from . import address_name, automatic_words
from .headers import Headers, Party

#: Servers that a mail passes on its way; mail that goes in circles passes more.
HOP_LIMIT = 50
SPAM_LEVEL = 5  # both of SpamAssassin's stars and of Exchange's confidence level
BULK_LEVEL = 7  # of Exchange's bulk complaint level: its own default threshold
_SYSTEM = re.compile(
    r"mail ?delivery|mailer[ -]daemon|mail (?:delivery )?(?:system|subsystem|administrator)"
    r"|postmaster|system administrator|cron daemon"
)
_DAEMON = re.compile(r"mailer[._-]?daemon|^double-bounce$|^microsoftexchange[0-9a-f]{32}$")
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
# Of mail servers that pass a person's mail on and call that generated
_PASSED_ON = (
    *("x-ms-exchange-inbox-rules-loop", "x-ms-exchange-forwardingloop", "x-forwarded-to"),
    *("x-forwarded-for", "resent-from", "x-ms-exchange-generated-message-source"),
)
_AUTORESPONDERS = (
    *("x-autoreply", "x-autorespond", "x-autoresponder", "x-mail-autoreply", "x-autoresponse"),
    *("x-autoreply-from", "x-auto-reply-from", "x-vacation"),
)
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
# What RFC 7489 (7.2.1.1) has the reports on our own domain called
_DMARC = re.compile(r"report domain:.{1,300}submitter:", re.IGNORECASE)


def find(headers: Headers, sender: Party | None, own_domains: Collection[str]) -> list[str]:
    """Return what in the headers speaks for a machine, keys of ``signs.MACHINE``.

    :param own_domains: lists of these domains are groups of our own, that a customer writes to.
    """
    local = (sender.address or sender.name).partition("@")[0].lower() if sender else ""
    return [
        *_report_signs(headers, local),
        *_auto_signs(headers),
        *_program_signs(headers, local, sender.name.lower() if sender else ""),
        *_bulk_signs(headers, local, own_domains),
    ]


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
        yield "auto_subject" if weight > 1 else "away_subject"


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
