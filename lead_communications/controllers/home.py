import re

from odoo.http import request, route

from odoo.addons.web.controllers.home import Home

# How the web client writes a record whose action it does not know.
_RECORD = re.compile(r"(?<![^/])(?:m-)?lead\.communication/(\d+)(?![^/])")


class LeadCommunicationHome(Home):
    """Addresses of communications without an action: they open in the form of their type."""

    @route()
    def web_client(self, s_action=None, **kw):
        response = super().web_client(s_action=s_action, **kw)
        path = request.httprequest.path
        # Not 200: somebody has to log in first.
        if response.status_code != 200 or not _RECORD.search(path):
            return response
        typed = _RECORD.sub(self._typed_record, path)
        return request.redirect_query(typed, query=request.httprequest.args)

    def _typed_record(self, match):
        row = request.env["lead.communication"].browse(int(match[1])).exists()
        # Of what is hidden, the web client says so; the path tells nothing of it.
        path = row._form_path() if row and row.has_access("read") else "lead-inbox"
        return f"{path}/{match[1]}"
