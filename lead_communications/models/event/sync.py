"""Marks in the context of what the system itself does while one side follows the other.

Each is an object of its own, which the context of a client cannot hold: nothing that a client sends
sets one.
"""

from odoo import api


class _Mark:
    def __init__(self, key):
        self.key = key

    def on(self, records):
        """Return ``records`` with this mark in their context."""
        return records.with_context(**{self.key: self})

    def is_on(self, env):
        return env.context.get(self.key) is self


# One side is brought up to date with the other: that is no news to answer.
SYNC = _Mark("lead_event_sync")


class SeriesRewrite:
    """Odoo writes a series anew: what it throws away was not canceled, what it makes is not new.

    The events of the leads follow when it is over, by the meetings that are there then.
    """

    _KEY = "lead_event_series"

    def __init__(self):
        self.created_ids = []

    def on(self, records):
        """Return ``records`` with this in their context."""
        return records.with_context(**{self._KEY: self})

    @classmethod
    def of(cls, env: api.Environment):
        """Return what goes on in ``env``, None if nothing does."""
        series = env.context.get(cls._KEY)
        return series if isinstance(series, cls) else None
