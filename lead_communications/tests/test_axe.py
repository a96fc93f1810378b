import json
import os
from pathlib import Path
from unittest.mock import patch

from odoo.tests import tagged

from .patience import PatientBrowser
from .tours import ToursCommon

# What WCAG 2.1 AA asks for, and what screen readers get lost without.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
# Odoo's own, too: its search, once something is chosen there, its path where no record can be
# created, its tags, what it lays over a page.
ON_OTHER_SCREENS = [
    ("region", "o_breadcrumb"),
    ("region", "div o-main-components-container"),
    ("aria-allowed-attr", "o_tag"),
    ("aria-allowed-attr", "o_searchview_input"),
    ("color-contrast", "o_facet_values_sep"),
]
FINISHED = "!document.querySelector('.o_loading_indicator, .o_view_sample_data')"


@tagged("post_install", "-at_install", "lead_communications")
class TestAxe(ToursCommon):
    """axe-core finds nothing on the addon's screens that it does not find on Odoo's own.

    A finding is the same when it is the same rule and the same kind of element, by tag and classes.
    """

    browser_size = "1366x768"
    # A list, cards and forms of its own.
    screens_of_odoo = (
        ("/odoo/contacts?view_type=kanban", ".o_kanban_record"),
        ("/odoo/crm?view_type=list", ".o_data_row"),
        ("/odoo/crm/%(plain)s", ".o_form_view .o_field_widget"),
    )
    screens = (
        ("/odoo/lead-inbox", ".o_lead_preview h3"),
        ("/odoo/lead-inbox?view_type=kanban", ".o_kanban_record"),
        ("/odoo/lead-calls", ".o_lead_preview h3"),
        ("/odoo/lead-emails", ".o_lead_preview h3"),
        ("/odoo/lead-calls/%(call)s", ".o_form_view [name=action_create_lead]"),
        ("/odoo/lead-emails/%(email)s", ".o_form_view [name=action_create_lead]"),
        ("/odoo/crm/%(lead)s", ".o_form_view .o_field_widget"),
        ("/odoo/lead-exceptions", ".o_list_view"),
        ("/odoo/lead-failures", ".o_list_view"),
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        lead = cls._create_lead(name="Windows", phone="+48221234567", user_id=cls.anna.id)
        call = cls._create_call(result="missed", contact_name="Jan")
        email = cls._receive(**{"from": "Ola <ola@customer.test>"})
        cls._create_call(number="+48601234567", phone_sanitized="+48601234567")._decide(
            "attach", lead
        )
        plain = cls._create_lead(name="Doors", user_id=cls.anna.id)
        cls.names = {
            "call": call.id,
            "email": email.id,
            "lead": lead.id,
            "plain": plain.id,
        }

    def _findings(self, path, ready):
        """Return ``{(rule, kind of element): html}`` of what axe complains about on a page."""
        source = Path(os.environ["LEAD_COMMUNICATIONS_AXE"]).read_text(encoding="utf-8")
        options = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
        results = []

        def run(browser, *_args, **_kwargs):
            browser._websocket_request("Runtime.evaluate", params={"expression": source})
            answer = browser._websocket_request(
                "Runtime.evaluate",
                params={
                    "expression": f"axe.run({json.dumps(options)}).then(JSON.stringify)",
                    "awaitPromise": True,
                    "returnByValue": True,
                },
                timeout=120,
            )
            results.append(json.loads(answer["result"]["value"]))

        with patch.object(PatientBrowser, "_wait_code_ok", run):
            ready = f"!!document.querySelector({ready!r}) && {FINISHED}"
            self.browser_js(path % self.names, "", ready, login="anna_t")
        return {
            (violation["id"], kind_of(node["html"])): f"{node['failureSummary']}\n{node['html']}"
            for violation in results[0]["violations"]
            for node in violation["nodes"]
        }

    def test_screens(self):
        known = set(ON_OTHER_SCREENS)
        for path, ready in self.screens_of_odoo:
            known |= set(self._findings(path, ready))
        for path, ready in self.screens:
            with self.subTest(path=path):
                found = self._findings(path, ready)
                ours = [f"{key}: {text[:700]}" for key, text in found.items() if key not in known]
                self.assertFalse(ours, "\n\n".join(ours))


def kind_of(html):
    """Return what says which kind of element it is, of the first tag of ``html``.

    That is the class that its component gave it, or else the tag and all classes.
    """
    tag = html.partition(">")[0]
    _before, _has_class, rest = tag.partition('class="')
    classes = rest.partition('"')[0].split()
    if of_odoo := [name for name in classes if name.startswith("o_") and "_lead_" not in name]:
        return of_odoo[0]
    return " ".join([tag.lstrip("<").split()[0], *sorted(classes)])
