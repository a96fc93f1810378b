"""Emails of people and of machines, each labelled with what it is.

Made from templates of what real senders write into their headers, without anything of the code that
judges them: a phrase or a header stands here because the sender writes it, not because it is known.
Our own domain is ``seller.example``.
"""

import base64
from typing import NamedTuple

OWN_DOMAINS = ("seller.example",)


class Labelled(NamedTuple):
    name: str
    #: "person", or what kind of machine: bulk, notification, auto_reply, bounce, receipt, spam.
    label: str
    raw: bytes


def mail(sender, subject, text="", **headers):
    """Return the bytes of an email to us; ``_`` in a name is a hyphen, None leaves it out."""
    lines = {
        "From": sender,
        "To": "sales@seller.example",
        "Subject": encoded(subject),
        "Date": "Fri, 27 Nov 2026 10:13:02 +0100",
        "Message-ID": "<1.example@mail.example>",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
    }
    for name, value in headers.items():
        lines[name.replace("_", "-")] = value
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value is not None)
    return f"{head}\r\n{text}\r\n".encode()


def encoded(text):
    if text.isascii():
        return text
    return f"=?utf-8?B?{base64.b64encode(text.encode()).decode()}?="


# ---- PEOPLE ----

WRITERS = {
    "Łukasz Żak": "lzak",
    "Jan Morawski": "jan.morawski",
    "Marta Lis": "mlis.marta",
    "Hanna Berg": "hanna",
    "Paulo Reis": "reis",
    "王伟": "wangwei",
    "": "biuro",
}
ASKS = (
    ("Windows for a barn", "Could you come and measure next week?\n\nRegards\n+48 600 100 200"),
    ("Re: Offer 117", "I accept the offer.\n\n> Best regards\n> sales@seller.example"),
    ("Zapytanie ofertowe", "Dzień dobry,\nproszę o wycenę 12 okien.\n"),
)
# What the provider adds to whatever its users write.
PROVIDERS = {
    "gmail": ("gmail.com", {"X-Google-Smtp-Source": "AGHT+IF", "X-Gm-Message-State": "AOJu0Yy"}),
    "google workspace": ("customer.example", {"X-Google-Smtp-Source": "AGHT+IF"}),
    "outlook.com": (
        "outlook.com",
        {"X-MS-Exchange-Organization-SCL": "1", "X-Auto-Response-Suppress": "DR, OOF, AutoReply"},
    ),
    "exchange online": (
        "customer.example",
        {
            "X-MS-Has-Attach": "",
            "X-MS-Exchange-SenderADCheck": "1",
            "X-Microsoft-Antispam": "BCL:0;ARA:13230040;",
            "X-Forefront-Antispam-Report": "CIP:255.255.255.255;CTRY:;SFV:NSPM;CAT:NONE;",
        },
    ),
    "exchange, forwarded by a rule": (
        "customer.example",
        {"Auto-Submitted": "auto-generated", "X-MS-Exchange-Inbox-Rules-Loop": "sales@old.example"},
    ),
    "proton": ("proton.me", {"Feedback-ID": "12345678:user:proton", "X-Pm-Message-ID": "3f2c"}),
    "proton, own domain": ("customer.example", {"Feedback-ID": "1234:user:proton"}),
    "fastmail": (
        "fastmail.com",
        {
            "Feedback-ID": "i7be946fe:Fastmail",
            "X-ME-Sender": "<xms:abc>",
            "X-Mailer": "MessagingEngine.com Webmail Interface",
        },
    ),
    "fastmail, own domain": ("customer.example", {"Feedback-ID": "i7be946fe:Fastmail"}),
    "zoho": (
        "customer.example",
        {
            "Feedback-ID": "::1.us-east-1.abc:ZohoMail",
            "X-ZohoMailClient": "External",
            "Importance": "Medium",
        },
    ),
    "qq": ("qq.com", {"Feedback-ID": "ebkasjd:qq.com:qybglogicsvr", "X-QQ-mid": "xmsmtpt17"}),
    "tencent, own domain": (
        "customer.example",
        {"Feedback-ID": "sales:customer.example:qybglogicsvrgz:qybglogicsvrgz8a-1"},
    ),
    "apple": ("icloud.com", {"X-Mailer": "Apple Mail (2.3774.600.62)"}),
    "yahoo": ("yahoo.com", {"X-Mailer": "WebService/1.1.22645 YMailNorrin"}),
    "gmx": (
        "gmx.de",
        {"X-UI-Sender-Class": "01bb95c1", "Sensitivity": "Normal", "X-Priority": "3"},
    ),
    "amazon ses": (
        "customer.example",
        {"Feedback-ID": "1.eu-west-1.abc=:1.eu-west-1.def=:AmazonSES"},
    ),
    "unsubscribe by the signature tool": (
        "customer.example",
        {"List-Unsubscribe": "<mailto:unsubscribe@customer.example>"},
    ),
    "precedence by an old program": ("customer.example", {"Precedence": "bulk"}),
    "junk by a php script": ("customer.example", {"Precedence": "junk", "X-Mailer": "PHP/8.2"}),
    "no bounces wanted": ("customer.example", {"Return-Path": "<>"}),
}
HELP_DESKS = {
    "zendesk": {
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "X-Mailer": "Zendesk Mailer",
        "X-Zendesk-From-Account-Id": "38a1",
        "Feedback-ID": "38a1:zendesk",
    },
    "freshdesk": {
        "X-Freshdesk-Id": "77",
        "X-Mailer": "Freshdesk",
        "Auto-Submitted": "auto-generated",
    },
    "salesforce": {
        "X-SFDC-LK": "00D",
        "X-SFDC-User": "005",
        "X-Sender": "postmaster@salesforce.example",
    },
    "hubspot": {
        "X-HubSpot-Ticket-Id": "5",
        "Feedback-ID": "aws:1:hubspot",
        "List-Unsubscribe": "<mailto:1@hubspot.example>",
    },
    "intercom": {
        "Auto-Submitted": "auto-generated",
        "X-Intercom-Bin": "transactional",
        "Feedback-ID": "1:intercom",
        "Reply-To": "Maja <reply+8djk3@incoming.intercom-mail.example>",
    },
    "otrs": {
        "Precedence": "bulk",
        "X-Mailer": "OTRS Mail Service (6.0)",
        "Auto-Submitted": "auto-generated",
        "X-OTRS-Loop": "x",
    },
    "request tracker": {
        "Precedence": "bulk",
        "RT-Ticket": "example.com #88",
        "RT-Originator": "a@b.example",
        "Managed-By": "RT",
    },
    "another odoo": {"X-Odoo-Objects": "sale.order-7", "X-Odoo-Message-Id": "<1@o.example>"},
}
VISITORS = (
    "Ewa Sroka <ewa@sroka.example>",
    "info@lisbud.example",
    "jan.kot@gmail.com",
    "Ola <ola@wp.pl>",
)
FORM_TEXT = "Name: {name}\nE-mail: {address}\nPhone: +48 22 555 01 47\nMessage: How much is a door?"
# Who sends what a visitor filled in: the address, and the headers.
FORMS = {
    "contact form 7": (
        "Seller <wordpress@seller.example>",
        {"X-Mailer": "PHPMailer 6.9.1", "X-WPCF7-Content-Type": "text/plain"},
    ),
    "contact form 7 by sendgrid": (
        "Seller <wordpress@seller.example>",
        {"List-Unsubscribe": "<mailto:unsubscribe@em1.seller.example>", "X-SG-EID": "abc"},
    ),
    "gravity forms": ("Seller <noreply@seller.example>", {"Precedence": "bulk"}),
    "gravity forms, null sender": ("Seller <www-data@host7.example>", {"Return-Path": "<>"}),
    "own address, junk": ("Seller Website <sales@seller.example>", {"Precedence": "junk"}),
    "own address, generated": (
        "Seller Website <sales@seller.example>",
        {"Auto-Submitted": "auto-generated", "Feedback-ID": "1:2:AmazonSES", "Precedence": "bulk"},
    ),
    "typeform": (
        "Typeform <notifications@followups.typeform.example>",
        {
            "Feedback-ID": "1:2:Typeform",
            "List-Unsubscribe": "<https://typeform.example/u>",
            "Auto-Submitted": "auto-generated",
        },
    ),
    "shopify": (
        "Shop <mailer@shopify.example>",
        {
            "Auto-Submitted": "auto-generated",
            "Feedback-ID": "x:shopify",
            "X-Auto-Response-Suppress": "All",
        },
    ),
    "wix": (
        "Seller <no-reply@crm.wix.example>",
        {"List-Unsubscribe": "<https://wix.example/u>", "Feedback-ID": "1:wix"},
    ),
    "squarespace": (
        "Squarespace <form-submission@squarespace.example>",
        {"Feedback-ID": "1:sqsp", "X-MSFBL": "a"},
    ),
    "hubspot form": (
        "HubSpot <noreply@notifications.hubspot.example>",
        {
            "List-Unsubscribe": "<https://h.example/u>",
            "Feedback-ID": "1:hubspot",
            "Precedence": "bulk",
        },
    ),
    "jotform": (
        "JotForm <noreply@jotform.example>",
        {"Auto-Submitted": "auto-generated", "Precedence": "bulk"},
    ),
}
# Who carries a customer's message: the sender, the answer's address, the headers.
MARKETPLACES = {
    "allegro": (
        "Jan_k za pośrednictwem Allegro <powiadomienia@allegro.example>",
        "wiadomosc+7fk29xk@allegromail.example",
        {"Feedback-ID": "msg:allegro", "Auto-Submitted": "auto-generated"},
    ),
    "olx": (
        "Tomasz przez OLX <noreply@olx.example>",
        "tomasz-8h2k1l0x@odpowiedz.olx.example",
        {"List-Unsubscribe": "<https://olx.example/u>", "Precedence": "bulk"},
    ),
    "ebay": (
        "eBay Member: tom99 <tom99_b8h2k@members.ebay.example>",
        None,
        {"Feedback-ID": "1:ebay"},
    ),
    "amazon marketplace": (
        "Anna - Amazon Marketplace <h7d8s6x9f0qz@marketplace.amazon.example>",
        None,
        {
            "Feedback-ID": "1.eu-west-1.x:AmazonSES",
            "X-AMAZON-MAIL-RELAY-TYPE": "notification",
            "Precedence": "bulk",
        },
    ),
    "booking": (
        "Vera Blum via Booking <4521879321-k2l8.x1y2@guest.booking.example>",
        "4521879321-k2l8.x1y2@guest.booking.example",
        {"Auto-Submitted": "auto-generated", "Feedback-ID": "1:booking"},
    ),
    "classifieds": (
        '"Tom via Marketplace" <notifications@marketplace.example>',
        '"Tom via Marketplace" <k3j9-x81@reply.marketplace.example>',
        {"List-Unsubscribe": "<https://marketplace.example/u/1>"},
    ),
    "business directory": (
        "Clutch <alerts@directory.example>",
        "Nils Lang <nils.lang@langbau.example>",
        {"List-Unsubscribe": "<https://d.example/u>", "Feedback-ID": "1:d", "Precedence": "bulk"},
    ),
}


