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
