from odoo import api, fields, models

from ...tools.mail import original as mail_original


class LeadCommunication(models.Model):
    """The original of an email, as the person may look at it.

    Nothing of it is read before somebody opens its tab: the widget ``lead_original`` asks for
    :attr:`original` then, and its HTML comes from a route of its own, into a sandbox.
    """

    _inherit = "lead.communication"

    original = fields.Json(
        string="Original as Shown",
        compute="_compute_original",
        help="The headers in their order, the plain text, and whether there is HTML.",
    )

    @api.depends("raw")
    def _compute_original(self):
        for row in self:
            raw = row._original_bytes()
            row.original = _describe(raw) if raw else False

    def _original_bytes(self):
        """Return the message as the mail server held it, or nothing if it was not kept.

        The caller has checked that the user may read the row.
        """
        self.ensure_one()
        # sudo: ir.attachment - the original follows the rights on its row. By the field it would
        # come in Base64.
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .search_fetch(
                [
                    ("res_model", "=", self._name),
                    ("res_field", "=", "raw"),
                    ("res_id", "=", self.id),
                ],
                ["store_fname", "db_datas"],
                limit=1,
            )
        )
        return attachment.raw or b""


def _describe(raw):
    html = mail_original.html(raw)
    return {
        "headers": mail_original.headers(raw),
        "text": mail_original.text(raw),
        "has_html": html is not None,
        "has_remote_images": html is not None and mail_original.has_remote_images(html),
    }
