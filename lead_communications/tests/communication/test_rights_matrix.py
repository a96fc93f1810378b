import json

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import LeadCommunicationsCommon
from ..patience import PatientHttpCase

# What each person sees, by the rules that people are told; nothing here is asked of the code.
#
#   unlinked          in the mailbox of anna
#   linked            on a lead of ben
#   other company     on a lead of otto, in that company
#   archived lead     on a lost lead of ben
#   moved             was on a lead of ben, is on one of anna now
#   hidden contact    on a lead of ben whose contact is for ben to see not
VISIBLE = {
    "anna_t": {"unlinked", "moved"},
    "ben_t": {"linked", "archived lead"},
    "clara_t": {"linked", "archived lead", "moved", "hidden contact"},
    "marek_t": {"linked", "archived lead", "moved", "hidden contact"},
    "admin_t": {"linked", "archived lead", "moved", "hidden contact"},
    "otto_t": {"other company"},
}


@tagged("post_install", "-at_install", "lead_communications")
class TestLeadCommunicationRightsMatrix(LeadCommunicationsCommon, PatientHttpCase):
    """Each person, each email, each way to it, over HTTP."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        contact = cls.env["res.partner"].create({"name": "Secret Contact"})
        cls.env["ir.rule"].create(
            {
                "name": "Ben does not see the contact",
                "model_id": cls.env["ir.model"]._get_id("res.partner"),
                "domain_force": "[('name', '!=', 'Secret Contact')]"
                " if user.login == 'ben_t' else [(1, '=', 1)]",
            }
        )
        of_ben = {"user_id": cls.ben.id}
        moved = cls._receive_file("moved")
        moved._decide("attach", cls._create_lead(**of_ben))
        moved._decide("move", cls._create_lead(user_id=cls.anna.id))
        lost = cls._create_lead(**of_ben)
        archived = cls._receive_file("archived lead")
        archived._decide("attach", lost)
        lost.action_set_lost()
        other_mailbox = cls.env["lead.mailbox"].create(
            {
                "name": "Other",
                "address": "other@company.test",
                "server_id": cls.server.copy().id,
                "company_id": cls.other_company.id,
                "member_ids": [Command.set(cls.otto.ids)],
            }
        )
        other = cls._receive_file("other company", mailbox=other_mailbox)
        other._decide(
            "attach", cls._create_lead(user_id=cls.otto.id, company_id=cls.other_company.id)
        )
        cls.rows = {
            "unlinked": cls._receive_file("unlinked"),
            "linked": cls._receive_file("linked", lead=of_ben),
            "other company": other,
            "archived lead": archived,
            "moved": moved,
            "hidden contact": cls._receive_file(
                "hidden contact", lead=of_ben | {"partner_id": contact.id}
            ),
        }
        cls.files = {name: row.mail_message_id.attachment_ids for name, row in cls.rows.items()}
        raws = cls.env["ir.attachment"].search(
            [
                ("res_model", "=", "lead.communication"),
                ("res_field", "=", "raw"),
                ("res_id", "in", [row.id for row in cls.rows.values()]),
            ]
        )
        cls.raws = {
            name: raws.filtered(lambda f, r=row: f.res_id == r.id) for name, row in cls.rows.items()
        }
        cls.ids = [row.id for row in cls.rows.values()]
        cls.env.flush_all()
        cls.env.invalidate_all()

    @classmethod
    def _receive_file(cls, name, lead=None, mailbox=None):
        row = cls._receive(
            subject=f"Secret {name}",
            html=f"<p>Secret {name}</p>",
            attachments=[("plan.pdf", f"%PDF-1.4 Secret {name}".encode())],
            mailbox=mailbox,
        )
        if lead:
            row._decide("attach", cls._create_lead(**lead))
        return row

    def _call(self, model, method, *args, **kwargs):
        """Return what the web client would be sent, or None where it is refused."""
        response = self.url_open(
            f"/web/dataset/call_kw/{model}/{method}",
            data=json.dumps(
                {"params": {"model": model, "method": method, "args": args, "kwargs": kwargs}}
            ),
            headers={"Content-Type": "application/json"},
        ).json()
        return response.get("result")

    def _seen(self, by_name):
        """Return the names for which ``by_name`` gets something."""
        return {name for name in self.rows if by_name(name)}

    def _names(self, ids):
        return {name for name, row in self.rows.items() if row.id in ids}

    def _is_sent(self, path, name):
        response = self.url_open(path, allow_redirects=False)
        secret = response.status_code == 200
        if not secret:
            self.assertIn(response.status_code, (403, 404), path)
            self.assertNotIn("Secret", response.text)
        return secret

    def _ways(self):
        """Yield each way to the emails, and the names of those that it gives."""
        model = "lead.communication"
        domain = [("id", "in", self.ids)]
        yield "read", self._seen(lambda n: self._call(model, "read", self.rows[n].ids, ["subject"]))
        yield (
            "web_read of the form",
            self._seen(
                lambda n: self._call(
                    model,
                    "web_read",
                    self.rows[n].ids,
                    specification={"body": {}, "attachment_ids": {"fields": {"name": {}}}},
                )
            ),
        )
        yield (
            "read of the original",
            self._seen(lambda n: self._call(model, "read", self.rows[n].ids, ["original", "raw"])),
        )
        found = self._call(model, "search_read", domain, ["subject"])
        yield "search_read", self._names([row["id"] for row in found])
        yield (
            "search by text",
            self._names(
                self._call(model, "search", [("subject", "like", "Secret"), ("id", "in", self.ids)])
            ),
        )
        yield (
            "name_search",
            self._names(
                [row_id for row_id, _name in self._call(model, "name_search", "Secret", domain)]
            ),
        )
        groups = self._call(
            model, "formatted_read_group", domain, groupby=["subject"], aggregates=["__count"]
        )
        yield (
            "read_group",
            {group["subject"].removeprefix("Secret ") for group in groups if group["__count"]},
        )
        yield from self._ways_by_other_models()
        yield from self._ways_by_address()

    def _ways_by_other_models(self):
        messages = {name: row.mail_message_id for name, row in self.rows.items()}
        yield (
            "read of the message",
            self._seen(lambda n: self._call("mail.message", "read", messages[n].ids, ["body"])),
        )
        ids = [message.id for message in messages.values()]
        found = self._call("mail.message", "search", [("id", "in", ids)])
        yield "search of messages", {n for n in messages if messages[n].id in found}
        yield (
            "chatter",
            self._seen(lambda n: messages[n].id in self._chatter(messages[n])),
        )
        files = [file.id for file in self.files.values()]
        found = self._call("ir.attachment", "search", [("id", "in", files)])
        yield "search of files", {n for n in self.files if self.files[n].id in found}
        yield (
            "read of the file",
            self._seen(lambda n: self._call("ir.attachment", "read", self.files[n].ids, ["name"])),
        )
        yield (
            "files of the record",
            self._seen(
                lambda n: self._call(
                    "ir.attachment",
                    "search_read",
                    [
                        ("res_model", "=", self.files[n].res_model),
                        ("res_id", "=", self.files[n].res_id),
                    ],
                    ["name"],
                )
            ),
        )
        leads = {name: row.lead_id for name, row in self.rows.items() if row.lead_id}
        of_leads = self._call(
            "crm.lead",
            "search_read",
            [("email_ids.subject", "like", "Secret"), ("active", "in", [True, False])],
            ["id"],
        )
        found = {lead["id"] for lead in of_leads}
        # Without a lead there is nothing to find here, so what is not linked counts as it is.
        unlinked = {"unlinked"} & VISIBLE[self.login]
        yield "search of leads", unlinked | {n for n, lead in leads.items() if lead.id in found}
        yield (
            "emails of the lead",
            unlinked | {name for name, lead in leads.items() if self._emails_of(lead)},
        )
        counts = {
            name: self._call("crm.lead", "read", lead.ids, ["email_count"])
            for name, lead in leads.items()
        }
        yield (
            "number of emails",
            unlinked | {n for n, c in counts.items() if c and c[0]["email_count"]},
        )

    def _emails_of(self, lead):
        values = self._call(
            "crm.lead",
            "web_read",
            lead.ids,
            specification={"email_ids": {"fields": {"subject": {}}}},
        )
        return values and values[0]["email_ids"]

    def _chatter(self, message):
        response = self.url_open(
            "/mail/thread/messages",
            data=json.dumps(
                {"params": {"thread_model": message.model, "thread_id": message.res_id}}
            ),
            headers={"Content-Type": "application/json"},
        ).json()
        return response.get("result", {}).get("messages", [])

    def _ways_by_address(self):
        for way, path in (
            ("/web/content of the file", lambda n: f"/web/content/{self.files[n].id}"),
            (
                "its attachment",
                lambda n: f"/web/content/ir.attachment/{self.files[n].id}/raw",
            ),
            ("/web/content of the raw file", lambda n: f"/web/content/{self.raws[n].id}"),
            (
                "/web/content of the row",
                lambda n: f"/web/content/lead.communication/{self.rows[n].id}/raw",
            ),
            ("html", lambda n: f"/lead_communications/email/{self.rows[n].id}/html"),
            ("eml", lambda n: f"/lead_communications/email/{self.rows[n].id}/eml"),
        ):
            yield way, self._seen(lambda n, path=path: self._is_sent(path(n), n))

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_matrix(self):
        for user in (self.anna, self.ben, self.clara, self.marek, self.admin, self.otto):
            self.login = user.login
            self.authenticate(user.login, user.login)
            for way, seen in self._ways():
                with self.subTest(user=user.login, way=way):
                    self.assertEqual(seen, VISIBLE[user.login])

    def test_employee_without_sales(self):
        employee = self._create_user("employee_t", "base.group_user")
        self.authenticate(employee.login, employee.login)
        self.assertIsNone(self._call("lead.communication", "search", []))
        with mute_logger("odoo.http"):
            for way, seen in self._ways_by_address():
                self.assertEqual(seen, set(), way)

    def test_json2(self):
        """An API key opens what its user may see."""
        for user in (self.ben, self.otto):
            key = self.env["res.users.apikeys"].with_user(user).sudo()._generate(None, "test", None)
            response = self.url_open(
                "/json/2/lead.communication/search_read",
                data=json.dumps({"domain": [["id", "in", self.ids]], "fields": ["subject"]}),
                headers={
                    "Content-Type": "application/json",
                    "Authorization": f"bearer {key}",
                    "X-Odoo-Database": self.env.cr.dbname,
                },
            )
            found = {row["subject"].removeprefix("Secret ") for row in response.json()}
            self.assertEqual(found, VISIBLE[user.login])

    def test_bus_says_nothing_of_an_email(self):
        """Who listens learns that a list has changed, and nothing of what is in it."""
        self.env["bus.bus"].search([]).unlink()
        row = self._receive_file("on the bus", lead={"user_id": self.ben.id})
        row._decide("reopen")
        self.env.flush_all()
        self.env.cr.precommit.run()
        messages = self.env["bus.bus"].search([])
        changed = [m for m in messages if "lead_communications/changed" in m.message]
        self.assertTrue(changed)
        for message in messages:
            self.assertNotIn("on the bus", message.message + message.channel)
        for message in changed:
            self.assertEqual(
                json.loads(message.message),
                {"type": "lead_communications/changed", "payload": {"types": ["email"]}},
            )