def people():
    number = 0
    for provider, (domain, headers) in PROVIDERS.items():
        for name, local in list(WRITERS.items())[number % 2 :: 2]:
            subject, text = ASKS[number % len(ASKS)]
            number += 1
            sender = f"{encoded(name)} <{local}@{domain}>" if name else f"{local}@{domain}"
            yield Labelled(f"{provider}: {local}", "person", mail(sender, subject, text, **headers))
    for desk, headers in HELP_DESKS.items():
        raw = mail(
            "Maja (Acme) <support@acme.example>",
            "[Acme] Windows for our office",
            "Please send an offer.",
            **headers,
        )
        yield Labelled(f"agent of {desk}", "person", raw)
    for form, (sender, headers) in FORMS.items():
        for visitor in VISITORS:
            address = visitor.rpartition("<")[2].strip(">")
            text = FORM_TEXT.format(name=visitor.partition(" <")[0], address=address)
            raw = mail(sender, "New enquiry from the website", text, **headers, Reply_To=visitor)
            yield Labelled(f"{form}: {visitor}", "person", raw)
        if "noreply" in sender or "no-reply" in sender:
            raw = mail(
                sender,
                "New enquiry from the website",
                FORM_TEXT.format(name="Ewa", address="ewa@sroka.example"),
            )
            yield Labelled(f"{form}, who in the text alone", "person", raw)
    for place, (sender, reply_to, headers) in MARKETPLACES.items():
        raw = mail(
            sender,
            "A question about your ad",
            "Is the greenhouse still for sale?",
            **headers,
            Reply_To=reply_to,
        )
        yield Labelled(place, "person", raw)
    for visitor in ("Anna Kot <anna.kot@firma.example>", "kot@firma.example"):
        headers = {"Auto-Submitted": "auto-generated", "Precedence": "bulk", "Reply-To": visitor}
        raw = mail(
            "ERP <noreply@firma.example>", "Request for quotation 77", "See the list.", **headers
        )
        yield Labelled(f"program of a customer for {visitor}", "person", raw)
    raw = mail(
        "Jan Kot <jan.kot@gmail.com>",
        "Delivery failed: my mail to you",
        "I wrote to kasia@seller.example and got 550 5.1.1 User unknown. Is it right?",
    )
    yield Labelled("whose mail came back", "person", raw)
    invitation = {
        "Sender": "Calendar <calendar-notification@calendar.example>",
        "Reply-To": "Vera Blum <vera@blumhaus.example>",
        "Auto-Submitted": "auto-generated",
        "Feedback-ID": "1:calendar",
    }
    raw = mail(
        "Vera Blum <vera@blumhaus.example>", "Invitation: measuring", "Monday?", **invitation
    )
    yield Labelled("invitation by a calendar", "person", raw)
    headers = {"Feedback-ID": "1:user:proton", "In-Reply-To": "<1@elsewhere.example>"}
    raw = mail("biuro@firma.example", "Re: windows", "As I wrote to you.", **headers)
    yield Labelled("answer to what we do not know", "person", raw)
    for name, sender in (
        ("a member", "eBay - tom <tom@members.ebay.example>"),
        ("a masked address", "jan@x.example [via Relay] <h7d8@mozmail.example>"),
        ("one name", "Jan <jan@firma.example>"),
        ("an agent by the domain", "Maja (Acme) <support@acme.zendesk.example>"),
    ):
        headers = {"Feedback-ID": "1:ses", "List-Unsubscribe": "<mailto:u@x.example>"}
        yield Labelled(name, "person", mail(sender, "A door", "How much is it?", **headers))
    yield from letters()
    yield from reached_otherwise()
    yield from complaints()
    yield from traps()


