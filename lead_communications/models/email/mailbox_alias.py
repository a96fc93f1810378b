import logging

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL, exception_to_unicode, ormcache

from ...tools.mail.identity import read_headers
from ...tools.mail.reading import read

_logger = logging.getLogger(__name__)

# Where the address stands for which a server took the message in.
ENVELOPE_HEADERS = (b"delivered-to", b"x-original-to", b"envelope-to", b"x-forwarded-to")


class LeadMailbox(models.Model):
    """Mailboxes without a server: what is sent to the alias of a sales team.

    It comes in by Odoo's gateway, whichever way: another incoming mail server, or the mail
    transfer agent (``odoo-mailgate``).
    """

    _inherit = "lead.mailbox"

    alias_team_id = fields.Many2one(
        comodel_name="crm.team",
        string="Alias of Team",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Instead of an incoming mail server: what comes in for the email alias of this team.",
    )

    _source_check = models.Constraint(
        "CHECK ((server_id IS NULL) <> (alias_team_id IS NULL))",
        "A mailbox is fed by an incoming mail server or by the alias of a sales team.",
    )
    _alias_team_unique = models.Constraint(
        "UNIQUE (alias_team_id)", "The alias of this team already feeds another mailbox."
    )

    @api.constrains("alias_team_id")
    def _check_alias_team(self):
        for mailbox in self:
            # sudo: crm.team - whether there is an alias to speak of
            if mailbox.alias_team_id and not mailbox.alias_team_id.sudo().alias_full_name:
                raise ValidationError(
                    self.env._(
                        "The team “%(team)s” has no email alias.", team=mailbox.alias_team_id.name
                    )
                )

    @api.onchange("alias_team_id")
    def _onchange_alias_team_id(self):
        if self.alias_team_id:
            self.address = self.alias_team_id.alias_full_name
            self.team_id = self.alias_team_id

    @api.model
    @ormcache()
    def _has_aliases(self):
        # sudo: whether there is one
        return bool(self.sudo().search_count([("alias_team_id", "!=", False)], limit=1))

    @api.model
    def _of_alias(self, raw):
        """Return the mailbox of the alias that a message was sent to, empty if none.

        Costs nothing while no alias is connected, and one query otherwise.
        """
        if not self._has_aliases():
            return self.browse()
        self.flush_model(["active", "alias_team_id", "former_addresses", "mode"])
        self.env["crm.team"].flush_model(["alias_id"])
        names = ["alias_full_name", "alias_incoming_local", "alias_name"]
        self.env["mail.alias"].flush_model(names)
        found = self.env.execute_query(
            SQL(
                """
                SELECT lower(alias.alias_full_name), alias.alias_name, alias.alias_incoming_local,
                       box.id, box.former_addresses
                  FROM lead_mailbox box
                  JOIN crm_team team ON team.id = box.alias_team_id
                  JOIN mail_alias alias ON alias.id = team.alias_id
                 WHERE box.active AND box.mode <> 'off'
                 ORDER BY box.id
                """
            )
        )
        addresses = _recipients(raw)
        local_parts = {address.partition("@")[0] for address in addresses}
        for full_name, name, any_domain, box_id, _former in found:
            if name and (full_name in addresses or (any_domain and name in local_parts)):
                return self.browse(box_id)
        former = [(box_id, addresses_before) for *_alias, box_id, addresses_before in found]
        return self._of_former_alias(raw, addresses, former)

    def _receive_from_gateway(self, raw):
        """Take in a message that Odoo's gateway was given; return the id of its row.

        Odoo marks as seen, or deletes, what it could not process, so nothing may fail here.
        """
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                row = self._receive(raw)
                self.env.flush_all()
                return row.id
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY as exception:
            if "default_fetchmail_server_id" not in self.env.context:
                raise  # Odoo runs the whole request again
            error, cause, is_temporary = exception, "busy", True
        except Exception as exception:  # noqa: BLE001 - kept with its raw bytes, visible
            _logger.info("A message to alias mailbox %s was kept.", self.id, exc_info=True)
            error, cause = exception, "unexpected"
            # Two may have taken in the same; this transaction can't see what the other one did.
            is_temporary = isinstance(exception, UniqueViolation)
        self.env["lead.communication.failure"]._keep(
            type="email",
            raw=raw,
            error=exception_to_unicode(error),
            mailbox=self,
            cause=cause,
            is_temporary=is_temporary,
        )
        return False


def _recipients(raw):
    headers = read_headers(raw)
    envelope = b",".join(headers[name] for name in ENVELOPE_HEADERS if name in headers)
    parties = read(raw).recipients
    return {party.address for party in parties} | set(
        envelope.decode("ascii", "replace").lower().replace("<", "").replace(">", "").split(",")
    )
