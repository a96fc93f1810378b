"""Click-to-dial at Twilio, Aircall and Vonage: what is sent, and what is made of the answer."""

import base64
import json
from urllib.parse import parse_qsl, urlsplit
from xml.etree import ElementTree

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from lead_communications.telephony.asterisk_originate import DialError
from lead_communications.telephony.dial_request import Account, Order
from lead_communications.telephony.hosted_dial import MAX_PAGES, application_token
from lead_communications.telephony.web_dial import HOSTED, dial

NUMBER, OWN = "+48221234567", "+48227001900"
REPORTS = "https://odoo.example.com/lead_communications/pbx/k?a=1&b=2"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
USERS = [{"id": 7, "email": "Other@example.com"}, {"id": 8, "email": "Anna@example.com"}]
USER = {"id": 8, "numbers": [{"id": 1, "digits": "+33 1 76"}, {"id": 2, "digits": "+48 227001900"}]}
CHANNELS = {"twilio": "client:anna", "vonage": "app:anna"}


def pem(key=KEY, form=PrivateFormat.PKCS8):
    return key.private_bytes(Encoding.PEM, form, NoEncryption()).decode()


def one_line(text):
    """As the browser leaves what is pasted into a field of one line."""
    return text.replace("\n", "")


SECRETS = {"vonage": one_line(pem())}


def dialled(provider, *answers, **values):
    requests, waiting = [], list(answers)

    def ask(method, url, headers, body):
        requests.append((method, url, headers, body))
        answer = waiting.pop(0)
        status, content = answer if isinstance(answer, tuple) else (200, answer)
        return status, content if isinstance(content, bytes) else json.dumps(content).encode()

    secret = values.pop("secret", SECRETS.get(provider, "s3cret"))
    order = {"extension": "anna", "number": NUMBER, "channel": CHANNELS.get(provider, "")}
    order |= {"own_number": OWN, "report_url": REPORTS}
    dialled.requests = requests
    account = Account(url=HOSTED[provider], user="user-1", secret=secret)
    dial(provider, account, Order(**(order | values)), ask)
    return requests


def refusal(provider, *answers, **values):
    with pytest.raises(DialError) as caught:
        dialled(provider, *answers, **values)
    assert "s3cret" not in str(caught.value) and "PRIVATE" not in str(caught.value)
    return caught.value.code


def basic(headers):
    return base64.b64decode(headers["Authorization"].removeprefix("Basic ")).decode()


# ---- TWILIO ----


def test_twilio_calls_the_telephone_and_then_the_number():
    [(method, url, headers, body)] = dialled("twilio", (201, {"sid": "CA1"}))
    assert method == "POST"
    assert url == "https://api.twilio.com/2010-04-01/Accounts/user-1/Calls.json"
    assert basic(headers) == "user-1:s3cret"
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"
    fields = parse_qsl(body.decode())
    assert ("To", "client:anna") in fields and ("From", OWN) in fields
    assert ("StatusCallback", REPORTS) in fields
    assert [value for name, value in fields if name == "StatusCallbackEvent"] == [
        "initiated",
        "ringing",
        "answered",
        "completed",
    ]
    spoken = ElementTree.fromstring(dict(fields)["Twiml"])
    number = spoken.find("Dial/Number")
    assert spoken.find("Dial").get("callerId") == OWN
    assert (number.text, number.get("statusCallback")) == (NUMBER, REPORTS)
    assert "answered" in number.get("statusCallbackEvent")


def test_twilio_calls_sip_users():
    channel = "sip:anna@example.sip.twilio.com"
    [(_method, _url, _headers, body)] = dialled("twilio", (201, {}), channel=channel)
    assert dict(parse_qsl(body.decode()))["To"] == channel


# ---- AIRCALL ----


def test_aircall_shows_the_number_to_the_user_with_the_address():
    list_, (method, url, headers, body) = dialled(
        "aircall", {"users": USERS}, (204, b""), extension="anna@example.com", own_number=""
    )
    assert list_[:2] == ("GET", "https://api.aircall.io/v1/users?per_page=50&page=1")
    assert basic(list_[2]) == basic(headers) == "user-1:s3cret"
    assert (method, url) == ("POST", "https://api.aircall.io/v1/users/8/dial")
    assert json.loads(body) == {"to": NUMBER}


def test_aircall_starts_the_call_from_the_own_number():
    requests = dialled(
        "aircall", {"users": USERS}, {"user": USER}, (204, b""), extension="anna@example.com"
    )
    assert requests[1][:2] == ("GET", "https://api.aircall.io/v1/users/8")
    assert requests[2][:2] == ("POST", "https://api.aircall.io/v1/users/8/calls")
    assert json.loads(requests[2][3]) == {"number_id": 2, "to": NUMBER}


def test_aircall_user_on_a_later_page():
    away = "http://169.254.169.254/"
    more = {"users": USERS[:1], "meta": {"next_page_link": away}}
    requests = dialled("aircall", more, {"users": USERS}, (204, b""), extension="8", own_number="")
    assert [urlsplit(url).query for _method, url, *_ in requests[:2]] == [
        "per_page=50&page=1",
        "per_page=50&page=2",
    ]
    assert all(url.startswith(HOSTED["aircall"]) for _method, url, *_ in requests)
    assert refusal("aircall", *[more] * (MAX_PAGES + 1), extension="8") == "refused"
    assert len(dialled.requests) == MAX_PAGES