MANY = {"List-Unsubscribe": "<https://x.example/u>", "Feedback-ID": "1:x:amazonses"}
LETTERS = (
    ("Piotr <p.nowak@nowakbud.example>", "Good morning, how much is a window?"),
    ("Biuro <biuro@nowakbud.example>", "Dzień dobry,\nproszę o wycenę.\nPozdrawiam\nPiotr Nowak"),
    ("Biuro <biuro@nowakbud.example>", "Proszę o wycenę 12 okien.\n\nZ poważaniem\nPiotr Nowak"),
    ("Einkauf <news@zeitung.example>", "Guten Tag, bitte um ein Angebot.\nMit freundlichen Grüßen"),
    ("Achats <marketing@batir.example>", "Bonjour,\nnous cherchons des fenêtres.\nCordialement"),
    (
        "購買 <info@mado.example>",
        "お世話になっております、見積もりをお願いします。\nよろしくお願いします",
    ),
    ("采购 <sales@chuang.example>", "您好，请问一扇窗多少钱？"),
    ("Закупки <zakaz@okna.example>", "Добрый день, сколько стоит окно?"),
)


def letters():
    """People whose mail server counts, lists or labels all that goes out."""
    for number, (sender, text) in enumerate(LETTERS):
        yield Labelled(f"letter {number}", "person", mail(sender, "12", text, **MANY))
    for to in (
        "seller-windows@googlegroups.example",
        "builders@lists.example, sales@seller.example",
    ):
        headers = {"List-Id": "<builders.lists.example>", "Precedence": "list", "To": to}
        raw = mail(
            "Ulf Strand <ulf@strandbygg.example>", "Round", "Who makes round ones?", **headers
        )
        yield Labelled(f"on a list to {to}", "person", raw)
    for sender in ("Karl <mailer@baumailer.example>", "Bot Kovacs <bot@kovacs.example>"):
        yield Labelled(
            f"letter of {sender}", "person", mail(sender, "1", "How much is it?", **MANY)
        )


