"""What the tests of all providers share."""

from datetime import datetime
from functools import reduce
from itertools import permutations
from urllib.parse import urlencode

from lead_communications.telephony.call_event import merge, merge_all
from lead_communications.telephony.inbound import InboundRequest
from lead_communications.telephony.payload import PayloadError, SignatureError

URL = "https://odoo.example.com/lead_communications/pbx/abc"
FORM = "application/x-www-form-urlencoded"
NOW = 1_772_446_500  # 2026-03-02 10:15:00 UTC
START = datetime(2026, 3, 2, 10, 15)


class Untranslated:
    """Stands for an Odoo environment whose language is English."""

    def _(self, text, *values, **named):
        return text % (named or values) if named or values else text


untranslated = Untranslated()


def post(body=b"", headers=None, url=URL, **more):
    return InboundRequest("POST", url, {**(headers or {}), **more}, body)


def get(url=URL, headers=None):
    return InboundRequest("GET", url, headers or {})


def form(**fields):
    return urlencode(fields).encode()


def refusal(provider, request, secrets, now=NOW):
    """Return the code with which the request is refused; None if it is accepted."""
    try:
        provider.verify(request, secrets, now)
    except SignatureError as error:
        return error.code
    return None


def call_of(parsed_list):
    """Return the one call that several reports are about."""
    (call,) = merge_all([event for parsed in parsed_list for event in parsed.events]).values()
    return call


def only(parsed):
    """Return the one event of a body that could be read."""
    assert not parsed.broken
    (event,) = parsed.events
    return event


def assert_order_does_not_matter(events, limit=120):
    """All orders of the events, and repeats of them, give the same call."""
    expected = reduce(merge, events)
    for number, order in enumerate(permutations(events)):
        if number >= limit:
            break
        assert reduce(merge, (*order, order[0])) == expected
    return expected


def survives(provider, body, content_type=""):
    """Whatever is sent ends in events, in broken rows with a reason, or in a PayloadError."""
    try:
        parsed = provider.parse(body, content_type, "Europe/Warsaw")
    except PayloadError as error:
        assert str(error) and error.code
        return
    assert all(row.reason and row.text for row in parsed.broken)
    for event in parsed.events:
        assert event.external_id
        assert 0 <= event.talk_seconds <= 31 * 24 * 3600
