"""The small world of the tests of rights: one of everything, each with canaries of its own."""

import base64
from collections import defaultdict

from odoo.fields import Command, Datetime
from odoo.tests import new_test_user

from . import rights_table
from .common import ALL_LEADS, MANAGER, SALESMAN, LeadCommunicationsCommon

TELEPHONY = "lead_communications.group_telephony"
GROUPS = {
    "portal": "base.group_portal",
    "employee": "base.group_user",
    "telephony": f"base.group_user,{TELEPHONY}",
    "mail": "base.group_user",
    "outsider": "base.group_user",
    "own": f"base.group_user,{SALESMAN}",
    "colleague": f"base.group_user,{SALESMAN}",
    "member": f"base.group_user,{SALESMAN}",
    "all": f"base.group_user,{ALL_LEADS}",
    "manager": f"base.group_user,{MANAGER}",
    "admin": f"base.group_user,{MANAGER},base.group_system",
    "system": "base.group_user,base.group_system",
    "other": f"base.group_user,{MANAGER}",
    "both": f"base.group_user,{ALL_LEADS}",
}


class RightsWorld(LeadCommunicationsCommon):
    """``people``: the user of each person. ``things``: the thing that each record is of."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner = {}  # canary: thing
        cls.things = {}  # (model, id): thing
        cls.hit = defaultdict(set)  # (model, id): canaries
        cls.number_of_canaries = 0
        cls._people()
        cls._setup()
        cls._calls()
        cls._emails()
        cls._leads()
        cls._meetings()
        cls._failures()
        cls._exceptions()
        cls.env.flush_all()
        cls.env.cr.precommit.run()
        cls._collect()
        cls.env.flush_all()
        cls.env.invalidate_all()

    # ---- CANARIES ----

    @classmethod
    def _canary(cls, thing, form="{}"):
        """Return a word that is written in one place, which is of ``thing``."""
        cls.number_of_canaries += 1
        token = f"zq{cls.number_of_canaries:04d}x"
        cls.owner[token] = thing
        return form.format(token)

    @classmethod
    def _number(cls, thing):
        cls.number_of_canaries += 1
        token = f"501000{cls.number_of_canaries:03d}"
        cls.owner[token] = thing
        return f"+48{token}"

    @classmethod
    def _own(cls, thing, records):
        for record in records:
            cls.things[record._name, record.id] = thing
        return records

    # ---- WHO ----

    @classmethod
    def _people(cls):
        cls.people = {"public": cls.env.ref("base.public_user")}
        for name, groups in GROUPS.items():
            values = {"name": name.title(), "email": f"{name}@people.test"}
            if name == "other":
                values |= {
                    "company_id": cls.other_company.id,
                    "company_ids": [Command.set(cls.other_company.ids)],
                }
            if name == "both":
                values["company_ids"] = [Command.set((cls.company | cls.other_company).ids)]
            quiet = {"no_reset_password": True}  # nobody is invited by email
            cls.people[name] = new_test_user(cls.env, f"{name}_r", groups, quiet, **values)
        cls.people["both_one"] = cls.people["both"]
        cls.group = cls.env["crm.team"].create(
            {
                "name": "Rights",
                "company_id": False,
                "member_ids": [Command.set(cls.people["own"].ids)],
            }
        )

    @classmethod
    def _companies(cls, person):
        """Return the ids of the companies that somebody has active."""
        if person == "both":
            return (cls.company | cls.other_company).ids
        return cls.people[person].company_id.ids

    # ---- THE SET-UP ----

    @classmethod
    def _setup(cls):
        cls.boxes = {
            "mailbox": cls._mailbox("mailbox", "member", "outsider"),
            "archived": cls._mailbox("mailbox", "member", "outsider"),
            "others": cls._mailbox("mailbox_others", "colleague"),
            "foreign": cls._mailbox("mailbox_foreign", "other", company=cls.other_company),
        }
        cls.systems = {
            company: cls._system(thing, company)
            for thing, company in (("pbx", cls.company), ("pbx_foreign", cls.other_company))
        }

    @classmethod
    def _mailbox(cls, thing, *members, company=None):
        company = company or cls.company
        # Whoever reads an email of a mailbox reads its address.
        address = {"mailbox": "address", "mailbox_foreign": "address_foreign"}.get(thing, thing)
        server = cls.env["fetchmail.server"].create(
            {
                "name": "Server",  # Odoo shows all of them to all administrators
                "server_type": "imap",
                "server": "127.0.0.1",
                "port": 9,
                "user": "box",
                "password": cls._canary("server_password"),
                "state": "done",
            }
        )
        box = cls.env["lead.mailbox"].create(
            {
                "name": cls._canary(thing, "Box {}"),
                "address": cls._canary(address, "{}@company.test"),
                "server_id": server.id,
                "company_id": company.id,
                "member_ids": [Command.set([cls.people[member].id for member in members])],
                "fetch_since": "2020-01-01",
            }
        )
        return cls._own(thing, box)

    @classmethod
    def _system(cls, thing, company):
        pbx = cls.env["lead.pbx"].create(
            {
                "name": cls._canary(thing, "System {}"),
                "provider": "asterisk",
                "company_id": company.id,
                "country_id": cls.env.ref("base.pl").id,
                "tz": "UTC",
                "is_secret_shown": False,
                "live_secret": cls._canary("secret"),
                "previous_secret": cls._canary("secret"),
                "recording_url": "https://127.0.0.1/{recording}",
                "recording_user": "rec",
                "recording_secret": cls._canary("secret"),
                "ami_host": "127.0.0.1",
                "ami_user": "ami",
                "ami_secret": cls._canary("secret"),
                "api_url": "https://127.0.0.1",
                "api_user": "api",
                "api_secret": cls._canary("secret"),
                "line_ids": [
                    Command.create(
                        {"extension": cls._canary("line" if thing == "pbx" else "secret")}
                    )
                ],
            }
        )
        cls._own("line" if thing == "pbx" else "secret", pbx.line_ids)
        return cls._own(thing, pbx)

    # ---- CALLS ----

    @classmethod
    def _call_of(cls, thing, company=None, spoke_id=None, **values):
        company = company or cls.company
        number = values.pop("number", None) or cls._number(thing)
        row = cls._create_call(
            **{
                "number": number,
                "phone_sanitized": number,
                "contact_name": cls._canary(thing, "Caller {}"),
                "company_id": company.id,
                "pbx_id": cls.systems[company].id,
                "user_id": False,
                "team_id": False,
                "recording": cls._canary("recording_address"),
                "is_recording_stored": True,
                "recording_file": cls._file(thing),
                "extension": "999",
            }
            | values
        )
        if user_id := spoke_id or row.user_id.id:
            agent = cls.env["lead.communication.agent"].create(
                {
                    "communication_id": row.id,
                    "extension": cls._canary(thing),
                    "user_id": user_id,
                    "duration": 60,
                }
            )
            cls._own(thing, agent)
        return cls._own(thing, row)

    @classmethod
    def _file(cls, thing):
        return base64.b64encode(cls._canary(thing, "RIFF {} WAVE").encode())

    @classmethod
    def _calls(cls):
        own, colleague, other = (cls.people[name].id for name in ("own", "colleague", "other"))
        for state in ("ready", "ignored"):
            cls._call_of("call_own", user_id=own, state=state)
            cls._call_of("call_colleague", user_id=colleague, state=state)
            cls._call_of("call_spoke", user_id=colleague, spoke_id=own, state=state)
            cls._call_of("call_team", team_id=cls.group.id, state=state)
            cls._call_of("call_nobody", state=state)
            cls._call_of("call_foreign", cls.other_company, user_id=other, state=state)

    # ---- EMAILS ----

    @classmethod
    def _email_of(cls, thing, box):
        word = cls._canary
        row = cls.boxes[box]._receive(
            cls._mail(
                **{
                    "from": word(thing, "Sender {0}").strip() + word(thing, " <{}@customer.test>"),
                    "to": word(thing, "{}@to.test"),
                    "subject": word(thing, "About {}"),
                    "html": word(thing, "<p>Text {}</p>"),
                    "body": word(thing, "Plain {}"),
                    "attachments": [(word(thing, "{}.txt"), word(thing, "File {}").encode())],
                    "message_id": word(thing, "<{}@customer.test>"),
                }
            )
        )
        return cls._own(thing, row)

    @classmethod
    def _emails(cls):
        for thing, box in (
            ("email_mailbox", "mailbox"),
            ("email_archived", "archived"),
            ("email_others", "others"),
            ("email_foreign", "foreign"),
        ):
            cls._email_of(thing, box)
            cls._email_of(thing, box)._decide("ignore")
        cls.boxes["archived"].active = False

    # ---- LEADS ----

    @classmethod
    def _leads(cls):
        own, colleague, other = (cls.people[name].id for name in ("own", "colleague", "other"))
        contact = cls.env["res.partner"].create(
            {
                "name": cls._canary("contact_name"),
                "ref": cls._canary("email_contact"),
                "comment": cls._canary("email_contact", "<p>{}</p>"),
                "company_id": cls.company.id,
            }
        )
        cls._own("email_contact", contact)
        cls.env["ir.rule"].create(
            {
                "name": "The contact is hidden from salespeople of own documents",
                "model_id": cls.env["ir.model"]._get_id("res.partner"),
                "groups": False,
                "domain_force": f"[('id', '!=', {contact.id})] if not user.has_group("
                f"'{ALL_LEADS}') else [(1, '=', 1)]",
            }
        )
        company = {"company_id": cls.company.id}
        cls.leads = {
            "lead_own": cls._lead_with_all("lead_own", user_id=own, **company),
            "lead_colleague": cls._lead_with_all("lead_colleague", user_id=colleague, **company),
            "lead_lost": cls._lead_with_all("lead_lost", user_id=colleague, **company),
            "lead_free": cls._lead_with_all("lead_free", user_id=False, team_id=False, **company),
            "lead_shared": cls._lead_with_all(
                "lead_shared", user_id=colleague, team_id=False, company_id=False
            ),
            "lead_contact": cls._lead_with_all(
                "lead_contact",
                email_thing="email_contact",
                user_id=colleague,
                partner_id=contact.id,
                **company,
            ),
            "lead_foreign": cls._lead_with_all(
                "lead_foreign", user_id=other, team_id=False, company_id=cls.other_company.id
            ),
        }
        cls.leads["lead_lost"].action_set_lost()
        # A call whose number is that of a lead that its salesperson may not see.
        number = "+48221230000"
        cls.leads["lead_colleague"].phone = number
        cls._call_of("call_own", number=number, user_id=own)

    @classmethod
    def _lead_with_all(cls, thing, email_thing=None, **values):
        word = cls._canary
        lead = cls._create_lead(
            **{
                "name": word(thing, "Lead {}"),
                "email_from": word(thing, "{}@lead.test"),
                "phone": cls._number(thing),
                "description": word(thing, "<p>{}</p>"),
                "contact_name": word(thing, "{}"),
                "partner_name": word(thing, "{}"),
            }
            | ({"email_from": False, "phone": False} if email_thing else {})
            | values
        )
        cls._own(thing, lead)
        company = lead.company_id or cls.company
        cls._call_of(thing, company, user_id=lead.user_id.id)._decide("attach", lead)
        box = "foreign" if company == cls.other_company else "mailbox"
        cls._email_of(email_thing or thing, box)._decide("attach", lead)
        Communication = cls.env["lead.communication"]
        when = {"date": "2035-01-01 10:00:00", "user_id": lead.user_id.id or cls.env.uid}
        for kind, state in (("note", "planned"), ("message", "done"), ("call", "canceled")):
            event = Communication.create(
                {
                    "type": kind,
                    "state": state,
                    "lead_id": lead.id,
                    "company_id": company.id,
                    "subject": word(thing, "Event {}"),
                    "description": word(thing, "<p>{}</p>"),
                }
                | when
            )
            cls._own(thing, event)
        lead.message_post(
            body=word(thing, "Note {}"),
            attachments=[(word(thing, "{}.txt"), word(thing, "Content {}").encode())],
            author_id=cls.env.ref("base.partner_root").id,
        )
        cls.env["mail.activity"].create(
            {
                "res_model_id": cls.env["ir.model"]._get_id("crm.lead"),
                "res_id": lead.id,
                "activity_type_id": cls.env.ref("mail.mail_activity_data_todo").id,
                "summary": word(thing, "To do {}"),
                "note": word(thing, "<p>{}</p>"),
                "user_id": lead.user_id.id or cls.env.uid,
            }
        )
        cls.env["mail.scheduled.message"].create(
            {
                "model": "crm.lead",
                "res_id": lead.id,
                "subject": word(thing, "Later {}"),
                "body": word(thing, "<p>{}</p>"),
                "author_id": cls.env.ref("base.partner_root").id,
                "scheduled_date": "2035-01-01 10:00:00",
            }
        )
        return lead

    @classmethod
    def _meetings(cls):
        user = cls.people["colleague"]
        # Without a canary in its name: the calendar of Odoo shows it to all.
        lead = cls._own("lead_colleague", cls._create_lead(user_id=user.id))
        quiet = cls.env["calendar.event"].with_context(no_mail_to_attendees=True)
        for thing, privacy in (("meeting", "public"), ("meeting_private", "private")):
            meeting = quiet.create(
                {
                    "name": cls._canary(thing, "Meeting {}"),
                    "description": cls._canary(thing, "<p>{}</p>"),
                    "start": Datetime.to_datetime("2035-02-01 10:00:00"),
                    "stop": Datetime.to_datetime("2035-02-01 11:00:00"),
                    "user_id": user.id,
                    "partner_ids": [Command.set(user.partner_id.ids)],
                    "privacy": privacy,
                    "res_model_id": cls.env["ir.model"]._get_id("crm.lead"),
                    "res_id": lead.id,
                    "opportunity_id": lead.id,
                }
            )
            cls._own(thing, meeting)

    # ---- THE REST ----

    @classmethod
    def _failures(cls):
        for thing, kind, values in (
            ("failure_call", "call", {"pbx_id": cls.systems[cls.company].id}),
            ("failure_email", "email", {"mailbox_id": cls.boxes["mailbox"].id}),
            ("failure_foreign", "email", {"mailbox_id": cls.boxes["foreign"].id}),
        ):
            company = cls.other_company if thing.endswith("foreign") else cls.company
            failure = cls.env["lead.communication.failure"].create(
                {
                    "type": kind,
                    "company_id": company.id,
                    "raw": cls._file(thing),
                    "error": cls._canary(thing, "Error {}"),
                }
                | values
            )
            cls._own(thing, failure)

    @classmethod
    def _exceptions(cls):
        for thing, company in (
            ("exception", cls.company),
            ("exception_shared", cls.env["res.company"]),
            ("exception_foreign", cls.other_company),
        ):
            exception = cls.env["lead.communication.exception"].create(
                {
                    "value": cls._canary(thing, "{}@exception.test"),
                    "note": cls._canary(thing, "{}"),
                    "company_id": company.id,
                    "user_id": cls.people["manager"].id,
                }
            )
            cls._own(thing, exception)

    # ---- WHAT CAME ABOUT BY ITSELF ----

    @classmethod
    def _collect(cls):
        """Give what Odoo and the addon made to the thing that it is of."""
        any_field = ["|", ("res_field", "=", False), ("res_field", "!=", False)]
        for model in ("mail.message", "ir.attachment", "mail.activity", "mail.scheduled.message"):
            document = "model" if "message" in model else "res_model"
            domain = [("res_id", "!=", 0), *(any_field if model == "ir.attachment" else [])]
            for record in cls.env[model].search(domain):
                thing = cls.things.get((record[document], record.res_id))
                if thing:
                    cls.things.setdefault((model, record.id), thing)
        for row in cls.env["lead.communication"].search([("lead_id", "!=", False)]):
            of_lead = cls.things.get(("crm.lead", row.lead_id.id))
            if of_lead:
                thing = cls.things.setdefault(("lead.communication", row.id), of_lead)
                cls._own(thing, row.mail_message_id)
                cls._own(thing, row.scheduled_message_id)
                cls._own(thing, row.mail_message_id.attachment_ids)
                cls._own(thing, row.activity_id)
        cls.types = {row.id: row.type for row in cls.env["lead.communication"].search([])}
        cls.records = defaultdict(list)
        for model, record_id in cls.things:
            cls.records[model].append(record_id)

    @classmethod
    def _forbidden(cls, person):
        """Return the canaries that somebody may not see."""
        return {token for token, thing in cls.owner.items() if not rights_table.sees(person, thing)}