REACHED = {
    "form, a number alone": "Vorname: Jan\nRufnummer: 0171 1234567\nNachricht: Fenster",
    "form, Greek": "Ονοματεπώνυμο: Γιάννης\nΤηλέφωνο: 6912345678",
    "form, values below": "Imię i nazwisko\nJan Kowal\n\nTelefon\n601 222 333\n\nWiadomość\nOkna",
    "form, in one line": "Name: Jan Kowal Email: jan@kowal.example Phone: 601 222 333",
    "form, in a sentence": "Jan Kowal (jan@kowal.example) wrote:\n\nI need windows.",
    "forms, two visitors": "Name: Jan\nPhone: 601222333\n\nName: Ewa\nPhone: 602222333",
    "order of an ERP": "Our order 4711 is attached.\n\nContact: Ewa Bud\nPhone: +48 22 123 45 67",
}


def reached_otherwise():
    """People for whom a machine writes, and who are reached in another way."""
    for name, text in REACHED.items():
        raw = mail("Site <noreply@site.example>", "A message", text)
        yield Labelled(name, "person", raw)
    for subject in (
        "New voicemail from +48 22 123 45 67",
        "Neues Fax von +49221123456",
        "SMS +48601222333",
    ):
        headers = {"Auto-Submitted": "auto-generated"}
        raw = mail("PBX <noreply@pbx.example>", subject, "Duration: 0:32", **headers)
        yield Labelled(subject, "person", raw)
    raw = mail(
        "Ewa via Sign <dse@sign.example>", "Completed", "Signed.", Auto_Submitted="auto-generated"
    )
    yield Labelled("signed contract", "person", raw)


def complaints():
    """People whose own deliveries fail, in the words of mail servers."""
    for sender, subject, text in (
        ("Bud <info@bud.example>", "Delivery failed", "The 550 windows could not be delivered."),
        ("Bud <biuro@bud.example>", "Niedostarczona paczka", "Paczka nie dotarła, 550 szt."),
        ("Bau <einkauf@bau.example>", "Nicht zugestellt: 4711", "Es fehlen 500 Fenster."),
        ("Edil <acquisti@edil.example>", "Mancata consegna 12", "Non abbiamo le 550 finestre"),
        (
            "Shop <office@shop.example>",
            "Delivery delayed",
            "Our 501 windows: is it delivery failed?",
        ),
    ):
        yield Labelled(f"complaint: {subject}", "person", mail(sender, subject, text))


