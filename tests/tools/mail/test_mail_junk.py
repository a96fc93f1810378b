import re
from pathlib import Path

import pytest
from labelled_mail import OWN_DOMAINS, all_mail

from lead_communications.tools.mail import junk as mail_junk
from lead_communications.tools.mail.junk import (
    ENOUGH,
    KNOWN,
    MACHINE,
    Facts,
    Judgement,
    Signs,
    in_spam_folder,
    judge,
)
from lead_communications.tools.mail.junk import (
    PERSON as FOR_PERSON,
)
from lead_communications.tools.mail.reading import read

PERSON = "From: Jan Nowak <jan@customer.test>\nTo: sales@company.test\nSubject: Windows\n"
FORM = "To: sales@company.test\nSubject: New enquiry\nReply-To: Jan <jan@customer.test>\n"
SITE = "From: Company <noreply@company.test>\n"
HOPS = "Received: from a by b\n"


AWAY = "From: jan@customer.test\nSubject: Out of office until Monday\n"


def sender(address, subject="Hello"):
    return f"From: {address}\nTo: sales@company.test\nSubject: {subject}\n"


JUNK = {
    # bounce
    "delivery status": (
        "bounce",
        sender("MAILER-DAEMON@mx.test")
        + "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n"
        "Auto-Submitted: auto-replied\n",
    ),
    "delivery status, quoted and folded": (
        "bounce",
        PERSON
        + 'Content-Type: multipart/report;\n\tboundary="b";\n\tReport-Type="Delivery-Status"\n',
    ),
    "daemon without a report": ("bounce", sender("Mail Delivery System <Mailer-Daemon@mx.test>")),
    "daemon without a domain": ("bounce", sender("MAILER-DAEMON (Mail Delivery Subsystem)")),
    "postmaster with a null return path": (
        "bounce",
        "Return-Path: <>\n" + sender("postmaster@customer.test"),
    ),
    "failed recipients of Exim": ("bounce", PERSON + "X-Failed-Recipients: anna@other.test\n"),
    "bounce before spam and loop": (
        "bounce",
        sender("mailer-daemon@mx.test") + "X-Spam-Flag: YES\nX-Loop: yes\n",
    ),
    # receipt
    "read receipt": (
        "receipt",
        PERSON + "Content-Type: multipart/report; report-type=disposition-notification\n",
    ),
    "read receipt that is automatic as well": (
        "receipt",
        PERSON + "Auto-Submitted: auto-replied\n"
        'Content-Type: multipart/report; boundary=x; report-type="disposition-notification"\n',
    ),
    "read receipt that is nothing else": (
        "receipt",
        PERSON + "Content-Type: message/disposition-notification\n",
    ),
    # loop
    "51 hops": ("loop", HOPS * 51 + PERSON),
    "X-Loop of a helpdesk": ("loop", PERSON + "X-Loop: yes\nPrecedence: bulk\n"),
    "answer to the host's notice of a loop": (
        "loop",
        PERSON + "References: <a@b> <1-loop-detection-bounce-email@company.test>\n",
    ),
    # spam
    "spam flag": ("spam", PERSON + "X-Spam-Flag: YES\n"),
    "spam flag of the second filter": ("spam", PERSON + "X-Spam-Flag: NO\nX-Spam-Flag: YES\n"),
    "spam status": ("spam", PERSON + "X-Spam-Status: Yes, score=9.1 required=5.0\n"),
    "Rspamd": ("spam", PERSON + "X-Spam: Yes\n"),
    "Rspamd's long form": ("spam", PERSON + "X-Spamd-Result: default: True [12.3 / 15.0]\n"),
    "five stars alone": ("spam", PERSON + "X-Spam-Level: *****\n"),
    "stars alone": ("spam", PERSON + "X-Spam-Level: ******\n"),
    "Exchange's level": ("spam", PERSON + "X-MS-Exchange-Organization-SCL: 5\n"),
    "Exchange Online's verdict": (
        "spam",
        PERSON + "X-Forefront-Antispam-Report: CIP:1.2.3.4;CTRY:PL; SFV:SPM;CAT:NONE;\n",
    ),
    "Exchange Online's phishing": (
        "spam",
        PERSON + "X-Forefront-Antispam-Report: CIP:1.2.3.4;SFV:NSPM;CAT:PHSH;\n",
    ),
    "Barracuda": ("spam", PERSON + "X-Barracuda-Spam-Flag: YES\n"),
    "Bogofilter": ("spam", PERSON + "X-Bogosity: Spam, tests=bogofilter\n"),
    "spam that pretends to be a form": ("spam", SITE + FORM + "X-Spam-Flag: YES\n"),
    # auto_reply
    "vacation": ("auto_reply", PERSON + "Auto-Submitted: auto-replied (vacation)\n"),
    "vacation with parameters": (
        "auto_reply",
        PERSON + 'Auto-Submitted: auto-replied; owner-email="x@y.test"\n',
    ),
    "vacation with a comment and another Reply-To": (
        "auto_reply",
        PERSON + "Reply-To: anna@customer.test\nAuto-Submitted: auto-replied (on holiday)\n",
    ),
    "vacation with another Reply-To": (
        "auto_reply",
        PERSON + "Reply-To: anna@customer.test\nAuto-Submitted: auto-replied\n",
    ),
    "X-Autoreply": ("auto_reply", PERSON + "X-Autoreply: yes\n"),
    "X-Autorespond": ("auto_reply", PERSON + "X-Autorespond: Re: Windows\n"),
    "precedence of an answer": ("auto_reply", PERSON + "Precedence: auto_reply\n"),
    "answer in somebody's name": ("auto_reply", PERSON + "X-Autoreply-From: jan@customer.test\n"),
    "answer in somebody's name, spelled otherwise": (
        "auto_reply",
        PERSON + "X-Auto-Reply-From: jan@customer.test\n",
    ),
    "answer once a day": ("auto_reply", PERSON + "X-Autoresponder: Will not send another\n"),
    "Mail.Ru": (
        "auto_reply",
        PERSON + "Auto-Submitted: auto-replied\nX-AutoReply: jan@customer.test\nPrecedence: bulk\n"
        "Reply-To: jan.autoreply@customer.test\n",
    ),
    "CommuniGate": ("auto_reply", PERSON + "X-Autogenerated: Reply\n"),
    "Delivered-To of an answering machine": (
        "auto_reply",
        PERSON + "Delivered-To: Autoresponder\n",
    ),
    "class of an answering machine": (
        "auto_reply",
        PERSON + "X-Post-MessageClass: 9; Autoresponder\n",
    ),
    "subject of Exchange alone": (
        "auto_reply",
        "From: jan@customer.test\nSubject: Automatic reply: Windows\n",
    ),
    "Polish subject, encoded": (
        "auto_reply",
        "From: jan@customer.test\nSubject: =?utf-8?q?Odpowied=C5=BA_automatyczna=3A_Okna?=\n",
    ),
    "French subject with a space": (
        "auto_reply",
        "From: jan@customer.test\nSubject: Réponse automatique : Fenêtres\n",
    ),
    "out of office of Exchange": (
        "auto_reply",
        AWAY + "Auto-Submitted: auto-generated\nX-Auto-Response-Suppress: All\n",
    ),
    "out of office of Exchange, which nobody can answer": (
        "auto_reply",
        "Return-Path: <>\nFrom: jan@customer.test\nSubject: Urlaub: Angebot\n",
    ),
    "vacation of Sieve": (
        "auto_reply",
        "Precedence: bulk\n" + sender("jan@customer.test", "Auto: X"),
    ),
    # notification
    "cron": (
        "notification",
        sender("root@web.test") + "X-Cron-Env: <SHELL=/bin/sh>\n",
    ),
    "shop's notification": (
        "notification",
        "Return-Path: <>\n" + sender("shop@company.test") + "Auto-Submitted: auto-generated\n",
    ),
    "report of abuse": (
        "notification",
        PERSON + "Content-Type: multipart/report; report-type=feedback-report\n",
    ),
    "wordpress": (
        "notification",
        sender("WordPress <wordpress@blog.test>") + "Auto-Submitted: auto-generated\n",
    ),
    "as many signs of a program as of many readers": (
        "notification",
        sender("notifications@service.test") + "List-Unsubscribe: <https://service.test/u>\n",
    ),
    # no_reply
    "no-reply": ("no_reply", sender("no-reply@dokeos.test")),
    "noreply within": ("no_reply", sender("sc-noreply@search.test")),
    "do_not_reply": ("no_reply", sender("Do_Not_Reply@bank.test")),
    "donotreply with a number": ("no_reply", sender("donotreply-123@bank.test")),
    "nie-odpowiadaj": ("no_reply", sender("nie-odpowiadaj@urzad.test")),
    "ne-pas-repondre": ("no_reply", sender("ne-pas-repondre@banque.test")),
    "Reply-To that nobody reads": (
        "no_reply",
        sender("noreply@bank.test") + "Reply-To: no-reply@bank.test\n",
    ),
    "Reply-To to ourselves": (
        "no_reply",
        sender("noreply@company.test") + "Reply-To: sales@company.test\n",
    ),
    "newsletter of no-reply with Reply-To of its own": (
        "no_reply",
        sender("noreply@mail.shop.test")
        + "Reply-To: help@shop.test\nList-Unsubscribe: <https://x.test>\n",
    ),
    "no-reply with a reader's mark": (
        "no_reply",
        sender("noreply@shop.test") + "List-Unsubscribe: <https://shop.test/u>\n",
    ),
    # bulk
    "newsletter": ("bulk", sender("news@shop.test") + "List-Unsubscribe: <https://shop.test/u>\n"),
    "newsletter with Reply-To": (
        "bulk",
        sender("news@shop.test") + "Reply-To: help@shop.test\nList-Unsubscribe: <https://x.test>\n",
    ),
    "newsletter of an address that looks like a person's": (
        "bulk",
        PERSON + "List-Unsubscribe: <https://x.test>\nList-Id: <x.test>\nFeedback-ID: 1:x\n",
    ),
    "mailing list": ("bulk", sender("jan@x.test") + "List-Id: <w.lists.test>\nPrecedence: list\n"),
    "campaign with a Reply-To for each reader": (
        "bulk",
        sender("Shop <hello@shop.test>") + "Reply-To: us1-ab12cd34@inbound.tool.test\n"
        "List-Unsubscribe: <https://x.test>\nX-MC-User: 1\n",
    ),
    "Exchange's own threshold of bulk": (
        "bulk",
        sender("hello@shop.test") + "Feedback-ID: 1:x\nX-Microsoft-Antispam: BCL:7;\n",
    ),
}

