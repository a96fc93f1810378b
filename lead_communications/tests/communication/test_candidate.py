from datetime import timedelta

from odoo import fields
from odoo.tests import tagged, users

from ...models.communication.candidate_query import CANDIDATE_LIMIT
from ..common import LeadCommunicationsCommon

# The counterpart of a case: their number as a key, as people write it, and in another country;
# their address; another address of their company; both for each case anew.
PHONE, NATIONAL, ABROAD = "+4860{i:07d}", "60{i:07d}", "+4960{i:07d}"
EMAIL, MATE, DOMAIN = "jan@firm{i}.test", "eva@firm{i}.test", "firm{i}.test"
OTHER_PHONE, OTHER_EMAIL = "+4822{i:07d}", "else@other{i}.test"

BY_PHONE, BY_EMAIL = {"phone": PHONE}, {"email": EMAIL}
LEAD = {"phone": PHONE}
MAIL_LEAD = {"email_from": EMAIL}
# What the counterpart's contact is made of: a person of a company with a lead of its own.
FIRM = {"firm": {"is_company": True}}
PERSON = {"jan": {"phone": PHONE, "email": EMAIL, "parent": "firm"}}
MATES = {"eva": {"parent": "firm"}}


def case(found="", leads=None, row=None, **values):
    """Return a case.

    :param found: the expected leads in their order: ``name: reason+reason, name: reason``; a star
        after the name of a hint that is no more than that.
    :param leads: name: values; ``status``, ``contact`` and ``days`` (since the last change) are
        names of the table.
    :param row: values of the communication; its ``phone`` or its ``email`` makes it a call or mail.
    :param values: ``contacts``, ``earlier`` communications on leads, ``hidden`` count, ``user``.
    """
    return {"found": found, "leads": leads or {}, "row": row or BY_PHONE} | values


