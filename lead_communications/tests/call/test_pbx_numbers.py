from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged, users

from .captures import call_file
from .common import CSV, LeadPbxCommon

AMI = "application/x-asterisk-ami+jsonl"


@tagged("post_install", "-at_install", "lead_communications")
class TestPbxNumbers(LeadPbxCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pbx.write(
            {
                "country_id": cls.env.ref("base.pl").id,
                "tz": "Europe/Warsaw",
                "outside_digits": "0, 9",
                "line_ids": [
                    Command.create({"number": "+48 22 123 41 00", "team_id": cls.line_team.id})
                ],
            }
        )

    def test_directions_and_numbers_follow_from_what_is_known(self):
        self.pbx._receive(call_file("cdr_directions.csv"), CSV)
        rows = self._rows().sorted("date")
        self.assertEqual(
            rows.mapped("direction"), ["incoming"] * 2 + ["outgoing"] * 5 + ["incoming"] * 4
        )
        self.assertEqual(
            [row.phone_sanitized or row.number for row in rows],
            [
                *("+48600100001", "+48600100002", "+48600100004", "+48600100005", "19191"),
                *("+48600100007", "+48600100008", "+48600100009", "+48600100010"),
                *("+33612345678", False),
            ],
        )
        self.assertEqual(set(rows.mapped("state")), {"ready"})
        self.assertEqual(rows[:2].line_id.team_id, self.line_team)
        self.assertEqual(rows[7].user_id, self.anna)

    def test_withheld_caller_gives_the_lead_neither_number_nor_name(self):
        self.pbx._receive(call_file("cdr_directions.csv"), CSV)
        withheld = self._rows().sorted("date")[-1]
        self.assertFalse(withheld.number or withheld.contact_name)
        withheld.action_create_lead()
        lead = withheld.lead_id
        self.assertFalse(lead.phone or lead.contact_name or lead.partner_id)
        self.assertNotIn("Private", lead.name)

    def test_trunk_that_is_named_by_a_number(self):
        for trunks in (False, "123456"):
            with self.subTest(trunks=trunks):
                self.pbx.trunks = trunks
                self.pbx._receive(call_file("ami_numeric_trunk.jsonl"), AMI)
                row = self._rows()
                self.assertEqual((row.direction, row.number), ("incoming", "600600061"))
                self.assertEqual((row.user_id, row.state), (self.anna, "ready"))
                row.unlink()

    def test_named_trunks_count_at_once(self):
        self.pbx.trunks = "carrier; SIP-Out"
        self.assertEqual(self.pbx._switchboard().trunks, {"carrier", "sip-out"})

    @users("admin_t")
    def test_form_shows_what_becomes_of_a_number(self):
        with Form(self.pbx.with_env(self.env)) as form:
            for digits, number, result in (
                ("0", "0600100200", "+48600100200"),
                ("9", "9600100200", "+48600100200"),
                ("0", "#31#600100200", "+48600100200"),
                ("0", "22 123 41 00", "no number: withheld, or one of ours"),
                ("0", "19191", "19191"),
                ("", "0600100200", "0600100200"),
            ):
                with self.subTest(digits=digits, number=number):
                    form.outside_digits = digits
                    form.tried_number = number
                    self.assertEqual(form.tried_result, result)
            form.outside_digits = "9"
        self.assertEqual(self.pbx.outside_digits, "9")
        self.assertFalse(self.pbx.tried_number)

    def test_digit_for_an_outside_line_is_a_digit(self):
        for wrong in ("zero", "0 or 9", "12345"):
            with self.subTest(wrong=wrong), self.assertRaises(ValidationError):
                self.pbx.outside_digits = wrong

    @users("admin_t")
    def test_rules_show_at_once_what_they_make_of_a_number(self):
        with Form(self.pbx.with_env(self.env)) as form:
            form.outside_digits = False
            form.tried_number = "990600100200"
            self.assertEqual(form.tried_result, "990600100200")
            with form.rewrite_ids.new() as rule:
                rule.strip = "99 0"
                rule.direction = "outgoing"
            self.assertEqual(
                form.tried_result, "+48600100200 when dialled, 990600100200 when it calls"
            )
            with form.rewrite_ids.edit(0) as rule:
                rule.direction = False
            self.assertEqual(form.tried_result, "+48600100200")
            form.rewrite_ids.remove(0)
            self.assertEqual(form.tried_result, "990600100200")
            with form.rewrite_ids.new() as rule:
                rule.digits = 8
                rule.add = "22"
        self.assertRecordValues(self.pbx.rewrite_ids, [{"digits": 8, "add": "22"}])

    def test_rules_count_for_the_next_call(self):
        self.pbx.rewrite_ids = [Command.create({"strip": "990", "direction": "incoming"})]
        lead = self._create_lead(phone="600 100 200")
        self._push(src="990600100200")
        self.assertEqual(self._rows().phone_sanitized, "+48600100200")
        self.assertEqual(self._rows().found_lead_id, lead)
        self.assertEqual(self.pbx._find_contacts("990600100200")[0].id, lead.id)
        self.pbx.rewrite_ids.strip = "991"
        self._push(src="990600100200", linkedid="1795305367.1")
        self.assertEqual(len(self._rows().filtered(lambda row: not row.phone_sanitized)), 1)
        self.pbx.rewrite_ids.unlink()
        self.assertFalse(self.pbx._switchboard().rewrites)

    def test_rule_that_says_nothing_or_fits_everything_is_refused(self):
        for wrong in (
            {"strip": "1 800 GO"},
            {"strip": "990", "add": "+48x"},
            {"add": "+48"},
            {"digits": 9},
            {"strip": "990", "digits": -1},
            {"direction": "incoming"},
        ):
            with self.subTest(**wrong), self.assertRaises(ValidationError):
                self.pbx.rewrite_ids = [Command.create(wrong)]

    def test_who_asks_for_a_name_may_have_the_digit_before_the_number(self):
        lead = self._create_lead(phone="+48 600 100 200")
        found = self.pbx._find_contacts("0600100200")
        self.assertIn(lead.id, [contact.id for contact in found])
        self.assertFalse(self.pbx._find_contacts("221234100"))
