"""Our signature is that of well-known senders of webhooks: their library signs and verifies it."""

import pytest
import stripe

from lead_communications.telephony import InboundRequest, generic
from lead_communications.telephony.payload import SignatureError

SECRET = "whsec_test"
BODY = '{"id": "1"}'
NOW = 1795305372


def request(body, header):
    return InboundRequest("POST", "https://odoo.example.com/x", {"X-Signature": header}, body)


def test_independent_library_verifies_our_signature():
    header = generic.sign(BODY.encode(), SECRET, NOW)
    assert stripe.WebhookSignature.verify_header(BODY, header, SECRET, tolerance=None)
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.WebhookSignature.verify_header(BODY + " ", header, SECRET, tolerance=None)


def test_we_verify_the_signature_of_an_independent_library():
    signature = stripe.WebhookSignature._compute_signature(f"{NOW}.{BODY}", SECRET)
    header = f"t={NOW},v1={signature}"
    generic.verify(request(BODY.encode(), header), [SECRET], NOW)
    with pytest.raises(SignatureError):
        generic.verify(request(BODY.encode() + b" ", header), [SECRET], NOW)


def test_signature_in_capitals_is_the_same():
    header = generic.sign(BODY.encode(), SECRET, NOW)
    time, digest = header.split(",v1=")
    generic.verify(request(BODY.encode(), f" {time},v1={digest.upper()} "), [SECRET], NOW)


def test_signature_tells_when_it_was_made():
    header = generic.sign(BODY.encode(), SECRET, NOW)
    assert generic.sent_at(request(BODY.encode(), header)) == 1795305372


def test_sender_signs_with_its_old_and_its_new_secret():
    old, new = (generic.sign(BODY.encode(), secret, NOW).split(",")[1] for secret in ("old", "new"))
    for header in (f"t={NOW},{old},{new}", f"v1={'0' * 64}, {new},t={NOW},v0=what,ever"):
        generic.verify(request(BODY.encode(), header), ["new"], NOW)
        assert generic.sent_at(request(BODY.encode(), header)) == NOW
        assert stripe.WebhookSignature.verify_header(BODY, header.replace(" ", ""), "new", None)
    with pytest.raises(SignatureError):
        generic.verify(request(BODY.encode(), f"t={NOW},{old}"), ["new"], NOW)


@pytest.mark.parametrize(
    "header",
    [
        "t={now}",
        "v1={digest}",
        "t={now},t={now},v1={digest}",
        "t={now},v1={digest},v1=",
        "t={now},v1={digest},v1={digest}x",
        "t=١٢٣,v1={digest}",
        "t={now},v1=" + ",v1=".join(["{digest}"] * 21),
        "t={now}," + "v0=1," * 50 + "v1={digest}",
    ],
)
def test_header_that_is_no_signature(header):
    digest = generic.sign(BODY.encode(), SECRET, NOW)[-64:]
    with pytest.raises(SignatureError) as caught:
        given = request(BODY.encode(), header.format(now=NOW, digest=digest))
        generic.verify(given, [SECRET], NOW)
    assert caught.value.code == "signature_malformed"