CASES = {
    # ---- numbers ----
    "same number": case("a: phone", {"a": LEAD}),
    "nobody's number": case("", {"a": {"phone": OTHER_PHONE}}),
    "same number in two leads, the newer first": case("b: phone, a: phone", {"a": LEAD, "b": LEAD}),
    "that a lead was edited says nothing": case(
        "b: phone, a: phone", {"a": LEAD, "b": LEAD | {"days": 9}}
    ),
    "phoned before edited a minute ago": case(
        "a: phone, b: phone",
        {"a": LEAD | {"days": 90}, "b": LEAD},
        earlier={"a": {"phone": OTHER_PHONE, "days": 30}},
    ),
    "the last contact first": case(
        "a: phone, b: phone",
        {"a": LEAD, "b": LEAD | {"stage_id": "crm.stage_lead3"}},
        earlier={
            "a": {"phone": OTHER_PHONE, "days": 1},
            "b": {"phone": OTHER_PHONE, "days": 2},
        },
    ),
    "what waits on nobody's lead is no contact of a lead": case(
        "b: phone, a: phone", {"a": LEAD, "b": LEAD}, earlier={"none": {"phone": OTHER_PHONE}}
    ),
    "the further stage before the newer lead": case(
        "a: phone, c: phone, b: phone",
        {
            "a": LEAD | {"stage_id": "crm.stage_lead3"},
            "b": LEAD | {"stage_id": "crm.stage_lead1"},
            "c": LEAD | {"stage_id": "crm.stage_lead2"},
        },
    ),
    "open before a newer lost one": case(
        "a: phone, b: phone", {"a": LEAD, "b": LEAD | {"status": "lost"}}
    ),
    "open before a newer won one": case(
        "a: phone, b: phone", {"a": LEAD, "b": LEAD | {"status": "won"}}
    ),
    "won before lost": case(
        "a: phone, b: phone", {"a": LEAD | {"status": "won"}, "b": LEAD | {"status": "lost"}}
    ),
    "archived counts as lost": case(
        "b: phone, a: phone", {"a": LEAD | {"status": "archived"}, "b": LEAD | {"status": "won"}}
    ),
    "written in E.164": case("a: phone", {"a": {"phone": PHONE}}),
    "written as in the country": case("a: phone", {"a": {"phone": NATIONAL}}),
    "written with spaces": case("a: phone", {"a": {"phone": "+48 60{i:07d}"}}),
    "written with 00": case("a: phone", {"a": {"phone": "0048 60{i:07d}"}}),
    "written with brackets": case("a: phone", {"a": {"phone": "(60){i:07d}"}}),
    "written with hyphens": case("a: phone", {"a": {"phone": "60-{i:07d}"}}),
    "written with dots": case("a: phone", {"a": {"phone": "+48.60.{i:07d}"}}),
    "same last digits with another country code": case(
        "a*: digits", {"a": {"phone": ABROAD, "country_id": "base.de"}}
    ),
    "exact and lost before possible and open": case(
        "b: phone, a*: digits",
        {"a": {"phone": ABROAD, "country_id": "base.de"}, "b": LEAD | {"status": "lost"}},
    ),
    "second number of the field": case("a: phone", {"a": {"phone": "22 111 22 33; 60{i:07d}"}}),
    "remark behind": case("a: phone", {"a": {"phone": "60{i:07d} (Jan)"}}),
    "both numbers of one field, told once": case(
        "a: phone", {"a": {"phone": "60{i:07d} / 60{i:07d}"}}
    ),
    "no number in the country of the lead": case(
        "a*: digits", {"a": {"phone": "0 60 {i:07d}", "country_id": "base.dk"}}
    ),
    "number that is no whole one": case(
        "a*: digits", {"a": {"phone": PHONE}}, {"number": "+60{i:07d}", "phone": False}
    ),
    "contact has it as the second number": case(
        "a: contact",
        {"a": {"contact": "jan"}},
        contacts={"jan": {"phone": "22 111 22 33, 60{i:07d}"}},
    ),
    "contact has the same last digits": case(
        "a*: digits",
        {"a": {"contact": "jan"}},
        contacts={"jan": {"phone": ABROAD}},
    ),
    "colleague of who has the same last digits": case(
        "a*: digits",
        {"a": {"contact": "eva"}},
        contacts=FIRM | MATES | {"jan": {"phone": ABROAD, "parent": "firm"}},
    ),
    "family of who has the same last digits": case(
        "",
        {"a": {"contact": "firm"}},
        contacts={"firm": {"is_company": False}, "jan": {"phone": ABROAD, "parent": "firm"}},
    ),
    "one of ours has the same last digits": case(
        "", {"a": {"contact": "ours"}}, contacts={"jan": {"phone": ABROAD, "parent": "ours"}}
    ),
    "line behind the switchboard of the lead": case(
        "a*: switchboard", {"a": {"phone": "+48 22 9{i:03d} 100"}}, {"phone": "+48229{i:03d}123"}
    ),
    "switchboard of the line on the lead": case(
        "a*: switchboard", {"a": {"phone": "+48 22 9{i:03d} 123"}}, {"phone": "+48229{i:03d}100"}
    ),
    "line beside the line, written as such": case(
        "a*: switchboard", {"a": {"phone": "+49 30 9{i:03d}-12"}}, {"phone": "+49309{i:03d}123"}
    ),
    "switchboard of the company of the lead's contact": case(
        "a*: switchboard",
        {"a": {"contact": "eva"}},
        {"phone": "+48229{i:03d}123"},
        contacts={"firm": {"is_company": True, "phone": "+48 22 9{i:03d} 100"}} | MATES,
    ),
    "neighbour of a line": case(
        "", {"a": {"phone": "+48 22 9{i:03d} 122"}}, {"phone": "+48229{i:03d}123"}
    ),
    "neighbour of a mobile telephone": case(
        "", {"a": {"phone": "+48 609 {i:03d} 100"}}, {"phone": "+48609{i:03d}123"}
    ),
    "hint to a lost lead": case(
        "a*: digits",
        {"a": {"phone": ABROAD, "country_id": "base.de", "status": "lost"}},
    ),
    "hint to a hidden lead": case(
        "", {"a": {"phone": ABROAD, "country_id": "base.de", "user_id": "ben"}}, hidden=1
    ),
    "hint to a lead of another company": case(
        "",
        {"a": {"phone": ABROAD, "user_id": "otto", "company_id": "other"}},
        hidden=0,
    ),
    "short number": case("", {"a": {"phone": "101"}}, {"number": "101"}),
    "anonymous": case("", {"a": {"phone": "anonymous"}}, {"number": "anonymous"}),
    "no number and no address": case("", {"a": {"phone": False}}, {"number": False}),
    "reception number of twelve leads": case(
        ", ".join(f"l{number}: phone" for number in reversed(range(12))),
        {f"l{number}": LEAD for number in range(12)},
    ),
    # ---- contacts ----
    "contact has the number, their lead another": case(
        "a: contact", {"a": {"contact": "jan"}}, contacts={"jan": {"phone": PHONE}}
    ),
    "archived contact": case(
        "a: contact",
        {"a": {"contact": "jan"}},
        contacts={"jan": {"phone": PHONE, "active": False}},
    ),
    "two contacts with one number": case(
        "b: contact, a: contact",
        {"a": {"contact": "jan"}, "b": {"contact": "ola"}},
        contacts={"jan": {"phone": PHONE}, "ola": {"phone": PHONE}},
    ),
    "company of the contact": case(
        "a: colleague@Firm", {"a": {"contact": "firm"}}, contacts=FIRM | PERSON
    ),
    "colleague of the contact": case(
        "a: colleague@Firm", {"a": {"contact": "eva"}}, contacts=FIRM | PERSON | MATES
    ),
    "own lead of the contact before a colleague's": case(
        "a: contact, b: colleague@Firm",
        {"a": {"contact": "jan"}, "b": {"contact": "eva"}},
        contacts=FIRM | PERSON | MATES,
    ),
    "two contacts of one company": case(
        "b: contact, a: contact",
        {"a": {"contact": "jan"}, "b": {"contact": "eva"}},
        contacts=FIRM | PERSON | {"eva": {"parent": "firm", "phone": PHONE}},
    ),
    "reception number on the company": case(
        "b: contact, a: colleague@Firm",
        {"a": {"contact": "eva"}, "b": {"contact": "firm"}},
        contacts={"firm": {"is_company": True, "phone": PHONE}} | MATES,
    ),
    "company that the user may not see is not named": case(
        "a: colleague",
        {"a": {"contact": "eva"}},
        contacts={"firm": {"is_company": True, "company_id": "other"}} | PERSON | MATES,
    ),
    "a family is no company": case(
        "", {"a": {"contact": "firm"}}, contacts={"firm": {"is_company": False}} | PERSON
    ),
    "department of the company": case(
        "a: colleague@Firm",
        {"a": {"contact": "firm"}},
        contacts=FIRM | {"office": {"parent": "firm"}, "jan": {"phone": PHONE, "parent": "office"}},
    ),
    "employee of our own company": case(
        "", {"a": {"contact": "ours"}}, contacts={"jan": {"phone": PHONE, "parent": "ours"}}
    ),
    "colleague's own number": case(
        "", {"a": {"contact": "ben"}}, contacts={"ben": {"phone": PHONE}}
    ),
    # ---- earlier communications ----
    "earlier call on a lead that has another number now": case(
        "a: earlier", {"a": {"phone": OTHER_PHONE}}, earlier={"a": {"phone": PHONE}}
    ),
    "contact moved, their lead stayed": case(
        "a: earlier",
        {"a": {"contact": "eva"}},
        contacts=FIRM | MATES | {"jan": {"phone": OTHER_PHONE}},
        earlier={"a": {"phone": PHONE}},
    ),
    "changed address": case(
        "a: earlier", {"a": {"email_from": OTHER_EMAIL}}, BY_EMAIL, earlier={"a": {"email": EMAIL}}
    ),
    "earlier call on a merged lead": case(
        "a: earlier",
        {"a": {"phone": OTHER_PHONE}, "b": {"phone": OTHER_PHONE, "merged_into": "a"}},
        earlier={"b": {"phone": PHONE}},
    ),
    "number of a merged lead, kept by its calls": case(
        "a: earlier",
        {"a": {"phone": OTHER_PHONE}, "b": {"phone": PHONE, "merged_into": "a"}},
        earlier={"b": {"phone": PHONE}},
    ),
    "earlier and same number before same number": case(
        "a: phone+earlier, b: phone", {"a": LEAD, "b": LEAD}, earlier={"a": {"phone": PHONE}}
    ),
    "all that holds is told": case(
        "a: phone+earlier+contact",
        {"a": LEAD | {"contact": "jan"}},
        contacts={"jan": {"phone": PHONE}},
        earlier={"a": {"phone": PHONE}},
    ),
    "the lead on which it is": case("b: phone", {"a": LEAD, "b": LEAD}, BY_PHONE | {"lead": "a"}),
    # ---- addresses ----
    "same address": case("a: email", {"a": MAIL_LEAD}, BY_EMAIL),
    "address with a name and capitals": case(
        "a: email", {"a": {"email_from": "Jan <JAN@Firm{i}.TEST>"}}, BY_EMAIL
    ),
    "another address": case("", {"a": {"email_from": OTHER_EMAIL}}, BY_EMAIL),
    "company domain": case("a*: domain", {"a": {"email_from": MATE}}, BY_EMAIL),
    "plus-alias is of the company, no more": case(
        "a*: domain", {"a": {"email_from": "jan+news@" + DOMAIN}}, BY_EMAIL
    ),
    "subdomain is another company": case("", {"a": {"email_from": "eva@sub." + DOMAIN}}, BY_EMAIL),
    "domain that begins alike": case("", {"a": {"email_from": "eva@" + DOMAIN + ".pl"}}, BY_EMAIL),
    "address before a newer one of the domain": case(
        "a: email, b*: domain", {"a": MAIL_LEAD, "b": {"email_from": MATE}}, BY_EMAIL
    ),
    "free mail is no company": case(
        "", {"a": {"email_from": "eva{i}@gmail.com"}}, {"email": "jan{i}@gmail.com"}
    ),
    "free mail that Odoo takes for a company": case(
        "", {"a": {"email_from": "eva{i}@poczta.onet.eu"}}, {"email": "jan{i}@poczta.onet.eu"}
    ),
    "same address, its domain in letters": case(
        "a: email",
        {"a": {"email_from": "info@müller-fenster.test"}},
        {"email": "info@xn--mller-fenster-wob.test"},
    ),
    "same address, its domain in ASCII": case(
        "a: email, b*: domain",
        {
            "a": {"email_from": "info@xn--bcher-kva.test"},
            "b": {"email_from": "eva@xn--bcher-kva.test"},
        },
        {"email": "info@bücher.test"},
    ),
    "same contact, the domain in letters": case(
        "a: contact",
        {"a": {"contact": "jan"}},
        {"email": "info@xn--mnchen-3ya.test"},
        contacts={"jan": {"email": "info@münchen.test"}},
    ),
    "same mailbox at Gmail": case(
        "a: email",
        {"a": {"email_from": "j.a.n.{i}@gmail.com"}},
        {"email": "jan{i}+windows@googlemail.com"},
    ),
    "earlier from the same mailbox at Outlook": case(
        "a: earlier",
        {"a": {"email_from": OTHER_EMAIL}},
        {"email": "jan{i}+b@outlook.com"},
        earlier={"a": {"email": "jan{i}+a@outlook.com"}},
    ),
    "contact with the same mailbox at Gmail": case(
        "a: contact",
        {"a": {"contact": "jan"}},
        {"email": "jan{i}+windows@gmail.com"},
        contacts={"jan": {"email": "jan.{i}@gmail.com"}},
    ),
    "mailbox of a colleague at Gmail": case(
        "", {"a": {"email_from": "clara.private@gmail.com"}}, {"email": "claraprivate@gmail.com"}
    ),
    "dots and plus at another provider": case(
        "",
        {"a": {"email_from": "ja.n{i}@yahoo.com"}, "b": {"email_from": "jan{i}+a@yahoo.com"}},
        {"email": "jan{i}@yahoo.com"},
    ),
    "same address at free mail": case(
        "a: email", {"a": {"email_from": "jan{i}@gmail.com"}}, {"email": "jan{i}@gmail.com"}
    ),
    "our own domain": case(
        "",
        {"a": {"email_from": "eva{i}@company.test"}, "b": {"email_from": "zoe{i}@company.test"}},
        {"email": "eva{i}@company.test"},
    ),
    "our own mailbox": case(
        "", {"a": {"email_from": "sales@company.test"}}, {"email": "sales@company.test"}
    ),
    "colleague's own address elsewhere": case(
        "", {"a": {"email_from": "ben@private.test"}}, {"email": "ben@private.test"}
    ),
    "forwarded by a colleague": case(
        "a: email",
        {"a": MAIL_LEAD, "b": {"email_from": "ben@private.test"}},
        BY_EMAIL | {"sent_by": "Ben <ben@private.test>"},
    ),
    "form on a web site": case(
        "b: email, a*: sender",
        {"a": {"email_from": "form{i}@web.test"}, "b": MAIL_LEAD},
        BY_EMAIL | {"sent_by": "Form <form{i}@web.test>"},
    ),
    "domain of a form is no company": case(
        "",
        {"a": {"email_from": "eva@web{i}.test"}},
        BY_EMAIL | {"sent_by": "Form <form@web{i}.test>"},
    ),
    "answers go to another address than it came from": case(
        "a*: sender",
        {"a": {"email_from": OTHER_EMAIL}},
        BY_EMAIL | {"sent_by": "Jan <" + OTHER_EMAIL + ">"},
    ),
    "contact has the address, their lead another": case(
        "a: contact", {"a": {"contact": "jan"}}, BY_EMAIL, contacts={"jan": {"email": EMAIL}}
    ),
    "colleague of the contact, by address": case(
        "a: colleague@Firm",
        {"a": {"contact": "eva"}},
        BY_EMAIL,
        contacts=FIRM | PERSON | MATES,
    ),
    "number and address of one communication": case(
        "c: phone+email, a: phone, b: email",
        {"a": LEAD, "b": MAIL_LEAD, "c": LEAD | MAIL_LEAD},
        BY_PHONE | BY_EMAIL,
    ),
    # ---- conversations ----
    "same conversation from another address": case(
        "a: conversation",
        {"a": {"email_from": OTHER_EMAIL}},
        BY_EMAIL | {"conversation": "<first{i}>"},
        earlier={"a": {"email": OTHER_EMAIL, "conversation": "<first{i}>"}},
    ),
    "conversation before number and address": case(
        "a: conversation, b: phone+email",
        {"a": {"email_from": OTHER_EMAIL}, "b": LEAD | MAIL_LEAD},
        BY_PHONE | BY_EMAIL | {"conversation": "<first{i}>"},
        earlier={"a": {"email": OTHER_EMAIL, "conversation": "<first{i}>"}},
    ),
    "conversation of others": case(
        "",
        {"a": {"email_from": OTHER_EMAIL}},
        BY_EMAIL | {"conversation": "<first{i}>"},
        earlier={"a": {"email": OTHER_EMAIL, "conversation": "<second{i}>"}},
    ),
    # ---- whose lead ----
    "hidden lead is counted": case("", {"a": LEAD | {"user_id": "ben"}}, hidden=1),
    "hidden lead beside mine": case(
        "a: phone", {"a": LEAD, "b": LEAD | {"user_id": "ben"}}, hidden=1
    ),
    "hidden lead found in two ways is one": case(
        "",
        {"a": LEAD | {"contact": "jan", "user_id": "ben"}},
        contacts={"jan": {"phone": PHONE}},
        hidden=1,
    ),
    "hidden lead of a colleague of the contact": case(
        "", {"a": {"contact": "eva", "user_id": "ben"}}, contacts=FIRM | PERSON | MATES, hidden=1
    ),
    "nothing is hidden from who sees all": case(
        "a: phone", {"a": LEAD | {"user_id": "ben"}}, user="clara"
    ),
    "unassigned lead": case("a: phone", {"a": LEAD | {"user_id": False}}),
    "mine before a newer one of my team": case(
        "a: phone, b: phone",
        {"a": LEAD, "b": LEAD | {"user_id": False, "team_id": "team"}},
    ),
    "my team's before newer ones of others": case(
        "a: phone, b: phone",
        {
            "a": LEAD | {"user_id": False, "team_id": "team"},
            "b": LEAD | {"user_id": False, "team_id": "others"},
        },
    ),
    "mine before a newer one of a colleague": case(
        "a: phone, b: phone", {"a": LEAD | {"user_id": "clara"}, "b": LEAD}, user="clara"
    ),
    "a better reason before mine": case(
        "b: phone, a: contact",
        {"a": {"contact": "jan", "user_id": "clara"}, "b": LEAD},
        contacts={"jan": {"phone": PHONE}},
        user="clara",
    ),
    # ---- companies ----
    "lead of another company": case(
        "", {"a": LEAD | {"user_id": "otto", "company_id": "other"}}, hidden=0
    ),
    "lead without a company": case("a: phone", {"a": LEAD | {"company_id": False}}),
    "lead of the company of the communication": case(
        "a: phone", {"a": LEAD | {"company_id": "main"}}
    ),
    "communication of another company": case(
        "b: phone",
        {
            "a": LEAD | {"company_id": "main"},
            "b": LEAD | {"user_id": "otto", "company_id": "other"},
        },
        BY_PHONE | {"company_id": "other"},
        user="otto",
    ),
}


