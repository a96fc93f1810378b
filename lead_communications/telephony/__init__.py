"""What telephone systems say, turned into :class:`~.call_event.CallEvent`. Plain Python, no ORM.

A provider is a module with:

``LABEL``
    its name on screen
``SECRET_IS_GIVEN``
    whether the provider makes the secret, so that it has to be entered; otherwise we make it
``verify(request, secrets, now)``
    raises :class:`~.payload.SignatureError` unless one of ``secrets`` proves the
    :class:`~.inbound.InboundRequest`; ``now`` is in seconds since 1970
``parse(body, content_type, tz)``
    returns :class:`~.payload.Parsed`; raises :class:`~.payload.PayloadError` if nothing can be
    read. Where what is known of the system tells more, it takes a :class:`~.site.Site` as ``site``;
    where reports have no times, the moment (naive UTC) they were received in as ``received``;
    where it is entered what they mean, the :class:`~.mapping.CallMapping` as ``mapping``, as
    ``verify`` then does
``setup_steps(url, env)``
    returns what an administrator has to do, as plain text without secrets; ``env._`` translates

and, if the provider has them:

``challenge(request, secrets, now)``
    returns the :class:`~.inbound.Answer` to a request that asks, before any call is reported,
    whether the address is ours; None for any other request. Whoever is answered with what
    ``secrets`` make of their text could have anything signed: raises
    :class:`~.payload.SignatureError` unless they prove themselves first
``answer(request)``
    returns the Answer to a report that was taken in, where the provider expects more than 200
``asked_number(request)`` and ``answer_lookup(number, contacts)``
    return the number that a request asks about, or None; and the Answer to it
``configuration(url, secret, env)``
    returns name and content of a file that sets the telephone system up; the secret is in it
``CALLS_END_AFTER``
    after which time the provider ends a call itself, a timedelta
"""

import inspect
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from types import ModuleType

from . import (
    aircall,
    asterisk,
    dialpad,
    freepbx,
    freeswitch,
    generic,
    mapped,
    ringcentral,
    ringover,
    sipgate,
    threecx,
    twilio,
    vonage,
    yeastar,
    zadarma,
    zoom_phone,
)
from .inbound import Answer, Contact, InboundRequest
from .mapping import CallMapping
from .payload import Parsed
from .site import Site

PROVIDERS: dict[str, ModuleType] = {
    "asterisk": asterisk,
    "freepbx": freepbx,
    "threecx": threecx,
    "freeswitch": freeswitch,
    "yeastar": yeastar,
    "twilio": twilio,
    "vonage": vonage,
    "aircall": aircall,
    "zadarma": zadarma,
    "ringcentral": ringcentral,
    "zoom_phone": zoom_phone,
    "dialpad": dialpad,
    "sipgate": sipgate,
    "ringover": ringover,
    "generic": generic,
    "mapped": mapped,
}

#: Those that are an Asterisk: they have its files of calls and its manager interface.
ASTERISKS = ("asterisk", "freepbx")


# After so long a conversation of which nothing is heard is over.
QUIET_TIME = timedelta(hours=4)


def quiet_time(key: str) -> timedelta:
    """Return how long a conversation may go on without a word from the telephone system."""
    return min(QUIET_TIME, getattr(get(key), "CALLS_END_AFTER", QUIET_TIME))


def selection() -> list[tuple[str, str]]:
    """Return the providers as the values of a selection field: key, name on screen."""
    return [(key, module.LABEL) for key, module in PROVIDERS.items()]


def get(key: str) -> ModuleType:
    """Return the module of the provider ``key``; raises KeyError for an unknown one."""
    return PROVIDERS[key]


def parse(
    key: str,
    body: bytes,
    content_type: str,
    site: Site,
    received: datetime | None = None,
    mapping: CallMapping | None = None,
) -> Parsed:
    """Return what ``body`` reports, by what is known of the telephone system.

    :param received: when it was received, naive UTC.
    :param mapping: what its words mean, where that is entered.
    :raise PayloadError: nothing of it can be read.
    """
    provider = get(key)
    known = _asked_for(provider.parse, site=site, received=received, mapping=mapping)
    parsed = provider.parse(body, content_type, site.tz, **known)
    return replace(parsed, events=[site.clean(event) for event in parsed.events])


def verify(
    provider: ModuleType,
    request: InboundRequest,
    secrets: Iterable[str],
    now: float,
    mapping: CallMapping | None = None,
) -> None:
    """Raise SignatureError unless one of ``secrets`` proves the request."""
    provider.verify(request, secrets, now, **_asked_for(provider.verify, mapping=mapping))


def _asked_for(function, **known):
    """Return what of ``known`` the function takes."""
    parameters = inspect.signature(function).parameters
    return {name: value for name, value in known.items() if name in parameters}


def challenge(
    provider: ModuleType, request: InboundRequest, secrets: Iterable[str], now: float
) -> Answer | None:
    """Return the answer to a request that only asks whether the address is ours.

    :raise SignatureError: the request has to prove itself to be answered, and does not.
    """
    return provider.challenge(request, secrets, now) if hasattr(provider, "challenge") else None


def answer(provider: ModuleType, request: InboundRequest) -> Answer | None:
    """Return what the provider expects to be answered when a report was taken in, if anything."""
    return provider.answer(request) if hasattr(provider, "answer") else None


def asked_number(provider: ModuleType, request: InboundRequest) -> str | None:
    """Return the number that the request asks about, or None if it reports something."""
    return provider.asked_number(request) if hasattr(provider, "asked_number") else None


def sent_at(provider: ModuleType, request: InboundRequest) -> int | None:
    """Return when the PBX sent a verified request by its own clock, in seconds since 1970."""
    return provider.sent_at(request) if hasattr(provider, "sent_at") else None
