import re

from psycopg2 import DatabaseError

from odoo.exceptions import UserError
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import LeadCommunicationsCommon
from ..patience import PatientHttpCase

# Long, and the database can't make it shorter.
DIGITS = "".join(str(7**4000 + number) for number in range(2))
# What an import or an API may send, by the type of the field.
WRONG = {
    "selection": ["nowhere", 5, ["a"]],
    "date": ["yesterday", "2026-13-45", 5, {}],
    "datetime": ["yesterday", "2026-02-30 10:00:00", 5, {}],
    "integer": ["many", 10**20, {}, float("inf")],
    "float": ["many", float("nan"), {}],
    "monetary": ["many", float("inf"), []],
    "char": [5, "a\0b", "\ud800", "x" * 100_000, DIGITS, {}, ["a"]],
    "text": ["a\0b", "\udfff", {}],
    "html": ["a\0b", {}],
    "many2one": [10**9, -1, "Anna", {}, 10**30],
    "many2many": ["Anna", [{}], [["a"]], 5],
    "one2many": ["Anna", [{}], 5],
    "reference": ["res.users", "nowhere,1", "crm.lead,x", 5],
}
PYTHON = re.compile(r"Error\b|psycopg|Traceback|<class|odoo\.|NoneType|object has no", re.I)


@tagged("post_install", "-at_install", "lead_communications")
class TestWrongValues(LeadCommunicationsCommon, PatientHttpCase):
    """Imports and APIs are answered in one sentence with the field, never by the text of Python."""

    def _models(self):
        """Return the models of people, as the administrator."""
        env = self.env(user=self.admin)
        for name, model in sorted(self.registry.items()):
            if "lead.references" in _inherited(model) and not (model._abstract or model._transient):
                yield env[name]

    def _refusal(self, records, method, args):
        """Return what is wrong with the answer to a request, empty if nothing is."""
        try:
            with self.env.cr.savepoint():
                call_kw(records, method, args, {})
                records.env.flush_all()
        except UserError as error:
            text = str(error)
            return text if PYTHON.search(text) else ""
        except DatabaseError as error:  # as a request answers them
            return "" if error.pgcode in ("23502", "23514") else repr(error)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the text of Python
            return repr(error)
        return ""

    @mute_logger("odoo.sql_db", "odoo.addons.base.models.ir_rule", "odoo.http")
    def test_wrong_values_of_all_fields(self):
        found = []
        lead = self._create_lead()
        event = {"type": "note", "lead_id": lead.id, "subject": "Note"}
        known = {
            "crm.lead": (lead, {"name": "Windows"}),
            "lead.communication": (
                self.env["lead.communication"].with_user(self.marek).create(event),
                event,
            ),
        }
        for model in self._models():
            record, complete = known.get(model._name, (model.search([], limit=1), {}))
            for name, field in model._fields.items():
                if field.readonly or field.related or name in ("id", "display_name"):
                    continue
                for value in WRONG.get(field.type, ()):
                    for method, args in (
                        ("create", [[complete | {name: value}]]),
                        ("write", [record.ids, {name: value}]),
                    ):
                        if method == "write" and not record:
                            continue
                        if error := self._refusal(model, method, args):
                            way = f"{method} {model._name}.{name} = {str(value)[:20]!r}"
                            found.append(f"{way}: {error[:160]}")
        self.assertFalse(found, "\n" + "\n".join(found))

    def test_an_import_says_which_field_is_wrong(self):
        lead_id = str(self._create_lead().id)
        rows = self.env["lead.communication"].with_user(self.marek)
        for name, value, label in (
            ("type", "Nothing", "Type"),
            ("date", "yesterday", "Date"),
            ("user_id", "Nobody at all", "Responsible"),
            ("source_id/.id", "999999", "Source"),
            ("subject", "x" * 20_000, "Subject"),
            ("number", "+48221234567", "Number"),
        ):
            cells = {"lead_id/.id": lead_id, "type": "Note"} | {name: value}
            with self.subTest(name), mute_logger("odoo.sql_db"):
                messages = rows.load(list(cells), [list(cells.values())])["messages"]
                self.assertTrue(messages)
                for message in messages:
                    self.assertIn(label, message["message"])
                    self.assertNotRegex(message["message"], PYTHON)

    @mute_logger("odoo.http")
    def test_a_company_that_is_there_is_told_by_imports_and_the_api(self):
        self.env["res.partner"].create(
            {"name": "Oak Ltd", "is_company": True, "vat": "PL5260250274"}
        )
        leads = self.env["crm.lead"].with_user(self.marek)
        facts = {"name": "Windows", "is_new_company": "1", "partner_name": "Oak"}
        facts |= {"vat": "PL5260250274"}
        (message,) = leads.load(list(facts), [list(facts.values())])["messages"]
        response = self._post("crm.lead", facts)
        self.assertEqual(response.status_code, 422)
        for text in (message["message"], response.json()["message"]):
            self.assertIn("Oak Ltd", text)
            self.assertNotRegex(text, PYTHON)

    def _post(self, model, values):
        """Create a record by Odoo's JSON-2 API, as the manager."""
        self.env.flush_all()
        # sudo: a key without an end needs an administrator
        keys = self.env["res.users.apikeys"].with_user(self.marek).sudo()
        return self.url_open(
            f"/json/2/{model}/create",
            json={"vals_list": [values]},
            headers={"Authorization": f"Bearer {keys._generate(None, 'test', None)}"},
        )

    @mute_logger("odoo.http")
    def test_odoos_api_answers_what_is_wrong_with_the_request(self):
        lead = self._create_lead()
        event = {"type": "note", "lead_id": lead.id}
        for values, label in (
            ({"priority": "9"}, "Priority"),
            ({"date": "2026-02-30"}, "Date"),
            ({"source_id": 10**9}, "Source"),
            ({"user_id": "Anna"}, "Responsible"),
            ({"subject": "a\0b"}, "Subject"),
            ({"participant_ids": "Ewa"}, "Participants"),
            ({"nothing": 1}, "nothing"),
        ):
            with self.subTest(values):
                response = self._post("lead.communication", event | values)
                self.assertIn(response.status_code, range(400, 500))
                message = response.json()["message"]
                self.assertIn(label, message)
                self.assertNotRegex(message, PYTHON)

    def test_what_was_read_is_there_without_a_look(self):
        partner = self.env["res.partner"].create({"name": "Jan"})
        leads = self.env["crm.lead"].with_user(self.anna)
        partner.invalidate_recordset()
        leads._check_there([{"partner_id": partner.id}])
        self.assertEqual(partner.name, "Jan")
        with self.assertQueryCount(0):
            leads._check_there([{"partner_id": partner.id}])


def _inherited(model):
    return {parent for cls in model.mro() for parent in [getattr(cls, "_name", None)] if parent}
