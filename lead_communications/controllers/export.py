from odoo.addons.web.controllers.export import ExcelExport

from ..tools.spreadsheet import harmless


class LeadExcelExport(ExcelExport):
    """The titles of groups are what strangers wrote as well; see ``base._export_rows``."""

    def from_group_data(self, fields, columns_headers, groups):
        _make_harmless(groups)
        return super().from_group_data(fields, columns_headers, groups)


def _make_harmless(group):
    names = {name: _harmless_name(name) for name in group.children}
    for child in group.children.values():
        _make_harmless(child)
    children = [(names[name], child) for name, child in group.children.items()]
    group.children.clear()
    group.children.update(children)


def _harmless_name(name):
    # Of a record: its id and its name.
    return tuple(map(harmless, name)) if isinstance(name, tuple) else harmless(name)