@tagged("post_install", "-at_install", "lead_communications")
class TestLeadCommunicationCandidate(LeadCommunicationsCommon):
    """Which leads are found for a communication, why, and in which order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ben.email = "ben@private.test"
        cls.clara.email = "clara.private@gmail.com"
        cls.other_team = cls.env["crm.team"].create({"name": "Others", "company_id": False})
        cls.words = {
            "main": cls.company.id,
            "other": cls.other_company.id,
            "team": cls.team.id,
            "others": cls.other_team.id,
            **{
                user.login.removesuffix("_t"): user.id
                for user in (cls.anna, cls.ben, cls.clara, cls.otto)
            },
        }
        cls.made = {name: cls._make(i, spec) for i, (name, spec) in enumerate(CASES.items(), 1)}

    # ---- THE TABLE ----

    @classmethod
    def _make(cls, index, spec):
        """Create the records of a case; return its communication and ``{lead id: name}``."""
        spec = cls._fill(spec, index)
        contacts = {"ours": cls.company.partner_id, "ben": cls.ben.partner_id}
        for name, values in spec.get("contacts", {}).items():
            contacts[name] = cls._make_contact(name, values, contacts)
        leads = {}
        for name, values in spec["leads"].items():
            leads[name] = cls._make_lead(values, contacts)
        for name, values in spec.get("earlier", {}).items():
            cls._make_row(values | {"lead": name}, leads)
        names = {lead.id: name for name, lead in leads.items()}
        for name, values in spec["leads"].items():
            if "merged_into" in values:
                (leads[values["merged_into"]] | leads[name]).merge_opportunity()
        return cls._make_row(spec["row"], leads), names

    @classmethod
    def _fill(cls, value, index):
        """Put the number of the case in the texts."""
        if isinstance(value, dict):
            return {name: cls._fill(part, index) for name, part in value.items()}
        return value.format(i=index) if isinstance(value, str) else value

    @classmethod
    def _make_contact(cls, name, values, contacts):
        if name in contacts:
            contacts[name].write(values)
            return contacts[name]
        values = dict(values, name=name.title(), company_id=cls.words.get(values.get("company_id")))
        parent = contacts.get(values.pop("parent", None))
        return cls.env["res.partner"].create(values | {"parent_id": parent and parent.id})

    @classmethod
    def _make_lead(cls, values, contacts):
        values = dict(values)
        values.pop("merged_into", None)
        status, days = values.pop("status", "open"), values.pop("days", 0)
        contact = contacts.get(values.pop("contact", None))
        for name in ("user_id", "team_id", "company_id"):
            if name in values:
                values[name] = cls.words.get(values[name], False)
        for name in {"country_id", "stage_id"} & values.keys():
            values[name] = cls.env.ref(values[name]).id
        values["team_id"] = values.get("team_id", False)
        lead = cls._create_lead(**values, partner_id=contact and contact.id)
        if status == "won":
            lead.action_set_won()
        elif status == "lost":
            lead.action_set_lost()
        elif status == "archived":
            lead.active = False
        cls._set_apart(lead, values, days)
        return lead

    @classmethod
    def _set_apart(cls, lead, values, days):
        """Make the lead as old as the case says, and not a copy of its contact.

        Odoo copies number and address between a lead and its contact as long as they agree.
        """
        cls.env.flush_all()
        columns = {"phone": ("phone_sanitized", "phone_keys"), "email_from": ("email_normalized",)}
        gone = [
            f"{column} = NULL"
            for name, of_name in columns.items()
            for column in of_name
            if name not in values
        ]
        cls.env.cr.execute(
            f"UPDATE crm_lead SET {', '.join([*gone, 'write_date = %s'])} WHERE id = %s",
            (fields.Datetime.now() - timedelta(days=days), lead.id),
        )
        lead.invalidate_recordset()

    @classmethod
    def _make_row(cls, values, leads):
        lead = leads.get(values.get("lead"))
        is_call = "email" not in values
        maker = cls.env["lead.communication"]
        row = {
            "type": "call" if is_call else "email",
            "direction": "incoming",
            "number": values.get("number", values.get("phone")),
            "phone_sanitized": values.get("phone"),
            "email_normalized": values.get("email"),
            "sent_by": values.get("sent_by"),
            "conversation_ref": values.get("conversation"),
            "message_ref": values.get("conversation") and f"<{len(leads)}-later@firm.test>",
            "mailbox_ids": False if is_call else [(6, 0, cls.mailbox.ids)],
            "user_id": cls.anna.id,
            "company_id": cls.words.get(values.get("company_id"), cls.company.id),
            "date": fields.Datetime.now() - timedelta(days=values.get("days", 200)),
        }
        if lead:
            row |= {"lead_id": lead.id, "state": "done"}
        return maker.create(row)

    def _found(self, user):
        """Return ``{case: (what was found, as the table says it; hidden leads)}`` for the user."""
        login = user.login.removesuffix("_t")
        cases = {name for name, spec in CASES.items() if spec.get("user", "anna") == login}
        rows = self.env["lead.communication"].browse(
            row.id for name, (row, _names) in self.made.items() if name in cases
        )
        found = rows.with_user(user)._find_leads()
        return {
            name: (self._as_text(found[row.id].candidates, names), len(found[row.id].hidden_ids))
            for name, (row, names) in self.made.items()
            if name in cases
        }

    @staticmethod
    def _as_text(candidates, names):
        def text(candidate):
            star = "" if candidate.is_exact else "*"
            reasons = "+".join(candidate.telling_reasons)
            company = f"@{candidate.company}" if reasons == "colleague" else ""
            name = names.get(candidate.lead_id, "stranger")
            return f"{name}{star}: {reasons}{company.rstrip('@')}"

        return ", ".join(map(text, candidates))

    def test_table(self):
        self.assertGreaterEqual(len(CASES), 60)
        for user in (self.anna, self.clara, self.otto):
            for name, found in self._found(user).items():
                with self.subTest(name):
                    spec = CASES[name]
                    self.assertEqual(found, (spec["found"], spec.get("hidden", 0)))

    # ---- WHAT IT COSTS ----

    def _count_queries(self, number, user, **values):
        """Return how many queries a page of so many rows costs, each with a lead of its own."""
        pages = self.env["lead.communication"]
        for index in range(number):
            phone, address = f"+4822700{index:04d}", f"jan@page{number}-{index}.test"
            lead = self._create_lead(phone=phone, email_from=address, partner_id=False)
            pages |= self._create_call(
                phone_sanitized=phone, email_normalized=address, number=phone, **values
            )
            self.assertTrue(lead)
        self.env.flush_all()
        self.env.invalidate_all()
        rows = pages.with_user(user)
        rows.mapped("state")
        # What each request reads of its user, once.
        user.with_user(user).sudo().crm_team_ids.ids  # noqa: B018
        start = self.cr.sql_log_count
        rows.mapped("found_reason")
        found = self.cr.sql_log_count
        rows.mapped("found_lead_id.display_name")
        self.assertEqual(len(rows.found_lead_id), number)
        return found - start, self.cr.sql_log_count - found

    def test_page_costs_one_query_and_the_names(self):
        for user in (self.anna, self.clara):
            self._count_queries(1, user)  # rules, rights and the domains of mailboxes
            for number in (2, 80):
                with self.subTest(user=user.login, number=number):
                    self.assertEqual(self._count_queries(number, user), (1, 1))

    def test_number_of_hundreds_takes_nothing_from_another(self):
        shared, own = "+48227770001", "+48227770002"
        stamp = fields.Datetime.now()
        self.env.flush_all()
        self.env.cr.execute(
            """
            INSERT INTO crm_lead (name, type, user_id, phone_sanitized, active, won_status,
                                  company_id, write_date)
            SELECT 'Shared', 'opportunity', %s, %s, TRUE, 'pending', %s, %s
              FROM generate_series(1, %s)
            """,
            (self.ben.id, shared, self.company.id, stamp, CANDIDATE_LIMIT + 50),
        )
        mine = self._create_lead(phone=shared)
        lead = self._create_lead(phone=own)
        self.env.cr.execute("UPDATE crm_lead SET write_date = '2020-01-01' WHERE id = %s", mine.ids)
        rows = self._create_call(phone_sanitized=shared) | self._create_call(phone_sanitized=own)
        found = rows.with_user(self.anna)._find_leads()
        self.assertEqual([one.lead_id for one in found[rows[0].id].candidates], mine.ids)
        self.assertEqual(len(found[rows[0].id].hidden_ids), CANDIDATE_LIMIT - 1)
        self.assertEqual([one.lead_id for one in found[rows[1].id].candidates], lead.ids)

    # ---- ON THE ROW ----

    @users("anna_t")
    def test_row_tells_the_lead_and_why(self):
        row = self.made["colleague of the contact"][0].with_env(self.env)
        self.assertEqual(row.found_lead_id.id, next(iter(self.made["colleague of the contact"][1])))
        self.assertEqual(row.found_reason, "colleague at Firm")
        self.assertEqual((row.candidate_count, row.hidden_candidate_count), (1, 0))

    @users("anna_t")
    def test_hint_is_told_and_names_no_lead(self):
        row = self.made["company domain"][0].with_env(self.env)
        self.assertFalse(row.found_lead_id)
        self.assertEqual(row.found_reason, "maybe: same company domain")
        self.assertEqual(row.candidate_count, 1)

    @users("anna_t")
    def test_hidden_lead_is_a_number_on_the_row(self):
        row = self.made["hidden lead is counted"][0].with_env(self.env)
        self.assertFalse(row.found_lead_id)
        self.assertFalse(row.found_reason)
        self.assertEqual((row.candidate_count, row.hidden_candidate_count), (0, 1))

    @users("anna_t")
    def test_row_on_a_lead_looks_for_no_other(self):
        row = self._create_call(state="done", lead_id=self._create_lead().id).with_env(self.env)
        self.assertEqual((row.found_lead_id, row.found_reason), (row.lead_id, False))