# ---- VONAGE ----


def claims(token, key=KEY):
    """What a token says that the application signed, by another way than it was made."""
    signed, _dot, signature = token.rpartition(".")
    raw = base64.urlsafe_b64decode(signature + "==")
    key.public_key().verify(raw, signed.encode(), padding.PKCS1v15(), SHA256())
    return [json.loads(base64.urlsafe_b64decode(part + "==")) for part in signed.split(".")]


def test_vonage_calls_the_telephone_and_then_the_number():
    [(method, url, headers, body)] = dialled("vonage", (201, {"status": "started"}))
    assert (method, url) == ("POST", "https://api.nexmo.com/v1/calls")
    assert headers["Content-Type"] == "application/json"
    header, said = claims(headers["Authorization"].removeprefix("Bearer "))
    assert header == {"alg": "RS256", "typ": "JWT"}
    assert said["application_id"] == "user-1" and said["exp"] > said["iat"] and said["jti"]
    values = json.loads(body)
    assert values["to"] == [{"type": "app", "user": "anna"}]
    assert values["from"] == {"type": "phone", "number": "48227001900"}
    assert values["ncco"] == [
        {
            "action": "connect",
            "from": "48227001900",
            "endpoint": [{"type": "phone", "number": "48221234567"}],
        }
    ]


def test_vonage_calls_sip_accounts():
    [(*_request, body)] = dialled("vonage", (201, {}), channel="sip:anna@example.com")
    assert json.loads(body)["to"] == [{"type": "sip", "uri": "sip:anna@example.com"}]


@pytest.mark.parametrize("form", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL])
@pytest.mark.parametrize("change", [str, one_line, lambda text: text.replace("\n", " ")])
def test_key_of_an_application_as_it_is_pasted(form, change):
    assert claims(application_token("a", change(pem(form=form)), 1))[1]["iat"] == 1
    with pytest.raises(InvalidSignature):
        claims(
            application_token("a", pem(), 1),
            rsa.generate_private_key(public_exponent=65537, key_size=2048),
        )


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "s3cret",
        "-----BEGIN PRIVATE KEY----------END PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----s3cret!-----END PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----" + "A" * 400 + "-----END PRIVATE KEY-----",
        one_line(pem(ec.generate_private_key(ec.SECP256R1()))),
        one_line(
            KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        ).replace("PRIVATE", "ENCRYPTED PRIVATE"),
    ],
)
def test_what_is_no_key_of_an_application(secret):
    assert refusal("vonage", secret=secret) == "denied"
    assert not dialled.requests


# ---- ALL OF THEM ----


@pytest.mark.parametrize(
    ("provider", "answers", "expected"),
    [
        ("twilio", [(401, {"code": 20003})], "denied"),
        ("twilio", [(400, {"code": 21210, "message": "not yours"})], "refused"),
        ("twilio", [(302, b"")], "refused"),
        ("aircall", [(403, b"")], "denied"),
        ("aircall", [(400, b"")], "denied"),
        ("aircall", [b"<html>"], "refused"),
        ("aircall", [{"users": None}], "refused"),
        ("aircall", [{"users": ["anna", {"id": "8/../1", "email": "anna"}]}], "refused"),
        ("aircall", [{"users": [{"id": True, "email": "anna"}]}], "refused"),
        ("aircall", [{"users": [{"id": 8, "email": "anna"}]}, {"user": []}], "refused"),
        ("aircall", [{"users": [{"id": 8, "email": "anna"}]}, {"user": {}}], "refused"),
        ("aircall", [{"users": [{"id": 8, "email": "anna"}]}, (404, b"")], "refused"),
        (
            "aircall",
            [{"users": [{"id": 8, "email": "anna"}]}, {"user": USER}, (400, b"")],
            "refused",
        ),
        ("vonage", [(401, b"")], "denied"),
        ("vonage", [(400, {"title": "Bad Request"})], "refused"),
    ],
)
def test_refusals(provider, answers, expected):
    assert refusal(provider, *answers) == expected


@pytest.mark.parametrize("provider", ["twilio", "aircall", "vonage"])
@pytest.mark.parametrize("number", ["221234567", "0048221234567", "+0221234567", "*21#", "+48"])
def test_numbers_are_whole(provider, number):
    with pytest.raises(ValueError):
        dialled(provider, number=number)
    assert not dialled.requests


@pytest.mark.parametrize("provider", ["twilio", "vonage"])
@pytest.mark.parametrize(
    "values",
    [
        {"own_number": ""},
        {"own_number": "227001900"},
        {"channel": ""},
        {"channel": "anna"},
        {"channel": "client:"},
        {"channel": "app:"},
        {"channel": "client:anna&x=1"},
        {"channel": "https://example.com"},
        {"channel": "+48600111222"},
    ],
)
def test_who_calls_is_known(provider, values):
    with pytest.raises(ValueError):
        dialled(provider, **values)
    assert not dialled.requests
