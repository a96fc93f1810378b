from functools import partial

from odoo import api, fields, models
from odoo.tools import email_normalize, ormcache

from ...tools.address import same_addresses
from ...tools.free_mail import is_free_mail
from ...tools.mail import counterpart
from ...tools.mail.identity import identify, read_headers
from ...tools.mail.reading import read
from .mail_message_account import LEAD_MODELS
from .received_mail import ReceivedMail


class LeadMailbox(models.Model):
    """Taking in one message, wherever it came from."""

    _inherit = "lead.mailbox"

    junk_state = fields.Selection(
        selection=[("ignored", "Put in Ignored"), ("ready", "Wait in Ready")],
        string="Automated Mail",
        required=True,
        default="ignored",
        help="Automatic answers, newsletters, delivery reports, spam: never a lead or an answer.",
    )
    mode = fields.Selection(
        selection_add=[
            ("automatic", "Automatic: a lead is created or found where that is certain")
        ],
        ondelete={"automatic": "set default"},
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Salesperson",
        check_company=True,
        domain=[("share", "=", False)],
        help="Of the leads that the automatic mode creates.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        mailboxes = super().create(vals_list)
        # of _own_mailbox_addresses(), _account_ids(), _has_aliases()
        self.env.registry.clear_cache()
        return mailboxes

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"active", "address", "alias_team_id", "mode", "name"}:
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    @api.model
    @ormcache()
    def _own_mailbox_addresses(self):
        """Return the normalized addresses of all mailboxes in all spellings, former ones too."""
        # sudo: lead.mailbox - compared only; nothing is shown
        mailboxes = self.sudo().search([("active", "in", [True, False])])
        addresses = {email_normalize(box.address) for box in mailboxes}
        addresses = filter(None, addresses.union(*(box._former() for box in mailboxes)))
        return frozenset(one for address in addresses for one in same_addresses(address))

    @api.model
    def _own_domains(self):
        """Return the domains of the mailboxes; at one, everybody is a colleague."""
        domains = {address.rpartition("@")[2] for address in self._own_mailbox_addresses()}
        return {domain for domain in domains if not is_free_mail(domain)}

    @api.model
    def _own_addresses(self, addresses):
        """Return those of the normalized ``addresses`` that are ours: mailboxes and employees."""
        domains = self._own_domains()
        own = self._own_mailbox_addresses().intersection(addresses)
        own |= {address for address in addresses if address.rpartition("@")[2] in domains}
        others = set(filter(None, addresses)) - own
        if not others:
            return own
        spellings = {one: address for address in others for one in same_addresses(address)}
        # sudo: res.users - compared only; nothing is shown
        users = (
            self.env["res.users"]
            .sudo()
            .search([("email_normalized", "in", list(spellings)), ("share", "=", False)])
        )
        return own | {spellings[address] for address in users.mapped("email_normalized")}

    def _receive(self, raw, received_date=None, role="inbox", header=None):
        """Put a received message where it belongs, once; return its row.

        An answer goes on the lead that it answers, everything else where the rules of the mailbox
        put it. A message that another mailbox received before is the same row, which both then see.

        :param bytes raw: the message as the server holds it.
        :param received_date: when the server received it, naive UTC.
        :param str role: that of the folder it lies in: ``inbox``, ``sent`` or ``spam``.
        :param dict header: ``raw`` is the header alone of a message that was too large; where the
            rest lies (``folder_id``, ``uid``, ``uid_validity``) and its ``size`` in bytes.
        :return: ``lead.communication``; empty when Odoo gave it to a record of another kind.
        """
        mailbox = self.with_company(self.company_id)
        row = mailbox._receive_in_company(raw, received_date, role, header)
        return row.with_env(self.sudo().env)

    def _receive_in_company(self, raw, received_date, role, header):
        identity = identify(raw)
        message_ref, content_hash = identity.message_id, identity.content_hash
        if header:
            content_hash = f"header:{identity.header_hash}"
        # sudo: the gateway runs as the system
        Communication = self.env["lead.communication"].sudo()
        if row := Communication._find_same(
            message_ref, content_hash, identity.header_hash, raw, header, self.company_id
        ):
            row._receive_again(self, role)
            return row
        reading = read(raw, self._own_domains())
        received = self._received_mail(raw, received_date, role, reading)
        received.message_ref = received.message_id = message_ref
        received.content_hash = content_hash
        received.header = header and dict(header, header_hash=identity.header_hash)
        parent = self._judge_received(reading, received)
        # sudo: the gateway runs as the system
        gateway = received.carried_by(self.env["mail.thread"].sudo())
        process = partial(gateway.message_process, "lead.communication")
        gateway._lead_read(process, raw)
        if not received.is_routed:  # Odoo knows the Message-ID
            row = self._known_row(received)
            if row is not None:
                return row
            gateway._lead_read(process, raw)
        row = gateway.env["lead.communication"].browse(received.row_ids[-1:])
        if row:
            row._apply_rules(self, received.judgement, parent.with_env(row.env))
            row._wake_by_email()
        return row

    def _judge_received(self, reading, received):
        """Find out what ``received`` answers, and who wrote it; return the row that it answers."""
        # sudo: compared with what other mailboxes received, too
        Communication = self.env["lead.communication"].sudo()
        parent = Communication._find_parent(reading, received.counterpart, self.company_id)
        is_strangers = parent._is_strangers(received.counterpart)
        if is_strangers:
            parent = parent.browse()
        received.parent_id = parent.id
        received.judgement = Communication._judge(reading, received, parent, self.company_id)
        received.is_answer = (
            received.direction == "incoming" and received.judgement.may_answer and not is_strangers
        )
        return parent

    def _received_mail(self, raw, received_date, role, reading):
        """Return the :class:`ReceivedMail` of a message: what the mailbox knows, and of whom."""
        addresses = {
            party.address
            for party in (reading.sender, *reading.reply_tos, reading.visitor, *reading.recipients)
            if party and party.address
        }
        found = counterpart.find(reading, role, self._own_addresses(addresses))
        return ReceivedMail(
            mailbox_id=self.id,
            message_id="",
            raw=raw,
            received_date=received_date or fields.Datetime.now(),
            role=role,
            direction="outgoing" if found.is_outgoing else "incoming",
            counterpart=found,
            addresses=addresses,
            aliases={},
        )

    def _known_row(self, received):
        """Return the row of a message whose Message-ID Odoo knows, None if it is to be made.

        It is empty for what needs no row. What is to be taken in gets another id for the gateway,
        which would drop it.
        """
        # sudo: the gateway runs as the system
        env = self.sudo().env
        known = env["mail.message"].search([("message_id", "=", received.message_ref)], limit=1)
        received.is_elsewhere = self._is_elsewhere(known)
        is_same = self._is_same_mail(known, received.raw)
        if is_same and not received.is_elsewhere:
            row = env["lead.communication"].search([("mail_message_id", "=", known.id)], limit=1)
            row._note_seen_again(self)
            return row
        copies = [
            ("message_ref", "=", received.message_ref),
            ("content_hash", "=", received.content_hash),
        ]
        if is_same or env["lead.communication"].search_count(copies, limit=1):
            # A record of another kind, or another company, has the same email.
            received.true_id = received.message_ref
            received.is_elsewhere = True
        suffix = f"{self.company_id.id}.reused.lead-communications"
        received.message_id = f"<{received.content_hash[:32]}@{suffix}>"
        return None

    @api.model
    def _is_elsewhere(self, message):
        """Tell whether Odoo's gateway made a record of another kind of a message that came in.

        What answers something on such a record belongs there alone.
        """
        is_ours = message.model in LEAD_MODELS
        return message.message_type == "email" and not is_ours and not message.parent_id

    @api.model
    def _is_same_mail(self, message, raw):
        """Tell whether ``raw`` is a copy of ``message``, not another mail with its Message-ID."""
        if message.message_type != "email":
            return True  # written in Odoo: nobody else can know its id
        headers = read_headers(raw)
        sender = headers.get(b"from", b"").decode("latin-1")
        row = self.env["lead.communication"].search_count(
            [("mail_message_id", "=", message.id), ("content_hash", "!=", False)], limit=1
        )
        return not row and email_normalize(sender) == email_normalize(message.email_from or "")
