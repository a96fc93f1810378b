from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

_on_its_way = ContextVar("lead_communications_written_mail", default=None)


@dataclass(frozen=True)
class WrittenMail:
    """One message from a lead while it is being posted: what its writer chose besides.

    Odoo posts it through a dozen methods, some of them in a context of its own, and keeps the
    context of what is sent later as JSON. So it is neither an argument nor a key of the context,
    and nothing of it is reachable from outside.
    """

    user_id: int | bool = False
    template_id: int | bool = False
    is_forward: bool = False
    scheduled_id: int | bool = False  # of the message that waited and is sent now

    @contextmanager
    def being_posted(self):
        """Let this be the message that is posted inside the block."""
        token = _on_its_way.set(self)
        try:
            yield
        finally:
            _on_its_way.reset(token)

    @classmethod
    def on_its_way(cls):
        """Return the message that is being posted; an empty one for all that nobody wrote."""
        return _on_its_way.get() or cls()
