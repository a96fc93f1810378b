"""What holds for every provider."""

import time
from itertools import dropwhile, takewhile
from pathlib import Path

import pytest
from provider_checks import FORM, NOW, URL, form, get, post, refusal, untranslated

from lead_communications import telephony
from lead_communications.telephony.inbound import InboundRequest
from lead_communications.telephony.payload import PayloadError, SignatureError, cause_of
from lead_communications.telephony.web_dial import DIALLERS

DOCUMENT = Path(__file__).parents[2] / "docs" / "telephony.md"

KEYS = list(telephony.PROVIDERS)
BOMBS = [b"[" * 200_000, b'{"a":' * 200_000, b'{"token":"x","data":' + b"[" * 200_000]
OWN = {"asterisk", "freepbx", "threecx", "freeswitch", "generic", "mapped"}
OWN |= {"ringcentral", "dialpad", "sipgate"}
GIVEN = {"yeastar", "twilio", "vonage", "aircall", "zadarma", "zoom_phone", "ringover"}


def test_registry():
    assert set(KEYS) == OWN | GIVEN
    assert dict(telephony.selection())["threecx"] == "3CX"
    with pytest.raises(KeyError):
        telephony.get("nosuch")


@pytest.mark.parametrize("key", KEYS)
def test_provider_keeps_the_contract(key):
    provider = telephony.get(key)
    assert (key in GIVEN) == provider.SECRET_IS_GIVEN
    steps = provider.setup_steps(URL, untranslated)
    assert URL in steps
    assert "%(" not in steps
    assert all(len(line) < 1000 for line in steps.splitlines())


def table(heading):
    """The rows of the first table of docs/telephony.md under a heading."""
    _before, _heading, rest = DOCUMENT.read_text().partition(f"\n{heading}\n")
    lines = dropwhile(lambda line: not line.startswith("|"), rest.splitlines())
    return list(takewhile(lambda line: line.startswith("|"), lines))


def test_documentation_has_every_provider():
    dials = set(DIALLERS) | set(telephony.ASTERISKS)
    for heading, keys in (
        ("## Providers", KEYS),
        ("### Recordings", KEYS),
        ("### Click-to-dial", dials),
    ):
        names = " ".join(row.split("|")[1] for row in table(heading))
        for key in keys:
            name = telephony.get(key).LABEL.removeprefix("Other (").removesuffix(")")
            assert name.lower() in names.lower(), (heading, key)


@pytest.mark.parametrize("key", KEYS)
def test_unproven_requests_are_refused(key):
    provider = telephony.get(key)
    for request in (post(b"{}"), post(form(a="b")), get(), *map(post, BOMBS)):
        assert refusal(provider, request, ["secret"])
        assert refusal(provider, request, [])


@pytest.mark.parametrize("key", KEYS)
def test_address_with_too_many_fields_is_refused(key):
    request = post(b"", {"X-Twilio-Signature": "x"}, f"{URL}?" + "a=1&" * 100)
    assert refusal(telephony.get(key), request, ["secret"])


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("body", BOMBS)
def test_deep_nesting_is_refused_not_crashed(key, body):
    for kind in ("application/json", FORM, "text/csv"):
        try:
            parsed = telephony.get(key).parse(body, kind, "UTC")
        except PayloadError:
            continue
        assert not parsed.events


@pytest.mark.parametrize("key", KEYS)
def test_unknown_time_zone_is_an_error_in_words(key):
    try:
        parsed = telephony.get(key).parse(b'{"event": "x"}', "", "Mars/Base")
    except PayloadError as error:
        assert str(error)
    else:
        assert not parsed.events


def test_only_two_providers_answer_more_than_reports():
    asked = get(f"{URL}?zd_echo=x&number=1")
    answered = (telephony.challenge(telephony.get(key), asked, [], NOW) for key in KEYS)
    assert [bool(answer) for answer in answered] == [key == "zadarma" for key in KEYS]
    answering = {key for key in KEYS if telephony.asked_number(telephony.get(key), asked) == "1"}
    assert answering == {"threecx"}


def test_request():
    request = InboundRequest("GET", f"{URL}?a=1&b=&a=2", {"Content-Type": "Text/CSV; x=y"})
    assert request.query == {"a": "2", "b": ""}
    assert request.content_type == "text/csv"
    assert InboundRequest("GET", URL, {}).content_type == ""
    with pytest.raises(SignatureError):
        InboundRequest("GET", URL, {"Authorization": "Digest x"}).credentials("Basic")
    assert InboundRequest("GET", URL, {"Authorization": "bearer  x"}).credentials("Bearer") == "x"


def test_deep_nesting_is_found_quickly():
    """By calculation, not by the clock: other programs may be at work."""
    before = time.process_time()
    with pytest.raises(PayloadError):
        telephony.get("generic").parse(b'["' + b'\\"' * 500_000, "", "UTC")
    assert time.process_time() - before < 10


@pytest.mark.parametrize(
    ("provider", "body", "content_type", "cause"),
    [
        ("asterisk", b"a,b,c", "text/csv", "columns"),
        ("generic", b'{"direction": "incoming", "start": "2026-03-02T10:15:00Z"}', "", "id"),
        ("generic", b'{"id": "1", "direction": "incoming", "start": "noon"}', "", "time"),
        ("generic", b'{"id": "1", "direction": "in", "start": "noon"}', "", "value"),
        (
            "threecx",
            b'{"call_type": "?", "number": "1", "started_at": "2026-01-01T00:00:00Z"}',
            "",
            "result",
        ),
    ],
)
def test_cause_of_what_cannot_be_read(provider, body, content_type, cause):
    (row,) = telephony.get(provider).parse(body, content_type, "UTC").broken
    assert cause_of(row.code) == cause
    assert cause_of("whatever") == "value"
