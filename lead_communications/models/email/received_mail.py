from dataclasses import dataclass, field
from datetime import datetime

from ...tools.mail.counterpart import Counterpart
from ...tools.mail.junk import Judgement
from ...tools.mail.message import Message

_KEY = "lead_mail"


class GatewayMail:
    """One message on its way through Odoo's mail gateway.

    It goes along in the context, which a client's context cannot hold: what a user posts, by
    whatever method, is never taken for something that came in.
    """

    def carried_by(self, records):
        """Return ``records`` with this message in their context."""
        return records.with_context(**{_KEY: self})

    @classmethod
    def on_its_way(cls, env):
        """Return the message of this kind that is being taken in, None when there is none."""
        received = env.context.get(_KEY)
        return received if isinstance(received, cls) else None

    @classmethod
    def left_behind(cls, records):
        """Return ``records`` without a message in their context: what they do is their own."""
        return records.with_context(**{_KEY: None}) if cls.on_its_way(records.env) else records

    @classmethod
    def bringing(cls, env, message_id):
        """Return the message that is being taken in if it is the one with this Message-ID.

        What automations and templates post meanwhile has come in by no mail, though it goes along
        in their context.
        """
        received = cls.on_its_way(env)
        return received if received and received._is_it(message_id) else None

    def _is_it(self, message_id):
        return True  # nothing is known of what comes by Odoo's own ways


@dataclass
class ReceivedMail(GatewayMail):
    """A message of one of our mailboxes: what the mailbox knows of it.

    The gateway calls back in a dozen places, and what was read once is handed to them by this
    object, in the context. A client's context cannot hold one, so nothing of it is reachable from
    outside. What is found out on the way is noted in it.
    """

    mailbox_id: int
    message_id: str  # under which the gateway is to store it
    raw: bytes = b""
    received_date: datetime | None = None  # naive UTC
    role: str = "inbox"  # of the folder: inbox, sent or spam
    direction: str = "incoming"
    counterpart: Counterpart | None = None
    message_ref: str = ""
    content_hash: str = ""
    header: dict | None = None  # where the rest lies, when raw is the header alone
    parent_id: int | bool = False  # the row that it answers
    judgement: Judgement | None = None  # whose it is
    is_answer: bool = False  # a person's, who may be answering something on a lead
    addresses: set = field(default_factory=set)
    aliases: dict | None = None  # {address: whether it is an alias}, of those that were looked up

    # Noted on the way.
    true_id: str = ""  # when the gateway knows the message: under which it is stored all the same
    is_elsewhere: bool = False  # another company, or a record of another kind, has it already
    is_entered: bool = False  # the gateway has it; what it is given besides is another message
    is_routed: bool = False  # the gateway had no reason to drop it
    is_parsed: bool = False
    is_incomplete: bool = False  # it could be read in part only
    message: Message | None = None  # what it says
    whole: bytes = b""  # what is being read
    row_ids: list = field(default_factory=list)  # of the rows that were made

    def _is_it(self, message_id):
        return message_id == self.message_id