def traps():
    """People whose words or addresses look like a machine's."""
    jan = "Jan Morawski <jan@morawski.example>"
    for name, subject, text in (
        ("answer to an automatic reply", "Re: Automatic reply: Offer", "Fine, call me on Monday."),
        ("answer to an automatic reply, German", "AW: Automatische Antwort: Angebot", "Danke."),
        ("windows for an office", "Out of office windows for a shop", "How much?"),
        ("a car", "Auto: Toyota Yaris, szyba przednia", "Ile kosztuje wymiana szyby?"),
        (
            "will be away",
            "Nieobecność w piątek",
            "W piątek mnie nie będzie, proszę przyjechać w czwartek.",
        ),
        (
            "delivery",
            "Delivery failed yesterday, when do you come again?",
            "Nobody was at the gate.",
        ),
        ("Italian delivery", "CONSEGNA: quando arriva?", "Buongiorno, quando consegnate?"),
        ("undeliverable", "Undeliverable parcel 77", "Your courier could not find us."),
        ("automation", "Automatic reply for our CRM - offer, please", "We look for a supplier."),
        (
            "absent on a day",
            "Nieobecność: pomiar",
            "W piątek będę poza biurem, proszę przyjechać w czwartek.",
        ),
        ("takeaway", "Außer Haus: Fenster für einen Kiosk", "Was kostet das?"),
        ("delivery problem", "Delivery failure notice", "Your driver did not reach us."),
        (
            "unsubscribe in the text",
            "Newsletter design",
            "We need an unsubscribe page and a newsletter.",
        ),
        ("holiday", "Vacation home: 12 windows", "We build a vacation home."),
    ):
        yield Labelled(name, "person", mail(jan, subject, text))
    for sender in (
        "root@morawski.example",
        "Notify <notify@firma.example>",
        "mailer@firma.example",
        "Bot <bot@firma.example>",
        "Alerts GmbH <alerts@firma.example>",
        "news@firma.example",
        "postmaster@firma.example",
        "system@firma.example",
    ):
        yield Labelled(
            f"a person at {sender}", "person", mail(sender, "Offer", "Please send an offer.")
        )
    for headers in (
        {"Auto-Submitted": "auto-generated"},
        {"Auto-Submitted": "auto-notified"},
        {"List-Id": "<team.customer.example>"},
        {"X-Microsoft-Antispam": "BCL:8;"},
        {"X-Campaign-Id": "7"},
        {"X-Cron-Env": "<SHELL=/bin/sh>"},
    ):
        raw = mail("office@customer.example", "Offer", "Please send an offer.", **headers)
        yield Labelled(f"only {next(iter(headers))}", "person", raw)
    raw = mail(
        '"Per conto di: ditta@pec.rossicasa.example" <posta-certificata@pec.gestore.example>',
        "POSTA CERTIFICATA: Richiesta di offerta",
        "Il messaggio originale e' incluso in allegato.",
        **{"X-Trasporto": "posta-certificata", "Reply-To": "ditta@pec.rossicasa.example"},
    )
    yield Labelled("certified mail itself", "person", raw)
    group = {
        "Precedence": "list",
        "List-ID": "<sales.seller.example>",
        "List-Unsubscribe": "<mailto:googlegroups-manage+1@googlegroups.com>",
    }
    raw = mail(
        "\"'Ulf' via Sales\" <sales@seller.example>",
        "A barn",
        "Offer?",
        **group,
        Reply_To="ulf@strandbygg.example",
    )
    yield Labelled("by our own group", "person", raw)


# ---- MACHINES ----

