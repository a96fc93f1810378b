from odoo import api, fields, models
from odoo.tools import format_datetime

# The newest ones: a server that numbers its messages anew sends each of them once more.
MOST_SIGHTINGS = 20


class LeadCommunication(models.Model):
    """An email that came in again is the same row, and says when that was and in which mailbox."""

    _inherit = "lead.communication"

    sightings = fields.Json(
        readonly=True,
        copy=False,
        groups=fields.NO_ACCESS,
        help="When it came in again, in UTC, and the id of the mailbox: the newest at the end.",
    )
    seen_again = fields.Text(
        string="Received Again",
        compute="_compute_seen_again",
        help="When the same email came in once more, and in which mailbox.",
    )

    @api.depends("sightings")
    @api.depends_context("uid", "lang", "tz")
    def _compute_seen_again(self):
        # sudo: what the rows say; a mailbox is named to those who may see it
        sightings = {row: row.sudo().sightings or [] for row in self}
        ids = {mailbox_id for seen in sightings.values() for _date, mailbox_id in seen}
        mailboxes = self.env["lead.mailbox"].with_context(active_test=False)
        visible = mailboxes.search([("id", "in", list(ids))]) if ids else mailboxes
        names = {mailbox.id: mailbox.name for mailbox in visible}
        for row, seen in sightings.items():
            lines = [
                self.env._(
                    "%(date)s, mailbox %(mailbox)s",
                    date=format_datetime(self.env, date),
                    mailbox=names.get(mailbox_id) or self.env._("of others"),
                )
                for date, mailbox_id in reversed(seen)
            ]
            row.seen_again = "\n".join(lines)

    def _note_seen_again(self, mailbox):
        """Note that the email came in once more, in ``mailbox``."""
        now = fields.Datetime.to_string(fields.Datetime.now())
        for row in self:
            row.sightings = [*(row.sightings or []), [now, mailbox.id]][-MOST_SIGHTINGS:]
