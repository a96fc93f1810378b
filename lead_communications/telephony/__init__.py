"""What telephone systems say, turned into :class:`~.call_event.CallEvent`. Plain Python, no ORM.

A provider is a module with:

``LABEL``
    its name on screen
``verify(headers, body, secrets, now)``
    raises :class:`~.payload.SignatureError` unless ``body`` is signed with one of ``secrets``
``parse(body, content_type, tz)``
    returns :class:`~.payload.Parsed`; raises :class:`~.payload.PayloadError` if nothing can be read
``setup_steps(url)``
    returns what an administrator has to do on the PBX, as plain text without secrets
"""

from types import ModuleType

from . import asterisk

PROVIDERS: dict[str, ModuleType] = {
    "asterisk": asterisk,
}


def selection() -> list[tuple[str, str]]:
    """Return the providers as the values of a selection field: key, name on screen."""
    return [(key, module.LABEL) for key, module in PROVIDERS.items()]


def get(key: str) -> ModuleType:
    """Return the module of the provider ``key``; raises KeyError for an unknown one."""
    return PROVIDERS[key]