NEWSLETTERS = {
    "mailchimp": {
        "List-Unsubscribe": "<https://x.list-manage.example/u>",
        "List-ID": "12mc list <12.list-id.mcsv.example>",
        "X-Campaign": "mailchimp12",
        "X-MC-User": "ab",
        "Feedback-ID": "12:12.1:us1:mc",
        "Precedence": "bulk",
        "Reply-To": "us1-ab12cd34ef@inbound.mailchimp.example",
    },
    "sendgrid": {
        "List-Unsubscribe": "<https://u1.ct.sendgrid.example/u>",
        "X-SG-EID": "x",
        "Feedback-ID": "1:SG",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    },
    "amazon ses": {
        "List-Unsubscribe": "<https://a.example/u>",
        "Feedback-ID": "1.eu-west-1.x:AmazonSES",
        "X-SES-Outgoing": "2026.11.27",
    },
    "brevo": {
        "List-Unsubscribe": "<https://b.example/u>",
        "X-Mailin-Campaign": "77",
        "Feedback-ID": "1:77:Sendinblue",
        "X-CSA-Complaints": "csa-complaints@eco.de",
    },
    "klaviyo": {
        "List-Unsubscribe": "<https://k.example/u>",
        "List-ID": "<k.klaviyo.example>",
        "X-Klaviyo-Message-ID": "z",
    },
    "getresponse": {
        "List-Unsubscribe": "<https://g.example/u>",
        "List-Id": "<g.getresponse.example>",
        "X-Mailer": "GetResponse",
        "Feedback-ID": "1:g",
    },
    "freshmail": {
        "List-Unsubscribe": "<https://f.example/u>",
        "Precedence": "bulk",
        "X-Freshmail-Campaign": "1",
    },
    "cleverreach": {
        "List-Unsubscribe": "<https://c.example/u>",
        "List-Id": "<77.cleverreach.example>",
        "Precedence": "bulk",
    },
    "discussion": {
        "List-Id": "<windows.lists.example>",
        "Precedence": "list",
        "List-Post": "<mailto:windows@lists.example>",
    },
    "constant contact": {
        "List-Unsubscribe": "<https://cc.example/u>",
        "X-Roving-CampaignId": "1",
        "Feedback-ID": "1:cc",
    },
}
SHOPS = (
    "Shop <newsletter@shop.example>",
    "Shop <hello@shop.example>",
    "Anna z Shop <info@shop.example>",
)
NOTIFICATIONS = {
    "github": (
        "octocat <notifications@github.example>",
        "Re: [acme/site] Build fails (#7)",
        {
            "List-ID": "acme/site <site.acme.github.example>",
            "Precedence": "list",
            "X-GitHub-Reason": "mention",
            "Reply-To": "acme/site <reply+AB12CD34@reply.github.example>",
            "In-Reply-To": "<acme/site/7@github.example>",
            "List-Unsubscribe": "<https://github.example/u>",
        },
    ),
    "jira": (
        "Kasia (Jira) <jira@acme.example>",
        "[JIRA] (ABC-7) Windows",
        {"Auto-Submitted": "auto-generated", "Precedence": "bulk", "X-JIRA-FingerPrint": "1"},
    ),
    "cron, without its headers": ("root@web1.example (Cron Daemon)", "Cron <www@web1> x", {}),
    "DMARC": (
        "noreply-dmarc@google.example",
        "Report domain: seller.example Submitter: google.example Report-ID: 1",
        {},
    ),
    "backup": (
        "Backup <backup@nas.example>",
        "Backup completed",
        {"Auto-Submitted": "auto-generated", "Precedence": "bulk"},
    ),
    "cron": (
        "root@web1.example (Cron Daemon)",
        "Cron <root@web1> backup",
        {"Auto-Submitted": "auto-generated", "X-Cron-Env": "<HOME=/root>"},
    ),
    "nagios": (
        "nagios@mon.example",
        "** PROBLEM Service Alert: web1/HTTP is CRITICAL **",
        {"Auto-Submitted": "auto-generated"},
    ),
    "zabbix": (
        "Zabbix <zabbix@mon.example>",
        "Problem: disk",
        {"Precedence": "bulk", "Auto-Submitted": "auto-generated"},
    ),
    "grafana": ("Grafana <alerts@grafana.example>", "[FIRING:1] CPU", {"X-Grafana-Alert": "1"}),
    "linkedin": (
        "Tom via LinkedIn <messages-noreply@linkedin.example>",
        "Tom sent you a message",
        {"List-Unsubscribe": "<https://l.example/u>", "Feedback-ID": "1:linkedin"},
    ),
    "bank": ("Bank <noreply@bank.example>", "Your statement is ready", {}),
    "carrier": (
        "Parcels <no-reply@carrier.example>",
        "Your parcel is on the way",
        {"Auto-Submitted": "auto-generated"},
    ),
    "shop order": ("Shop <noreply@shop.example>", "Order 77 confirmed", {"Feedback-ID": "1:shop"}),
    "google": (
        "Google <no-reply@accounts.google.example>",
        "Security alert",
        {"Feedback-ID": "1:google"},
    ),
    "wordpress update": (
        "WordPress <wordpress@blog.example>",
        "[Blog] Plugins were updated",
        {"Auto-Submitted": "auto-generated"},
    ),
    "feedback report": (
        "abuse@isp.example",
        "Abuse report",
        {"Content-Type": "multipart/report; report-type=feedback-report; boundary=b"},
    ),
    "facebook": (
        "Facebook <notification@facebookmail.example>",
        "You have 3 new notifications",
        {
            "List-Unsubscribe": "<https://f.example/u>",
            "Feedback-ID": "1:fb",
            "X-Auto-Response-Suppress": "All",
        },
    ),
    "calendar of a tool": (
        "Tool <notifications@tool.example>",
        "Digest of today",
        {"Precedence": "bulk", "List-Unsubscribe": "<https://t.example/u>"},
    ),
    "sentry": (
        "Sentry <noreply@md.getsentry.example>",
        "SELLER-7 TypeError",
        {"X-Sentry-Project": "seller", "List-Unsubscribe": "<https://s.example/u>"},
    ),
}
NOTICE_TEXT = "This message was sent to you by our service. Sign in to see more."

