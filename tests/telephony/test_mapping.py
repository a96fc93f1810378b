"""Mappings as documents: what is refused, and in which words."""

import json

import pytest
from provider_checks import untranslated

from lead_communications.telephony import mapping
from lead_communications.telephony.payload import PayloadError

DOCUMENT = {
    "format": "lead-communications-mapping",
    "version": 1,
    "name": "Ours",
    "source": "https://example.com",
    "proof": {"kind": "hmac", "header": "X-Sig", "digest": "sha512", "encoding": "base64"},
    "plus": True,
    "paths": {"id": "a.id", "direction": "d", "result": "r + s"},
    "values": {"direction": [["in", "incoming"]], "result": [["Completed*", "answered"]]},
    "sample": "{}",
}


def load(document):
    raw = document if isinstance(document, bytes) else json.dumps(document).encode()
    return mapping.load(raw, untranslated)


def test_document_is_what_was_dumped():
    loaded = load(DOCUMENT)
    assert json.loads(loaded.dump()) == DOCUMENT
    assert load(loaded.dump().encode()) == loaded
    assert loaded.values["result"] == [("Completed*", "answered")]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (b"[1]", "not a JSON file"),
        (b"\xff\x00", "not a JSON file"),
        (b"[" * 50_000, "not a JSON file"),
        ({"format": "other"}, "not a JSON file with a mapping"),
        ({"version": 2}, "version"),
        ({"proof": None}, "“proof” is missing"),
        ({"proof": {"kind": "trust"}}, "“trust” is none of: hmac, bearer"),
        ({"proof": DOCUMENT["proof"] | {"digest": "md5"}}, "“md5” is none of"),
        ({"proof": DOCUMENT["proof"] | {"header": "X Y"}}, "not the name of a header"),
        ({"paths": []}, "“paths” is missing"),
        ({"paths": {"id": "x"}}, "no path for: direction, result"),
        ({"paths": DOCUMENT["paths"] | {"password": "x"}}, "“password” is none of our fields"),
        ({"paths": DOCUMENT["paths"] | {"id": 5}}, "“id” is not a text"),
        ({"paths": DOCUMENT["paths"] | {"id": "x" * 201}}, "too long"),
        ({"values": {"number": []}}, "“number” has no table"),
        ({"values": {"result": {}}}, "is not a list"),
        ({"values": {"result": [["a", "answered"]] * 101}}, "is not a list"),
        ({"values": {"result": [["a"]]}}, "not their value and ours"),
        ({"values": {"result": [["a", "won"]]}}, "“won” is none of our values for “result”"),
        ({"values": {"result": [["****", "answered"]]}}, "too many asterisks"),
        ({"values": {"result": [[None, "answered"]]}}, "is not a text"),
        ({"sample": "x" * 20_001}, "too long"),
    ],
)
def test_what_is_no_mapping_is_refused_in_words(change, words):
    with pytest.raises(PayloadError) as caught:
        load(change if isinstance(change, bytes) else DOCUMENT | change)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("Completed", " completed ", True),
        ("Completed", "completed ok", False),
        ("call.end*", "call.end TALKING", True),
        ("call.end*", "callXend TALKING", False),
        ("*", "", True),
        ("", "", True),
        ("", "x", False),
        ("*a*b*", "xaxbx", True),
        ("****", "x", False),
        ("[a]", "a", False),
    ],
)
def test_values(pattern, text, fits):
    loaded = mapping.CallMapping(paths={}, values={"result": [(pattern, "answered")]})
    if fits:
        assert loaded.value("result", text) == "answered"
    else:
        with pytest.raises(PayloadError, match="not in the table"):
            loaded.value("result", text)


def test_first_value_that_fits_counts():
    table = {"result": [("a", "missed"), ("*", "answered")]}
    loaded = mapping.CallMapping(paths={}, values=table)
    assert (loaded.value("result", "A"), loaded.value("result", "b")) == ("missed", "answered")


def test_stars_are_quick():
    slow = {"result": [("*a*a*", "answered"), ("*", "missed")]}
    assert mapping.CallMapping(paths={}, values=slow).value("result", "b" * 100_000) == "missed"


def test_presets_are_whole_and_name_their_documentation():
    known = mapping.presets()
    assert set(known) == {"cloudtalk", "justcall", "kixie", "placetel", "wildix"}
    for preset in known.values():
        assert preset.name and preset.source.startswith("https://") and preset.sample
        assert load(preset.dump().encode()) == preset
