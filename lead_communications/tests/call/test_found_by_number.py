import csv
import re

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