# What the server or program of the language writes in front of the subject.
AWAY = {
    "en": "Automatic reply: Offer 117",
    "en tagged": "[External] Automatic reply: Offer 117",
    "en autoreply": "Out of Office AutoReply: Offer 117",
    "en bare": "Out of office",
    "en of a person": "Jan Nowak is out of the office.",
    "en before the mark": "Out of Office Re: Offer 117",
    "de": "Automatische Antwort: Angebot 117",
    "de notiz": "Abwesenheitsnotiz: Angebot 117",
    "fr": "Réponse automatique : Offre 117",
    "es": "Respuesta automática: Oferta 117",
    "es fuera": "Fuera de la oficina: Oferta 117",
    "it": "Risposta automatica: Offerta 117",
    "pt": "Resposta automática: Oferta 117",
    "nl": "Automatisch antwoord: Offerte 117",
    "pl": "Odpowiedź automatyczna: Oferta 117",
    "pl biuro": "Poza biurem: Oferta 117",
    "cs": "Automatická odpověď: Nabídka 117",
    "sk": "Automatická odpoveď: Ponuka 117",
    "hu": "Automatikus válasz: Ajánlat 117",
    "ro": "Răspuns automat: Oferta 117",
    "sv": "Automatiskt svar: Offert 117",
    "da": "Automatisk svar: Tilbud 117",
    "no": "Autosvar: Tilbud 117",
    "fi": "Automaattinen vastaus: Tarjous 117",
    "el": "Αυτόματη απάντηση: Προσφορά 117",
    "tr": "Otomatik yanıt: Teklif 117",
    "ru": "Автоматический ответ: Предложение 117",
    "uk": "Автоматична відповідь: Пропозиція 117",
    "zh": "自动答复: 报价 117",
    "zh tw": "自動回覆： 報價 117",
    "ja": "自動応答: 見積もり 117",
    "ko": "자동 회신: 견적 117",
    "eu": "Erantzun automatikoa: Eskaintza 117",
    "ms": "Balasan Automatik: Tawaran 117",
    "mk": "Автоматски одговор: Понуда 117",
    "sq": "Përgjigje automatike: Oferta 117",
    "fa": "پاسخ خودکار: پیشنهاد 117",
    "hi": "स्वचालित उत्तर: प्रस्ताव 117",
    "ka": "ავტომატური პასუხი: შეთავაზება 117",
    "kk": "Автоматты жауап: Ұсыныс 117",
    "be": "Аўтаматычны адказ: Прапанова 117",
    "en short": "OOO: Offer 117",
}
NOTES = {
    "en": "AUTO: Jan Nowak is out of the office (returning 12/01/2026)",
    "de": "AUTO: Hans Müller ist außer Haus (Rückkehr am 01.12.2026)",  # codespell:ignore ist
    "fr": "AUTO: Marie Petit est absente du bureau (retour 01/12/2026)",
    "pl": "AUTO: Ewa Lis jest poza biurem (powrót 2026-12-01)",
}
AUTORESPONDERS = {
    "sieve": {
        "Auto-Submitted": "auto-replied (vacation)",
        "Precedence": "bulk",
        "X-Sieve": "Pigeonhole",
        "Return-Path": "<>",
    },
    "gmail": {"Auto-Submitted": "auto-replied", "X-Autoreply": "yes", "Precedence": "bulk"},
    "exchange, unknown words": {
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "Return-Path": "<>",
    },
    "cpanel": {"X-Autorespond": "Re: Offer", "Precedence": "auto_reply"},
    "mail.ru": {
        "Auto-Submitted": "auto-replied",
        "X-AutoReply": "jan@mail.ru",
        "Reply-To": "jan.autoreply@mail.ru",
    },
    "opensrs": {"X-Autoresponder": "Will not send another autoreply for 86400 seconds"},
    "mailtraq": {"X-POST-MessageClass": "9; Autoresponder"},
    "qmail": {"Delivered-To": "Autoresponder"},
    "communigate": {"X-Autogenerated": "Reply"},
}
# Headers say nothing, and the words of the subject are anybody's: the text tells.
AWAY_BY_HAND = {
    "en": ("Absence: Offer 117", "Thank you for your message. I am away until 12 December."),
    "de": ("Abwesend: Angebot 117", "Vielen Dank für Ihre Nachricht. Ich bin im Urlaub."),
    "fr": ("Absent : Offre 117", "Merci de votre message. Je suis en congés jusqu'au 12."),
    "pl": ("Nieobecność: Oferta 117", "Dziękuję za wiadomość. Jestem na urlopie do 12 grudnia."),
    "nl": ("Afwezig: Offerte 117", "Bedankt voor uw bericht. Ik ben afwezig tot 12 december."),
    "sv": ("Frånvaro: Offert 117", "Tack för ditt mejl. Jag har semester till den 12."),
    "fi": ("Poissa: Tarjous 117", "Kiitos viestistäsi. Olen lomalla, palaan 12.12."),
    "it": ("Assente: Offerta 117", "Grazie per il messaggio. Sono in ferie fino al 12."),
    "sieve": ("Auto: Offer 117", "I am on vacation and will reply when I get back."),
}
AWAY_TEXT = "Thank you for your email. I am out of the office until Monday."