# One sign, whichever, proves no machine.
ALONE = {
    "generated": "Auto-Submitted: auto-generated\n",
    "list_unsubscribe": "List-Unsubscribe: <https://x.test>\n",
    "list_id": "List-Id: Windows <windows.lists.test>\n",
    "precedence": "Precedence: Junk\n",
    "feedback_id": "Feedback-ID: 1:2:3:Esp\n",
    "bulk_level": "X-Microsoft-Antispam: BCL:8;ARA:13230040;\n",
    "campaign": "X-Campaign-Id: 7\n",
    "null_sender": "Return-Path: <>\n",
    "program": "X-Cron-Env: <SHELL=/bin/sh>\n",
    "away_subject": "Subject: Urlaub: Fenster\n",
    "bounce_subject": "Subject: Delivery failed\n",
    "receipt_subject": "Subject: CONSEGNA: quando\n",
    "machine_name": "From: root@customer.test\n",
    "mass_name": "From: news@customer.test\n",
    "no_reply": "From: noreply@customer.test\n",
}

NOT_JUNK = {
    "newsletter by an agency": sender("news@shop.test")
    + "Reply-To: answers@agency.test\nList-Unsubscribe: <https://x.test>\n",
    "cold sales outreach": sender("Tom Reis <tom@prospecting.test>")
    + "List-Unsubscribe: <mailto:u@prospecting.test>\nFeedback-ID: 1:x\n",
    "no-reply with a person of its own": sender("noreply@shop.test")
    + "Reply-To: Ewa Lis <ewa.lis@shop.test>\nPrecedence: bulk\nAuto-Submitted: auto-generated\n",
    "what a mail server passed on by a rule": sender("office@customer.test")
    + "Feedback-ID: 1:proton\nAuto-Submitted: auto-generated\nX-Forwarded-To: sales@old.test\n",
    "help desk": sender("support@customer.test")
    + "X-Mailer: Zendesk Mailer\nAuto-Submitted: auto-generated\nFeedback-ID: 1:z\n",
    "Exchange's suppression of bulk in the own name": PERSON
    + "Precedence: bulk\nFeedback-ID: 1:x\n",
    "a person": PERSON,
    "a person who answers": PERSON
    + "In-Reply-To: <1@company.test>\nReferences: <1@company.test>\n",
    "Auto-Submitted no": PERSON + "Auto-Submitted: no\n",
    "Auto-Submitted no with a comment": PERSON + "Auto-Submitted: no (by hand)\n",
    "Exchange's suppression of answers": PERSON + "X-Auto-Response-Suppress: DR, OOF, AutoReply\n",
    "not an automatic answer": PERSON + "X-Autoreply: no\n",
    "form with the visitor in Reply-To": SITE + FORM,
    "form that says it is generated": SITE + FORM + "Auto-Submitted: auto-generated\n",
    "form by WordPress": "From: WordPress <wordpress@company.test>\n" + FORM,
    "form by a mail service": SITE + FORM + "Feedback-ID: 1:2:3:AmazonSES\n",
    "form in the site's own name": (
        "From: info@company.test\n" + FORM + "Feedback-ID: 1:2:3:AmazonSES\n"
    ),
    "form by a form service": (
        "From: Forms <noreply@forms.test>\n" + FORM + "List-Unsubscribe: <https://forms.test/u>\n"
    ),
    "form with a copy to the visitor": SITE + FORM + "Cc: jan@customer.test\n",
    "invitation by a calendar": (
        PERSON + "Sender: Calendar <calendar-notification@calendar.test>\n"
        "Reply-To: Jan Nowak <jan@customer.test>\nAuto-Submitted: auto-generated\n"
    ),
    "spam flag no": PERSON + "X-Spam-Flag: NO\nX-Spam-Status: No, score=1.1\n",
    "stars below the server's threshold": (
        PERSON + "X-Spam-Status: No, score=5.1 required=8.0\nX-Spam-Level: *****\n"
    ),
    "few stars": PERSON + "X-Spam-Level: ****\n",
    "Exchange's trust": PERSON + "X-MS-Exchange-Organization-SCL: -1\n",
    "Exchange's lesser bulk level": PERSON + "X-Microsoft-Antispam: BCL:6;\n",
    "Exchange's level that is none": PERSON + "X-MS-Exchange-Organization-SCL: high\n",
    "Exchange's doubt": PERSON + "X-MS-Exchange-Organization-SCL: 4\n",
    "Exchange Online's good verdict": (
        PERSON + "X-Forefront-Antispam-Report: CIP:1.2.3.4;SFV:NSPM;CAT:NONE;\n"
        "X-Microsoft-Antispam: BCL:0;\n"
    ),
    "Rspamd's scale": PERSON + "X-Spamd-Bar: ++++++\nX-Spamd-Result: default: False [5 / 15]\n",
    "X-Loop of a forwarding rule": PERSON + "X-Loop: sales@company.test\n",
    "50 hops": HOPS * 50 + PERSON,
    "a customer who uses the same host": PERSON + "X-Odoo-Objects: sale.order-7\n",
    "a mail passed on by CommuniGate": PERSON + "X-Autogenerated: Forward\n",
    "an answer to an automatic one": "From: jan@customer.test\nSubject: Re: Automatic reply: Hi\n",
    "out of the office within a sentence": (
        "From: jan@customer.test\nSubject: Out of office windows for a shop\n"
    ),
    "postmaster in person": "Return-Path: <postmaster@x.test>\n" + sender("postmaster@x.test"),
    "null return path alone": "Return-Path: <>\n" + PERSON,
    "a name that looks like a machine's": sender("No Reply Ltd <office@customer.test>"),
    "local parts of people": sender("noreplyski.jan@customer.test"),
    "reply within a local part": sender("reply@customer.test"),
    "precedence of a person": PERSON + "Precedence: first-class\n",
    "signed mail": PERSON + "Content-Type: multipart/signed; boundary=b; micalg=sha-256\n",
}


