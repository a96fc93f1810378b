from lxml import etree

from odoo.tests import TransactionCase, tagged

NAMING = ("name", "for", "id")


@tagged("post_install", "-at_install", "lead_communications")
class TestAnchors(TransactionCase):
    """Where other modules look for an element of the host's views, it is still there."""

    def test_elements_of_the_host_stay_where_they_are(self):
        """Groups are also found by their number, everything else by its name."""
        views = self._extensions().inherit_id
        self.assertIn(self.env.ref("crm.crm_lead_view_form"), views)
        after = {view: places(view._get_combined_arch()) for view in views}
        self._switch_off(self._extensions())
        for view in views:
            with self.subTest(view=view.xml_id):
                remaining = iter(after[view])
                gone = [
                    etree.tostring(node)[:80]
                    for node, place in places(view._get_combined_arch())
                    if not any(place == other for _node, other in remaining)
                ]
                self.assertFalse(gone[:1])

    def test_tax_number_of_another_module_takes_the_place_of_ours(self):
        form = self.env.ref("crm.crm_lead_view_form")
        own = "//field[@name='vat'][starts-with(@id, 'own_vat')]"
        arch = etree.fromstring(self.env["crm.lead"].get_view(form.id)["arch"])
        is_of_another = bool(self.env["crm.lead"]._fields["vat"].compute)
        self.assertEqual(len(arch.xpath(own)), 0 if is_of_another else 3)
        self.env["ir.ui.view"].create(
            {
                "name": "crm.lead.view.form.inherit.other",
                "model": "crm.lead",
                "inherit_id": form.id,
                "arch": """<xpath expr="//group[@name='lead_partner']/field[@name='partner_id']"
                    position="after"><field name="vat" class="other" /></xpath>""",
            }
        )
        arch = etree.fromstring(self.env["crm.lead"].get_view(form.id)["arch"])
        self.assertFalse(arch.xpath(own))
        self.assertTrue(arch.xpath("//field[@name='vat'][@class='other']"))

    def _extensions(self):
        """Return our views that extend those of other modules."""
        own = self.env["ir.model.data"].search(
            [("module", "=", "lead_communications"), ("model", "=", "ir.ui.view")]
        )
        views = self.env["ir.ui.view"].browse(own.mapped("res_id"))
        return views.filtered(lambda view: view.inherit_id and view.inherit_id not in views)

    def _switch_off(self, views):
        # Past the ORM, which would check each view that is left.
        self.env.cr.execute("UPDATE ir_ui_view SET active = False WHERE id IN %s", [views._ids])
        self.env.invalidate_all()


def places(arch):
    """Return ``[(element, where it is)]`` of a view, in its order."""
    found = []
    for node in arch.iter(etree.Element):
        line = [node, *node.iterancestors()]
        found.append((node, tuple(key(one) for one in reversed(line))))
    return found


def key(node):
    """Return how a path of an extension may name an element among its siblings."""
    name = next((node.get(attribute) for attribute in NAMING if node.get(attribute)), None)
    if node.tag == "group":
        return node.tag, name, len(list(node.itersiblings(node.tag, preceding=True)))
    return node.tag, name
