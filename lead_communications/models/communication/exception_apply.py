from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain
from odoo.tools.sql import escape_psql

from ...tools import exception_key


class LeadCommunicationException(models.Model):
    """What an exception does to the communications that are there already, when somebody asks."""

    _inherit = "lead.communication.exception"

    def action_apply(self):
        """Ignore what waits of it now, as far as the user sees it."""
        if not all(self.mapped("active")):
            raise UserError(
                self.env._("An archived exception ignores nothing: unarchive it first.")
            )
        count = 0
        for exception in self:
            rows = exception._waiting()
            count += len(rows and rows._ignore_by(exception))
        if not count:
            raise UserError(self.env._("Nothing that it covers is waiting for you."))
        return self._notify(self.env._("Ignored now: %s.", count))

    def action_bring_back(self):
        """Give what it ignored back to the queue, as far as the user sees it."""
        self.check_access("read")
        rows = self.env["lead.communication"].search(self._ignored_domain())
        if not rows:
            raise UserError(self.env._("It has ignored nothing that you may see."))
        count = len(rows._decide("reopen"))
        return self._notify(self.env._("Back in Ready: %s.", count))

    def _check_removable(self):
        """Check that the user may take the exception back; say who may, if not."""
        # sudo: res.users - whether the user is among those who want it
        if not self.has_access("write") and self.env.user not in self.sudo().also_user_ids:
            raise AccessError(
                self.env._(
                    "“%(value)s” was added by %(user)s, who may remove it, as managers may."
                    " “Back to Ready” brings back this one only.",
                    value=self.value,
                    # sudo: res.users - the name of a colleague
                    user=self.sudo().user_id.name or self.env._("Somebody"),
                )
            )

    def _take_back(self):
        """Archive the exception; while others want it, it goes on for what they decide."""
        # sudo: res.users - as above; salespeople change nothing of it but that they want it
        exception = self.sudo()
        others = exception.also_user_ids
        if self.env.user in others:
            exception.also_user_ids = [Command.unlink(self.env.uid)]
        elif others and not exception._is_for_everything(self.env.user):
            self.check_access("write")
            exception.write(
                {"user_id": others[0].id, "also_user_ids": [Command.unlink(others[0].id)]}
            )
        else:
            self.active = False

    def action_open_ignored(self):
        """Open the list of what it ignored."""
        self.ensure_one()
        is_mail = exception_key.is_mail(self.kind, self.value_normalized)
        xmlid = f"lead_communications.lead_communication_{'email' if is_mail else 'call'}_action"
        action = self.env["ir.actions.actions"]._for_xml_id(xmlid)
        return action | {
            "domain": list(self._ignored_domain()),
            "context": {},
            "display_name": self.display_name,
        }

    def _ignored_domain(self):
        return Domain("exception_id", "in", self.ids) & Domain("state", "=", "ignored")

    def _waiting_domain(self):
        """Return the domain of what waits for a decision and would have been ignored."""
        self.ensure_one()
        return self._key_domain(self.kind, self.value_normalized, self.company_id)

    def _waiting(self):
        """Return what the user sees of what waits and would have been ignored.

        Without what an exception for many leaves to an open lead.
        """
        rows = self.env["lead.communication"].search(self._waiting_domain())
        return rows - rows._filtered_open_lead() if self.kind in exception_key.RANGES else rows

    @api.model
    def _key_domain(self, kind, key, company):
        """Return the domain of what waits and falls under such an exception of ``company``."""
        domain = Domain("state", "=", "ready") & Domain("direction", "=", "incoming")
        if company:
            domain &= Domain("company_id", "=", company.id)
        if exception_key.is_mail(kind, key):
            return domain & self._email_domain(kind, key)
        return domain & self._number_domain(kind, key)

    @api.model
    def _number_domain(self, kind, key):
        domain = Domain("type", "=", "call") & Domain("pbx_id", "!=", False)
        if kind == "number":
            return domain & Domain("phone_sanitized", "=", key)
        if kind == "short" or (kind == "pattern" and not key.startswith("+")):
            shown = Domain("number", "=like", exception_key.like_pattern(key))
            return domain & Domain("phone_sanitized", "=", False) & shown
        if kind == "pattern":
            return domain & Domain("phone_sanitized", "=like", exception_key.like_pattern(key))
        return domain & Domain("phone_sanitized", "=like", f"{key}%")

    @api.model
    def _email_domain(self, kind, key):
        local, _at, domain = key.rpartition("@")
        spellings = exception_key.spellings(domain)
        if kind == "address":
            addresses = [f"{local}@{spelling}" for spelling in spellings]
            return Domain("type", "=", "email") & Domain("email_normalized", "in", addresses)
        if kind == "pattern":
            like = exception_key.like_pattern(key)
            return Domain("type", "=", "email") & Domain("email_normalized", "=like", like)
        patterns = [
            f"%{before}{escape_psql(spelling)}" for spelling in spellings for before in "@."
        ]
        return Domain("type", "=", "email") & Domain.OR(
            Domain("email_normalized", "=like", pattern) for pattern in patterns
        )

    @api.model
    def _notify(self, message):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
