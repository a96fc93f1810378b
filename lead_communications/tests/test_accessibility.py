from collections import defaultdict
from unittest.mock import patch

from odoo.tests import tagged

from .patience import PatientBrowser
from .tours import ToursCommon

DECISIONS = ("Create", "Attach", "Ignore")


class Tree:
    """What Chromium tells a screen reader about a page."""

    def __init__(self, nodes):
        self._nodes = {node["nodeId"]: node for node in nodes}
        self._children = defaultdict(list)
        for node in nodes:
            if parent := node.get("parentId"):
                self._children[parent].append(node["nodeId"])
        # As it is read: each node, then what is in it.
        self.order = list(self._walk(nodes[0]["nodeId"]))

    def _walk(self, node_id):
        yield node_id
        for child_id in self._nodes[node_id].get("childIds", ()):
            if child_id in self._nodes:
                yield from self._walk(child_id)

    def find(self, role, name="", inside=None):
        """Return the ids of the nodes with that role and a name that ends like this, in order."""
        among = self._walk(inside) if inside else self.order
        return [
            node_id
            for node_id in among
            if self.value(node_id, "role") == role
            and self.value(node_id, "name").strip().endswith(name)
            and not self._nodes[node_id].get("ignored")
        ]

    def value(self, node_id, key):
        return self._nodes[node_id].get(key, {}).get("value") or ""

    def property(self, node_id, name):
        properties = self._nodes[node_id].get("properties", ())
        return next((one["value"].get("value") for one in properties if one["name"] == name), None)


@tagged("post_install", "-at_install", "lead_communications")
class TestAccessibility(ToursCommon):
    """Roles, names and order of what a screen reader finds in the lists and beside them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_lead(name="Windows for Jan", phone="+48221234567")
        cls.rows = cls._create_call(result="missed", contact_name="Jan") | cls._receive(
            **{"from": "Ola <ola@customer.test>"}
        )

    def _tree(self, path, ready):
        """Return the tree of a page as soon as the selector ``ready`` is found there."""
        trees = []

        def read(browser, *_args, **_kwargs):
            result = browser._websocket_request("Accessibility.getFullAXTree")
            trees.append(Tree(result["nodes"]))

        with patch.object(PatientBrowser, "_wait_code_ok", read):
            self.browser_js(path, "", f"!!document.querySelector({ready!r})", login="anna_t")
        return trees[0]

    def test_lists(self):
        call, email = self.rows
        kinds = {call: "Call, Incoming, Missed", email: "Email, Incoming"}
        for path, rows in (("inbox", call | email), ("calls", call), ("emails", email)):
            tree = self._tree(f"/odoo/lead-{path}", ".o_lead_preview h3")
            for row in rows:
                with self.subTest(path=path, row=row.counterpart_name):
                    self._check_row(tree, row, kinds[row])
            with self.subTest(path=path):
                self._check_around(tree, path)

    def _check_row(self, tree, row, kind):
        (found,) = tree.find("row", row.counterpart_name)
        self.assertEqual(len(tree.find("image", kind, found)), 1)
        (selector,) = tree.find("checkbox", f"Select: {row.counterpart_name}", found)
        buttons = [selector]
        for name in (*DECISIONS, "Open" if row.found_lead_id else "Ignore Always"):
            (button,) = tree.find("button", name, found)
            self.assertTrue(tree.property(button, "focusable"), name)
            buttons.append(button)
        self.assertEqual(buttons, sorted(buttons, key=tree.order.index))

    def _check_around(self, tree, path):
        (table,) = tree.find("table")
        (preview,) = tree.find("complementary", "Preview")
        self.assertLess(tree.order.index(table), tree.order.index(preview))
        first = self.rows.with_user(self.anna).search([("id", "in", self.rows.ids)], limit=1)
        shown = first if path == "inbox" else self.rows[path == "emails"]
        self.assertEqual(len(tree.find("heading", shown.counterpart_name, preview)), 1)
        for name in (*DECISIONS, "I Am on It", "Assign"):
            (button,) = tree.find("button", name, preview)
            self.assertTrue(tree.property(button, "focusable"), name)
        if shown.type == "call":
            self.assertEqual(len(tree.find("list", "Leads that fit", preview)), 1)
            self.assertEqual(len(tree.find("button", "Attach to “Windows for Jan”", preview)), 1)
        announcements = [
            node_id
            for node_id in tree.find("status")
            if tree.find("StaticText", f"Preview: {shown.counterpart_name}", node_id)
        ]
        self.assertEqual(len(announcements), 1)
        self.assertEqual(tree.property(announcements[0], "live"), "polite")
        counts = self.env["lead.communication"].with_user(self.anna).count_ready()
        label = f"Inbox (calls: {counts['call']}, emails: {counts['email']})"
        (counter,) = tree.find("button", label)
        self.assertEqual(tree.property(counter, "expanded"), False)
        headers = {
            tree.value(header, "name").split()[0]
            for header in tree.find("columnheader", "")
            if tree.value(header, "name")
        }
        self.assertLessEqual({"Type", "Age", "Lead"}, headers)


@tagged("post_install", "-at_install", "lead_communications")
class TestPhoneAccessibility(TestAccessibility):
    """The cards on a telephone."""

    browser_size = "360x740"
    touch_enabled = True

    def test_lists(self):
        tree = self._tree("/odoo/lead-inbox", ".o_kanban_record button[name=action_ignore]")
        for row in self.rows:
            with self.subTest(row=row.counterpart_name):
                cards = [
                    node_id
                    for node_id in tree.find("link")
                    if row.counterpart_name in tree.value(node_id, "name")
                ]
                self.assertEqual(len(cards), 1)
                for name in (*DECISIONS, "Ignore the other party always"):
                    self.assertEqual(len(tree.find("button", name, cards[0])), 1, name)
