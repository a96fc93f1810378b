"""Reports that are signed as Standard Webhooks are; an independent library signs and verifies."""

import base64
import subprocess
from datetime import UTC, datetime

import pytest
from provider_checks import NOW, post, refusal, untranslated
from standardwebhooks.webhooks import Webhook

from lead_communications.telephony import generic, standard_webhooks

OURS = "kq3-our_own-secret"
SECRET = "whsec_" + base64.b64encode(b"\x00\xff sixteen bytes or more").decode()
NEW_SECRET = "whsec_" + base64.b64encode(b"another secret of this sender").decode()
BODY = '{"id": "1", "name": "Zażółć"}'
#: The example that Standard Webhooks publish with their libraries.
PUBLISHED = {
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
}
PUBLISHED_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
PUBLISHED_BODY = b'{"test": 2432232314}'


def headers(*secrets, now=NOW, body=BODY, message_id="msg_1"):
    """Return the headers as the library makes them, with a signature of each secret."""
    moment = datetime.fromtimestamp(now, UTC)
    signatures = [Webhook(secret).sign(message_id, moment, body) for secret in secrets]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(now),
        "webhook-signature": " ".join(signatures),
    }


def refused(given, secrets=(SECRET,), body=BODY, now=NOW):
    return refusal(generic, post(body.encode(), given), list(secrets), now)


def test_published_example():
    request = post(PUBLISHED_BODY, PUBLISHED)
    assert refusal(generic, request, [PUBLISHED_SECRET], 1614265330) is None
    assert generic.sent_at(request) == 1614265330


def test_signatures_of_an_independent_library_are_accepted():
    assert refused(headers(SECRET)) is None
    assert refused(headers(SECRET, body=""), body="") is None


def test_both_schemes_are_accepted_side_by_side():
    assert refused({"X-Signature": generic.sign(BODY.encode(), SECRET, NOW)}) is None
    assert refused(headers(SECRET)) is None
    assert refused({}) == "signature_missing"


def test_one_changed_byte_is_refused():
    good = headers(SECRET)
    assert refused(good, body=BODY.replace("1", "2")) == "signature_mismatch"
    assert refused(good, body=BODY + " ") == "signature_mismatch"
    changes = {"webhook-id": "msg_2", "webhook-timestamp": str(NOW + 1)}
    for name, value in changes.items():
        assert refused(good | {name: value}) == "signature_mismatch"
    signature = good["webhook-signature"]
    for place, char in enumerate(signature):
        changed = signature[:place] + ("A" if char != "A" else "B") + signature[place + 1 :]
        assert refused(good | {"webhook-signature": changed}) == "signature_mismatch"
    assert refused(good, secrets=[SECRET[:-3] + "AA="]) == "signature_mismatch"


def test_rotation_by_the_sender_and_by_us():
    # The sender signs with both while it changes its secret ...
    assert refused(headers(SECRET, NEW_SECRET), secrets=[NEW_SECRET]) is None
    # ... and we accept both while we change ours.
    assert refused(headers(SECRET), secrets=[NEW_SECRET, SECRET]) is None
    assert refused(headers(SECRET), secrets=[NEW_SECRET]) == "signature_mismatch"


def test_other_versions_are_passed_over():
    signature = headers(SECRET)["webhook-signature"]
    both = headers(SECRET) | {"webhook-signature": f"v1a,AAAA v2,x {signature}"}
    assert refused(both) is None
    assert refused(both | {"webhook-signature": "v1a" + signature[2:]}) == "signature_mismatch"


def test_twenty_signatures_are_compared():
    signature = headers(SECRET)["webhook-signature"]
    many = headers(SECRET) | {"webhook-signature": "v1,x " * 19 + signature}
    assert refused(many) is None
    one_more = headers(SECRET) | {"webhook-signature": "v1,x " * 20 + signature}
    assert refused(one_more) == "signature_malformed"


@pytest.mark.parametrize("key", [b"0123456789abcdef", b"0123456789abcdefg", b"0123456789abcdefgh"])
def test_secret_may_lack_the_padding_of_its_base64(key):
    padded = "whsec_" + base64.b64encode(key).decode()
    assert refused(headers(padded), secrets=[padded.rstrip("=")]) is None


def test_time():
    for ahead in (-300, 300):
        assert refused(headers(SECRET, now=NOW + ahead)) is None
    for ahead in (-301, 301):
        assert refused(headers(SECRET, now=NOW + ahead)) == "signature_expired"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"webhook-id": ""}, "signature_missing"),
        ({"webhook-timestamp": ""}, "signature_missing"),
        ({"webhook-timestamp": "١٢٣"}, "signature_malformed"),
        ({"webhook-timestamp": "1e9"}, "signature_malformed"),
        ({"webhook-timestamp": "-1"}, "signature_malformed"),
        ({"webhook-timestamp": "9" * 5000}, "signature_malformed"),
        ({"webhook-id": "zażółć"}, "signature_malformed"),
        ({"webhook-id": "a b"}, "signature_malformed"),
        ({"webhook-signature": "v1,x " * 21}, "signature_malformed"),
        ({"webhook-signature": "v1,"}, "signature_mismatch"),
        ({"webhook-signature": "\ud800"}, "signature_mismatch"),
        ({"webhook-signature": " "}, "signature_missing"),
    ],
)
def test_hostile_headers(changed, code):
    assert refused(headers(SECRET) | changed) == code


def test_what_is_no_secret_signs_nothing():
    for secret in ("whsec_", "whsec_not base64!", "whsec_żółć", ""):
        assert refused(headers(SECRET), secrets=[secret]) == "signature_mismatch"
    empty = standard_webhooks._sign(f"msg_1.{NOW}.{BODY}".encode(), b"")
    given = headers(SECRET) | {"webhook-signature": empty}
    assert refused(given, secrets=["whsec_", ""]) == "signature_mismatch"


def test_secret_with_other_characters_in_it_signs_nothing():
    assert refused(headers(SECRET), secrets=[f"{SECRET[:10]}!!!!{SECRET[10:]}"]) == (
        "signature_mismatch"
    )


def test_secret_that_we_made_as_the_steps_say(tmp_path):
    steps = generic.setup_steps("https://odoo.example.com/x", untranslated)
    (line,) = [line for line in steps.splitlines() if "base64" in line]
    (tmp_path / "secret.txt").write_text(OURS + "\n")
    printed = subprocess.run(["sh", "-c", line], cwd=tmp_path, capture_output=True, check=True)
    assert refused(headers(printed.stdout.decode().strip()), secrets=[OURS]) is None