@pytest.mark.parametrize(("expected", "head"), JUNK.values(), ids=JUNK)
def test_junk(expected, head):
    assert read(f"{head}\nText\n".encode()).automatic == expected
    assert read(f"{head}\nText\n".replace("\n", "\r\n").encode()).automatic == expected


@pytest.mark.parametrize("head", NOT_JUNK.values(), ids=NOT_JUNK)
def test_not_junk(head):
    assert read(f"{head}\nX-Spam-Flag: YES\nPrecedence: bulk\n".encode()).automatic == ""


@pytest.mark.parametrize(("sign", "head"), ALONE.items(), ids=ALONE)
def test_one_sign_proves_nothing(sign, head):
    default = "" if head.startswith("From:") else "From: office@customer.test\n"
    reading = read(f"{head}{default}To: sales@company.test\n\n".encode())
    assert (reading.signs.machine, reading.automatic) == ((sign,), "")


def test_every_sign_is_known():
    assert set(ALONE) | {key for key, weight in MACHINE.items() if weight >= ENOUGH} == set(
        MACHINE
    ) - {"names_nobody", "bounce_text", "away_text", "away_reply"}


def test_every_reason_is_tried():
    reasons = {expected for expected, _head in JUNK.values()}
    assert reasons | {"spam_folder"} == set(mail_junk.JUNK_REASONS)


