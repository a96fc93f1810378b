from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_datetime


class LeadMailbox(models.Model):
    """Who has become a member of a mailbox, and by whom: seen by its members, changed by nobody.

    Administrators see no mail, but they can make themselves members. Nobody does so unseen.
    """

    _inherit = "lead.mailbox"

    member_log = fields.Text(
        string="History of Members",
        readonly=True,
        copy=False,
        help="When somebody became a member or stopped being one, and who did that.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        # Not by a default of the context either.
        empty = {} if self.env.su else {"member_log": False}
        mailboxes = super().create([vals | empty for vals in vals_list])
        for mailbox in mailboxes:
            mailbox._log_members(self.env["res.users"])
        return mailboxes

    def write(self, vals):
        if "member_ids" not in vals:
            return super().write(self._without_log(vals))
        before = {mailbox: mailbox.member_ids for mailbox in self}
        result = super().write(self._without_log(vals))
        for mailbox, members in before.items():
            mailbox._log_members(members)
        return result

    @api.model
    def _without_log(self, vals):
        if self.env.su:
            return vals
        return {name: value for name, value in vals.items() if name != "member_log"}

    def _log_members(self, before):
        """Note who has come and gone since ``before``."""
        # sudo: res.users - the names of colleagues
        added, gone = (self.member_ids - before).sudo(), (before - self.member_ids).sudo()
        if not added and not gone:
            return
        changes = [f"+ {user.name}" for user in added] + [f"- {user.name}" for user in gone]
        now = format_datetime(self.env, fields.Datetime.now(), tz="UTC")
        line = f"{now} UTC, {self.env.user.name}: {', '.join(changes)}"
        log = "\n".join(filter(None, [line, self.member_log]))
        # sudo: nobody else writes it
        self.sudo().member_log = log
        if self.env.user in added and not self.env.su:
            self._tell_members(before | gone)

    def _tell_members(self, members):
        """Tell ``members`` that the user has made themself one of them."""
        # sudo: the notice is the system's, whoever may write to whom
        partners = members.sudo().filtered("active").partner_id
        if partners:
            self.env["mail.thread"].sudo().message_notify(
                partner_ids=partners.ids,
                subject=self.env._("New member of the mailbox “%(mailbox)s”", mailbox=self.name),
                body=Markup("<p>%s</p>")
                % self.env._(
                    "%(user)s has made themselves a member of the mailbox “%(mailbox)s”, and sees "
                    "its emails.",
                    user=self.env.user.name,
                    mailbox=self.name,
                ),
            )
