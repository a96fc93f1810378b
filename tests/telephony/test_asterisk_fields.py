"""Ids, channels and recordings as Asterisk writes them."""

import pytest

from lead_communications.telephony.asterisk_fields import call_id, contact_name, endpoint, recording
from lead_communications.telephony.payload import PayloadError


@pytest.mark.parametrize(
    ("channel", "name"),
    [
        ("PJSIP/101-0000001a", "101"),
        ("Local/101@agents-0000000b;1", "101"),
        ("Local/101/n", "101"),
        ("SIP/anna-desk-0000001a", "anna-desk"),
        ("101@pbx@other", "101"),
        ("101;x;y", "101"),
        (" 101 ", "101"),
        ("PJSIP/", ""),
        ("", ""),
        ("PJSIP/" + "1" * 65, "1" * 64),
    ],
)
def test_telephone_of_a_channel(channel, name):
    assert endpoint(channel) == name


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"linkedid": "a.1", "uniqueid": "a.2"}, "a.1"),
        ({"linkedid": "", "uniqueid": " a.2 "}, "a.2"),
        ({"uniqueid": "x" * 150}, "x" * 150),
    ],
)
def test_call_is_named_after_its_first_channel(fields, expected):
    assert call_id(fields) == expected


def test_id_of_more_than_150_characters_is_none_of_asterisk():
    with pytest.raises(PayloadError) as caught:
        call_id({"linkedid": "x" * 151})
    assert caught.value.code == "bad_id"


def test_name_and_recording_have_room():
    assert contact_name("x" * 129) == "x" * 128
    assert contact_name("asterisk") == ""
    assert recording("x" * 2001, "answered") == recording("x" * 2001, "voicemail") == "x" * 2000
    assert recording("x", "missed") == ""