# A company's group address is a mailing list of its own: customers write to it.
GROUP = (
    PERSON + "Precedence: list\nList-ID: <sales.company.test>\n"
    "List-Unsubscribe: <mailto:sales+unsubscribe@company.test>\n"
)


@pytest.mark.parametrize(
    ("own_domains", "expected"),
    [((), "bulk"), (("company.test",), ""), (("other.test",), "bulk"), (("pany.test",), "bulk")],
)
def test_group_of_our_own(own_domains, expected):
    assert read(f"{GROUP}\nText".encode(), own_domains).automatic == expected


# ---- THE LABELLED SET ----

LABELLED = all_mail()
PEOPLE = [one for one in LABELLED if one.label == "person"]
MACHINES = [one for one in LABELLED if one.label != "person"]


def test_the_labelled_set_is_large():
    assert len(LABELLED) >= 200
    assert len(PEOPLE) > 100
    assert len(MACHINES) > 100


@pytest.mark.parametrize("one", PEOPLE, ids=lambda one: one.name)
def test_no_person_is_set_aside(one):
    reading = read(one.raw, OWN_DOMAINS)
    assert not reading.automatic, reading.signs


def test_at_most_one_machine_of_twenty_waits():
    waiting = [one.name for one in MACHINES if not read(one.raw, OWN_DOMAINS).automatic]
    assert len(waiting) * 20 <= len(MACHINES), waiting


