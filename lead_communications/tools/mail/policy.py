"""How the standard library reads the headers of a message that is asked for them many times."""

import functools
from email.message import Message


class _Registry:
    """A header registry that makes each header once."""

    def __init__(self, registry):
        self._registry = registry
        self._make = functools.lru_cache(maxsize=1000)(registry)

    def __call__(self, name, value):
        return self._make(name, value)

    def __getitem__(self, name):
        return self._registry[name]


def remember_headers(message: Message) -> None:
    """Let each header of a message and of its parts be parsed once."""
    policy = message.policy.clone(header_factory=_Registry(message.policy.header_factory))
    for part in message.walk():
        part.policy = policy
