import csv
import re

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .captures import FILES
from .common import LeadPbxCommon

NUMBERS = "numbers.csv"


@tagged("post_install", "-at_install", "lead_communications")
class TestFoundByNumber(LeadPbxCommon):
    """The number of a call finds the lead, in whatever way it is written on it."""

    def _receive_call(self, shown):
        """Return the call that the telephone system reports, of a number as it writes it."""
        outgoing = shown.startswith("outgoing ")
        number = re.sub(r"^outgoing |^src=| with a raw.*| \(.*", "", shown)
        known = self._rows()
        if outgoing:
            self._push(linkedid=f"1795305367.{len(known)}", direction="outbound", did=number)
        else:
            self._push(linkedid=f"1795305367.{len(known)}", src=number)
        return self._rows() - known

    def test_second_number_is_the_leads_wherever_it_is_asked_for(self):
        contact = self.env["res.partner"].create({"name": "Jan", "phone": "601200302, 602200303"})
        lead = self._create_lead(phone="600200301; 22 111 22 33 (Jan)")
        waiting = self._create_call(number="221112233", phone_sanitized="+48221112233")
        call = self._create_call(number="600200301", phone_sanitized="+48600200301")
        self.assertEqual(call.found_lead_id, lead)
        self.assertEqual(waiting.found_lead_id, lead)
        call._decide("attach", lead)
        self.assertIn(waiting, call._same_counterpart())
        for number in ("+48600200301", "221112233"):
            self.assertEqual([one.id for one in self.pbx._find_contacts(number)], [lead.id])
        found = self.env["crm.lead"].with_context(lead_communication_search=True)
        self.assertIn(lead.id, [one[0] for one in found.name_search("22 111 22 33")])
        other = self._create_call(number="602200303", phone_sanitized="+48602200303")
        self.assertEqual(other._known_contact(), contact)

    def test_exception_for_many_yields_to_an_open_lead_that_may_be_theirs(self):
        self.env["lead.communication.exception"].create({"value": "+4822111*", "kind": "prefix"})
        for phone, waits in (
            ("600200301; 22 111 22 33", True),
            ("0 22 111 22 33 (Jan)", True),
            ("0049 22 111 22 33", True),  # the same last digits
            ("22 111 22 00", False),  # a switchboard is no reason: all lines are meant
            ("22 111 22 34", False),
        ):
            with self.subTest(phone=phone):
                lead = self._create_lead(phone=phone)
                call = self._create_call(number="221112233", phone_sanitized="+48221112233")
                call._except()
                self.assertEqual(call.state, "ready" if waits else "ignored")
                lead.action_set_lost()

    def test_no_hint_attaches_by_itself(self):
        self.env["ir.config_parameter"].set_param("lead_communications.decide_counterpart", "1")
        self._create_lead(phone="0049 22 111 22 33")
        call = self._create_call(number="221112233", phone_sanitized="+48221112233")
        self.assertFalse(call._merge_found()[1])
        self.assertEqual((call.state, call.found_lead_id.id), ("ready", False))
        self.assertEqual(call.found_reason, "maybe: same last 8 digits")

    def test_settings(self):
        lead = self._create_lead(phone="0049 22 111 22 33")
        behind = self._create_lead(phone="22 111 22 00")
        settings = self.env["res.config.settings"]
        for digits, may_differ, found in (
            (8, 3, lead | behind),
            (9, 2, lead | behind),
            (10, 1, self.env["crm.lead"]),
            (7, 0, lead),
        ):
            with self.subTest(digits=digits, may_differ=may_differ):
                settings.create(
                    {"lead_hint_digits": digits, "lead_switchboard_digits": may_differ}
                ).execute()
                call = self._create_call(number="221112233", phone_sanitized="+48221112233")
                ids = [one.lead_id for one in call._find_candidates()[call.id]]
                self.assertEqual(sorted(ids), sorted(found.ids))
        for wrong in ({"lead_hint_digits": 6}, {"lead_switchboard_digits": 9}):
            with self.subTest(**wrong), self.assertRaises(ValidationError):
                settings.create(wrong)

    def _country(self, code):
        return self.env["res.country"].search([("code", "=", code)])

    def test_every_written_form(self):
        company = self.company.country_id
        with (FILES / NUMBERS).open(encoding="utf-8") as file:
            cases = list(csv.DictReader(file))
        self.assertEqual(len(cases), 16)
        for case in cases:
            with self.subTest(**case):
                is_of_company = "company" in case["lead_country"]
                country = self._country("US" if is_of_company else case["lead_country"])
                # A lead without a country is read by that of the company.
                self.company.country_id = country if is_of_company else company
                lead = self._create_lead(
                    phone=case["lead_phone"], country_id=not is_of_company and country.id
                )
                self.pbx.country_id = self._country(case["country_of_pbx"])
                self.pbx.outside_digits = "0" if "outside line" in case["caller_as_sent"] else False
                call = self._receive_call(case["caller_as_sent"])
                found = {one.lead_id: one for one in call._find_candidates()[call.id]}
                self.assertIn(lead.id, found)
                if "hint" not in case["right"]:
                    self.assertTrue(found[lead.id].is_exact)
                elif case["right"].startswith("hint"):
                    self.assertFalse(found[lead.id].is_exact)
                    self.assertFalse(call.found_lead_id)
                    self.assertRegex(call.found_reason, "maybe: same (last 8 digits|switchboard)")
                self.assertEqual(call.state, "ready")
                lead.unlink()