REPORT = "multipart/report; report-type=delivery-status; boundary=b"
BOUNCES = {
    "postfix": (
        "MAILER-DAEMON@mx.example (Mail Delivery System)",
        "Undelivered Mail Returned to Sender",
        {"Content-Type": REPORT, "Auto-Submitted": "auto-replied"},
        "",
    ),
    "exim": (
        "Mail Delivery System <Mailer-Daemon@host.example>",
        "Mail delivery failed: returning message to sender",
        {"X-Failed-Recipients": "a@b.example", "Auto-Submitted": "auto-replied"},
        "",
    ),
    "exim, odd address": (
        "Mail System <admin@host.example>",
        "Mail delivery failed: returning message to sender",
        {},
        "A message that you sent was not delivered:\n  a@b.example\n    550 5.1.1 User unknown",
    ),
    "exchange": (
        "Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@x.example>",
        "Undeliverable: Offer 117",
        {"Content-Type": REPORT, "Return-Path": "<>"},
        "",
    ),
    "exchange, Polish, report lost": (
        "Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@x.example>",
        "Nie można dostarczyć: Oferta 117",
        {"Return-Path": "<>"},
        "Nie można dostarczyć wiadomości do jan@x.example",
    ),
    "postfix, to the postmaster": ("Postfix <double-bounce@x.example>", "Postfix: errors", {}, ""),
    "a carrier's words": (
        "Filter <filter@x.example>",
        "Mail delivery failed",
        {},
        "The message to jan@y.example could not be delivered",
    ),
    "exchange, German, report lost": (
        "Microsoft Outlook <postmaster@x.example>",
        "Unzustellbar: Angebot 117",
        {"Return-Path": "<>"},
        "",
    ),
    "qmail": (
        "MAILER-DAEMON@q.example",
        "failure notice",
        {},
        "Hi. This is the qmail-send program at q.example.",
    ),
    "a system, odd address": (
        "Mail Delivery System <info@host.example>",
        "Undelivered Mail Returned to Sender",
        {},
        "Sorry.",
    ),
    "qmail, odd address": (
        "Mail <support@q.example>",
        "failure notice",
        {"Return-Path": "<>"},
        "Hi. This is the qmail-send program at q.example.",
    ),
    "gmail": (
        "Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
        "Delivery Status Notification (Failure)",
        {"X-Failed-Recipients": "a@b.example"},
        "",
    ),
    "notes": (
        "postmaster@notes.example",
        "DELIVERY FAILURE: User jan (jan@notes.example) not listed in Domino Directory",
        {},
        "Your message could not be delivered.",
    ),
    "delayed": (
        "Mail <no-reply@mx.example>",
        "Warning: message 1tABC delayed 24 hours",
        {"Auto-Submitted": "auto-replied"},
        "",
    ),
    "Polish": (
        "Poczta <postmaster@firma.example>",
        "Nie można dostarczyć: Oferta 117",
        {"Auto-Submitted": "auto-generated"},
        "",
    ),
    "French": (
        "Postmaster <postmaster@f.example>",
        "Non remis : Offre 117",
        {"Return-Path": "<>"},
        "",
    ),
    "Chinese": ("postmaster@qq.example", "退信：Offer 117", {"Return-Path": "<>"}, ""),
    "Russian": (
        "postmaster@ru.example",
        "Не доставлено: Offer 117",
        {"Auto-Submitted": "auto-replied"},
        "",
    ),
}
PEC = {
    "accettazione": "ACCETTAZIONE: Offerta 12",
    "avvenuta-consegna": "CONSEGNA: Offerta 12",
    "non-accettazione": "AVVISO DI NON ACCETTAZIONE: Offerta 12",
    "errore-consegna": "AVVISO DI MANCATA CONSEGNA: Offerta 12",
    "presa-in-carico": "PRESA IN CARICO: Offerta 12",
    "rilevazione-virus": "RILEVAZIONE VIRUS: Offerta 12",
    "preavviso-errore-consegna": "PREAVVISO DI MANCATA CONSEGNA: Offerta 12",
}
SPAM = (
    {"X-Spam-Flag": "YES"},
    {"X-Spam-Status": "Yes, score=9.1 required=5.0"},
    {"X-MS-Exchange-Organization-SCL": "9"},
    {"X-Forefront-Antispam-Report": "CIP:1.2.3.4;SFV:SPM;CAT:SPM;"},
)


def machines():
    for tool, headers in NEWSLETTERS.items():
        for shop in SHOPS:
            yield Labelled(
                f"{tool}: {shop}", "bulk", mail(shop, "Black week: 20 % off", "Look!", **headers)
            )
    for name, (sender, subject, headers) in NOTIFICATIONS.items():
        yield Labelled(name, "notification", mail(sender, subject, NOTICE_TEXT, **headers))
    jan = "Jan Nowak <jan.nowak@customer.example>"
    for language, subject in (AWAY | {f"notes {key}": text for key, text in NOTES.items()}).items():
        yield Labelled(f"away, {language}", "auto_reply", mail(jan, subject, "."))
    for language, (subject, text) in AWAY_BY_HAND.items():
        yield Labelled(f"away by hand, {language}", "auto_reply", mail(jan, subject, text))
    for program, headers in AUTORESPONDERS.items():
        yield Labelled(program, "auto_reply", mail(jan, "Re: Offer 117", AWAY_TEXT, **headers))
    for server, (sender, subject, headers, text) in BOUNCES.items():
        yield Labelled(f"bounce of {server}", "bounce", mail(sender, subject, text, **headers))
    for subject in PEC.values():
        raw = mail("posta-certificata@pec.gestore.example", subject, "Ricevuta")
        yield Labelled(f"pec without its header: {subject}", "bounce", raw)
    for kind, subject in PEC.items():
        headers = {"X-Ricevuta": kind, "X-Riferimento-Message-ID": "<1@seller.example>"}
        raw = mail("posta-certificata@pec.gestore.example", subject, "Ricevuta", **headers)
        yield Labelled(f"pec {kind}", "bounce", raw)
    receipt = {"Content-Type": "multipart/report; report-type=disposition-notification; boundary=b"}
    for subject in ("Read: Offer 117", "Przeczytano: Oferta 117", "Gelesen: Angebot 117"):
        yield Labelled(subject, "receipt", mail(jan, subject, **receipt))
    for headers in SPAM:
        yield Labelled(
            f"spam {headers}", "spam", mail("Win <win@win.example>", "You won", "!", **headers)
        )


def all_mail():
    """Return all of it, people first."""
    return [*people(), *machines()]
