"""The request of a telephone system, before anything of it is trusted."""

import pytest
from provider_checks import URL, get

from lead_communications import telephony
from lead_communications.telephony import generic, zadarma
from lead_communications.telephony.inbound import InboundRequest
from lead_communications.telephony.payload import SignatureError


def test_query_has_fifty_fields_at_most():
    assert get(f"{URL}?" + "&".join(f"a{n}={n}" for n in range(50))).query["a49"] == "49"
    with pytest.raises(SignatureError) as caught:
        get(f"{URL}?" + "&".join(f"a{n}={n}" for n in range(51))).query  # noqa: B018
    assert caught.value.code == "query"


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (None, "signature_missing"),
        ("", "signature_missing"),
        ("Digest x", "signature_malformed"),
        ("Bearer", "signature_malformed"),
        ("Bearer  ", "signature_malformed"),
        ("Basic Bearer", "signature_malformed"),
    ],
)
def test_credentials_of_another_kind_are_none(header, code):
    headers = {} if header is None else {"Authorization": header}
    with pytest.raises(SignatureError) as caught:
        get(headers=headers).credentials("Bearer")
    assert caught.value.code == code


def test_time_of_sending_is_known_of_signed_requests_only():
    header = generic.sign(b"x", "secret", 1772446500)
    signed = InboundRequest("POST", URL, {"X-Signature": header}, b"x")
    assert telephony.sent_at(telephony.get("asterisk"), signed) == 1772446500
    assert telephony.sent_at(generic, signed) == 1772446500
    assert telephony.sent_at(zadarma, signed) is None
