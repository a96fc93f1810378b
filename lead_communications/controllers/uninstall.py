import tempfile

from werkzeug.wsgi import wrap_file

from odoo import http
from odoo.http import Response, request

from .email import SAFE_HEADERS

NAME = "lead_communications.zip"


class LeadUninstallController(http.Controller):
    """What goes when the addon is uninstalled, for administrators to take along."""

    @http.route(
        "/lead_communications/uninstall/export",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def export(self, **_params):
        """Send what the administrator may read of it as a ZIP archive."""
        if not request.env.user.has_group("base.group_system"):
            return request.not_found()
        # Closed, and so removed, with the answer.
        file = tempfile.TemporaryFile()  # noqa: SIM115
        request.env["lead.uninstall"]._write_archive(file)
        size = file.tell()
        file.seek(0)
        headers = {
            "Content-Type": "application/zip",
            "Content-Length": str(size),
            "Content-Disposition": http.content_disposition(NAME),
        }
        return Response(
            wrap_file(request.httprequest.environ, file),
            headers=SAFE_HEADERS | headers,
            direct_passthrough=True,
        )