@pytest.mark.parametrize("one", MACHINES, ids=lambda one: one.name)
def test_why_a_machine_is_set_aside(one):
    kind = read(one.raw, OWN_DOMAINS).automatic
    same = {"notification": ("notification", "no_reply", "bulk")}.get(one.label, (one.label,))
    assert kind in (*same, "")


# ---- WHAT THE DATABASE KNOWS ----

NEWS = Signs(("list_unsubscribe", "list_id", "feedback_id"), ("personal_name",))
SPAM = Signs(("spam_verdict",))
AUTO = Signs(("auto_replied",), ("personal_name",))
BOUNCE = Signs(("delivery_report",), ())


@pytest.mark.parametrize("fact", KNOWN)
@pytest.mark.parametrize(
    "signs", [NEWS, Signs(("spam_verdict",)), Signs(("no_reply", "generated"))]
)
def test_whoever_is_known_is_never_set_aside(fact, signs):
    found = judge(signs, Facts(**{fact: True}))
    assert found == Judgement("", judge(signs).kind, (*signs.machine, *signs.person, fact))
    assert found.suspected


def test_whoever_has_an_open_lead_is_known_anyway():
    found = judge(SPAM, Facts(open_lead=True, known_address=True))
    assert found.evidence == ("spam_verdict", "open_lead")


