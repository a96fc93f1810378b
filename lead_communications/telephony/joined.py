"""Calls of a system that reports each leg by itself and names no call: which legs are of one."""

import re
from collections.abc import Callable
from datetime import timedelta

from .call_event import CallEvent
from .outcome import rung

#: So long a transfer takes, and so far the starts of telephones of one group are apart.
_PAUSE = timedelta(seconds=2)


def is_same_call(a: CallEvent, b: CallEvent, phone: Callable[[str], str | None]) -> bool:
    """Tell whether two reports are of one call: with one party, and at the same time.

    A telephone that rings again after it did not is called a second time; another one, two seconds
    later, is where the call went.

    :param phone: gives a number in E.164, None if it is no whole number.
    """
    if a.direction != b.direction or not (a.start and b.start):
        return False
    party = _party(a, phone)
    if not party or party != _party(b, phone):
        return False
    overlap = min(a.end or a.start, b.end or b.start) - max(a.start, b.start)
    telephones = [rung(call.known_legs) for call in (a, b)]
    if a.start == b.start or overlap > timedelta(0):
        return True
    return len(set().union(*telephones)) > 1 and overlap >= -_PAUSE


def _party(call: CallEvent, phone: Callable[[str], str | None]) -> str:
    return phone(call.number) or re.sub(r"\D", "", call.number)
