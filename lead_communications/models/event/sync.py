"""Marks in the context of what the system itself does while one side follows the other.

Each is an object of its own, which the context of a client cannot hold: nothing that a client sends
sets one.
"""


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
# Odoo writes a whole series anew: what it throws away was not canceled.
SERIES = _Mark("lead_event_series")