def test_nobody_known_is_part_of_the_evidence():
    assert judge(NEWS, Facts()) == Judgement(
        "bulk", "bulk", (*NEWS.machine, "personal_name", "nobody_known")
    )
    assert judge(NEWS).evidence == (*NEWS.machine, "personal_name")


@pytest.mark.parametrize(("signs", "kind"), [(AUTO, "auto_reply"), (BOUNCE, "bounce")])
def test_an_automatic_answer_is_one_whoever_is_known(signs, kind):
    assert judge(signs, Facts(open_lead=True)).kind == kind


WORDED = Signs(("bounce_subject", "bounce_text"), ())


def test_what_looks_like_a_report_by_its_words_may_be_a_complaint():
    assert judge(WORDED, Facts()).kind == "bounce"
    for fact in ("answers_us", "known_number"):
        assert judge(WORDED, Facts(**{fact: True})).kind == "bounce"
    for fact in ("open_lead", "known_address"):
        found = judge(WORDED, Facts(**{fact: True}))
        assert (found.kind, found.suspected, found.may_answer) == ("", "bounce", True)


def test_the_folder_for_spam_is_a_sign():
    signs = in_spam_folder(Signs((), ("personal_name",)))
    assert judge(signs) == Judgement("spam_folder", "spam_folder", ("spam_folder", "personal_name"))
    assert not judge(signs, Facts(open_lead=True)).kind
    assert not judge(signs, Facts(open_lead=True)).may_answer
    assert judge(NEWS, Facts(open_lead=True)).may_answer


def test_a_mail_without_signs_has_no_evidence():
    assert judge(Signs(), Facts(known_address=True)) == Judgement()


def test_every_sign_of_a_person_is_tried():
    found = {key for one in LABELLED for key in read(one.raw, OWN_DOMAINS).signs.person}
    assert found == set(FOR_PERSON)


JAN = "From: jan@x.test\n"
BOUNCE_SUBJECT, AWAY_SUBJECT = f"{JAN}Subject: Delivery failed\n", f"{JAN}Subject: Urlaub: Tür\n"
NO_REPLY = "From: noreply@x.test\n"


@pytest.mark.parametrize(
    ("head", "text", "signs"),
    [
        ("From: System Administrator <jan@x.test>\n", "Text", "machine_name"),
        ("Subject: Windows\n", "Text", ""),
        (f"{JAN}X-Ricevuta: accettazione\n", "Text", "certified_receipt"),
        (f"{JAN}X-REM-Msg-Type: http://x.test#SubmissionEvidence\n", "Text", "certified_receipt"),
        (f"{JAN}X-REM-Msg-Type: http://x.test#Message\n", "Text", ""),
        (BOUNCE_SUBJECT, "Text", "bounce_subject"),
        (BOUNCE_SUBJECT, "User unknown", "bounce_subject bounce_text"),
        (
            f"{BOUNCE_SUBJECT}Content-Type: message/rfc822\n",
            "From: anna@y.test\n\nText",
            "bounce_subject bounce_text",
        ),
        (f"{JAN}Feedback-ID: 1\n", "User unknown", "feedback_id"),
        (NO_REPLY, "Text", "no_reply names_nobody"),
        (NO_REPLY, " ", "no_reply"),
        (NO_REPLY, "E-mail: ewa@y.test", "no_reply"),
        (f"{NO_REPLY}Reply-To: ewa@y.test\n", "Text", "no_reply"),
        # the first 300 characters
        (AWAY_SUBJECT, "x" * 286 + " out of office", "away_subject away_text"),
        (AWAY_SUBJECT, "x" * 287 + " out of office", "away_subject"),
        (AWAY_SUBJECT, "x " * 136 + "Urlaub. Danke f\u00fcr Ihre Mail", "away_subject away_reply"),
        (AWAY_SUBJECT, "x " * 137 + "Urlaub. Danke f\u00fcr Ihre Mail", "away_subject"),
        (f"{JAN}Feedback-ID: 1\n", "Urlaub. Danke f\u00fcr Ihre Mail", "feedback_id"),
    ],
)
def test_what_a_text_says_of_a_machine(head, text, signs):
    raw = f"{head}To: sales@company.test\n\n{text}\n".encode()
    assert " ".join(read(raw).signs.machine) == signs


def person_signs(sender, reply_to="", more="", text="Text", own=()):
    reply = f"Reply-To: {reply_to}\n" if reply_to else ""
    head = f"From: {sender}\nTo: sales@company.test\nFeedback-ID: 1\n{reply}{more}"
    return read(f"{head}\n{text}\n".encode(), own).signs.person


@pytest.mark.parametrize(
    ("sender", "reply_to", "sign"),
    [
        # of the domain that somebody registered
        ("hello@mail.acme.example", "info@acme.example", None),
        ("hello@acme.example", "info@other.example", "other_office"),
        ("hello@acme.example", "x@other.example", "other_party"),
        ("hello@acme.example", "x@mail.acme.example", "other_office"),
        ("hello@acme.example", "Ann Kay <kay@mail.acme.example>", "other_party"),
        ("hello@acme.example", "re-12ab34cd@mail.acme.example", "other_party"),
        ("hello@acme.example", "x@reply.acme.example", "other_party"),
        # below co.uk and com.pl it has three names
        ("hello@acme.co.uk", "info@mail.acme.co.uk", None),
        ("hello@acme.co.uk", "info@other.co.uk", "other_office"),
        ("hello@acme.com.pl", "info@other.com.pl", "other_office"),
        ("hello@acme.pl", "info@mail.acme.pl", None),
        ("hello@acme.example", "info@mail.acme.example", None),
        ("hello@acme", "info@acme", None),
        ("hello@acme.com", "info@a.acme.com", None),
    ],
)
def test_whom_the_address_for_answers_is(sender, reply_to, sign):
    assert person_signs(sender, reply_to) == ((sign,) if sign else ())


@pytest.mark.parametrize(
    ("sender", "signs"),
    [
        ("Jan Berg <jan.berg@x.example>", ("personal_name",)),
        ("Jan Berg <jberg@x.example>", ("personal_name",)),
        ("Jan Kot <jkot@x.example>", ()),
        ("Jan Kot <kot@x.example>", ("personal_name",)),
        ("\u0141ukasz \u017bak <lukasz@x.example>", ("personal_name",)),
        ("Berg Windows <berg@berg-windows.example>", ()),
        ("Berg Example <berg@berg.example>", ()),
        ("Berg Shop <berg@x.example>", ()),
        ("berg@x.example", ()),
        ("Acme <a1b2c3d4@x.example>", ("relay",)),
        ("Acme <a1b2c3d@x.example>", ()),
        ("a1b2c3d4@x.example", ()),
        ("Acme <a1b2c3d4@gmail.com>", ("free_mail",)),
        ("Acme <x@reply.acme.example>", ("relay",)),
        ("Acme via Shop <x@acme.example>", ("via",)),
    ],
)
def test_what_a_sender_is_called(sender, signs):
    assert person_signs(sender) == signs


@pytest.mark.parametrize(
    ("more", "signs"),
    [
        ("Sender: calendar@x.example\n", ("on_behalf",)),
        ("Sender: x@x.example\n", ()),
        ("In-Reply-To: <1@x.example>\n", ("answer",)),
        ("In-Reply-To: <1@x.example>\nList-Id: <a.x.example>\n", ()),
        ("X-Mailer: Freshdesk\n", ("help_desk",)),
        ("X-Zendesk-Id: 1\n", ("help_desk",)),
        ("Message-ID: <1@otrs.x.example>\n", ("help_desk",)),
    ],
)
def test_what_headers_say_for_a_person(more, signs):
    assert person_signs("x@x.example", more=more) == signs


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("E-mail: ewa@y.example", True),
        ("> E-Mail: <EWA@Y.example>", True),
        ("E-mail: ewa@x.example", False),
        ("E-mail: ewa@mail.x.example", False),
        ("E-mail: ewa@company.test", False),
        ("E-mail: noreply@y.example", False),
        ("E-mail: noreply@y.example\nE-mail: ewa@y.example", True),
        ("Write to ewa@y.example, please", False),
        ("Name: Ewa\nTel: 601 222 333", True),
        ("Tel: 601 222 333", False),
        ("Name: Ewa", False),
        # the first 4,000 characters
        (" " * 3994 + "\na@b.c", True),
        (" " * 3995 + "\na@b.c", False),
    ],
)
def test_who_is_named_in_the_text(text, is_found):
    signs = person_signs("x@x.example", text=text, own=("company.test",))
    assert ("visitor" in signs) is is_found


@pytest.mark.parametrize("fact", KNOWN)
def test_an_address_or_number_alone_makes_nobody_known(fact):
    is_known = fact in ("answers_us", "open_lead")
    assert judge(NEWS, Facts(**{fact: True})).is_known is is_known
    assert not judge(NEWS, Facts()).is_known


@pytest.mark.parametrize(
    ("signs", "may_answer"),
    [
        (Signs(), True),
        (NEWS, True),
        (AUTO, False),
        (SPAM, False),
        (in_spam_folder(Signs()), False),
    ],
)
def test_what_is_known_may_answer_but_no_spam(signs, may_answer):
    assert judge(signs, Facts(answers_us=True)).may_answer is may_answer


# ---- WHAT IS WRITTEN ABOUT IT ----

DOCS = Path(__file__).parents[3] / "docs" / "mail.md"


def test_the_documentation_has_the_weights():
    text = DOCS.read_text(encoding="utf-8")
    written = {
        key: int(points) for key, points in re.findall(r"^\| `(\w+)` \| (\d) \|", text, re.M)
    }
    assert written == MACHINE | FOR_PERSON
    assert {key for key in MACHINE if judge(Signs((key,))).suspected} == {
        key for key in MACHINE if written[key] >= ENOUGH
    }, "and they are what counts"
    assert set(KNOWN) <= set(re.findall(r"\(`(\w+)`\)", text))
