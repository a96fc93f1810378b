"""Click-to-dial by web requests: what is sent, and what is made of the answer."""

import base64
import json
import subprocess
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest

from lead_communications.telephony.asterisk_originate import DialError
from lead_communications.telephony.web_dial import DIALLERS, Account, Order, dial

ACCOUNT = Account(url="https://pbx.example.com:8088", user="odoo", secret="s3cret")
ORDER = Order(
    extension="101", number="+48221234567", channel="user/101@pbx.example.com", context="default"
)

#: What each system answers to its requests if all is well, from the documentation.
GOOD = {
    "yeastar": [
        {"errcode": 0, "errmsg": "SUCCESS", "access_token": "token-1", "refresh_token": "t"},
        {"errcode": 0, "errmsg": "SUCCESS", "call_id": "1650095575.872"},
    ],
    "threecx": [
        {"token_type": "Bearer", "expires_in": 60, "access_token": "token-1"},
        {"finalstatus": "Success"},
    ],
    "freeswitch": [b"+OK Job-UUID: 01c6a0a6-7a0b-4c5c-b8b2-7a4b8e6a2a1f\n"],
    "zadarma": [{"status": "success", "from": 101, "to": 48221234567, "time": 1435573082}],
}


class Server:
    """Answers one request after the other, and keeps what it was asked."""

    def __init__(self, *answers):
        self.answers, self.requests = list(answers), []

    def __call__(self, method, url, headers, body):
        self.requests.append((method, url, headers, body))
        answer = self.answers.pop(0)
        status, content = answer if isinstance(answer, tuple) else (200, answer)
        return status, content if isinstance(content, bytes) else json.dumps(content).encode()


def dialled(provider, *answers, account=ACCOUNT, order=ORDER):
    server = Server(*(answers or GOOD[provider]))
    dial(provider, account, order, server)
    return server.requests


def code(provider, *answers):
    with pytest.raises(DialError) as caught:
        dialled(provider, *answers)
    assert "s3cret" not in str(caught.value)
    assert "token-1" not in str(caught.value)
    return caught.value.code


def test_each_system_has_a_test():
    assert DIALLERS.keys() == GOOD.keys() | TESTED_ELSEWHERE


#: Tested in test_hosted_dial.py.
TESTED_ELSEWHERE = {"aircall", "twilio", "vonage"}


def test_yeastar():
    (method, url, headers, body), (method_2, url_2, headers_2, body_2) = dialled("yeastar")
    assert method == method_2 == "POST"
    assert url == "https://pbx.example.com:8088/openapi/v1.0/get_token"
    assert headers["User-Agent"] == headers_2["User-Agent"] == "OpenAPI"
    assert headers["Content-Type"] == "application/json"
    assert json.loads(body) == {"username": "odoo", "password": "s3cret"}
    assert url_2 == "https://pbx.example.com:8088/openapi/v1.0/call/dial?access_token=token-1"
    assert json.loads(body_2) == {"caller": "101", "callee": "+48221234567"}


def test_threecx():
    (method, url, headers, body), (method_2, url_2, headers_2, body_2) = dialled("threecx")
    assert method == method_2 == "POST"
    assert url == "https://pbx.example.com:8088/connect/token"
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert dict(parse_qsl(body.decode())) == {
        "client_id": "odoo",
        "client_secret": "s3cret",
        "grant_type": "client_credentials",
    }
    assert url_2 == "https://pbx.example.com:8088/callcontrol/101/makecall"
    assert headers_2["Authorization"] == "Bearer token-1"
    assert json.loads(body_2) == {"destination": "+48221234567"}


def test_freeswitch():
    [(method, url, headers, body)] = dialled("freeswitch")
    assert (method, body) == ("GET", None)
    assert base64.b64decode(headers["Authorization"].removeprefix("Basic ")) == b"odoo:s3cret"
    address, _mark, command = url.partition("?")
    assert address == "https://pbx.example.com:8088/txtapi/bgapi"
    assert "+" not in command, "the server may take it for a space"
    assert unquote(command) == (
        "originate {origination_caller_id_number=101}user/101@pbx.example.com"
        " +48221234567 XML default"
    )


def test_zadarma_signature_of_another_program():
    [(method, url, headers, body)] = dialled("zadarma")
    assert (method, body) == ("GET", None)
    parts = urlsplit(url)
    assert parts.path == "/v1/request/callback/"
    assert dict(parse_qsl(parts.query)) == {"format": "json", "from": "101", "to": "+48221234567"}
    names = [name for name, _value in parse_qsl(parts.query)]
    assert names == sorted(names)
    script = (
        'printf %s "$1$2$(printf %s "$2" | openssl dgst -md5 -r | cut -c1-32)"'
        ' | openssl dgst -sha1 -hmac s3cret -r | cut -c1-40 | tr -d "\\n" | base64 -w0'
    )
    signed = subprocess.run(
        ["bash", "-c", script, "sign", parts.path, parts.query],
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    assert headers["Authorization"] == f"odoo:{signed}"


@pytest.mark.parametrize(
    ("provider", "answers", "expected"),
    [
        ("yeastar", [{"errcode": 10004, "errmsg": "FAILURE"}], "denied"),
        ("yeastar", [GOOD["yeastar"][0], {"errcode": 40002, "errmsg": "FAILURE"}], "refused"),
        ("yeastar", [{"errcode": 0}], "denied"),
        ("yeastar", [{"errcode": False, "access_token": "a\r\nb"}], "denied"),
        ("yeastar", [(404, b"")], "refused"),
        ("threecx", [(400, {"error": "invalid_client"})], "denied"),
        ("threecx", [(401, b"")], "denied"),
        ("threecx", [{"access_token": ["token-1"]}], "denied"),
        ("threecx", [b"<html>"], "refused"),
        ("threecx", [b"[" * 100_000], "refused"),
        ("threecx", [b"[]"], "refused"),
        ("threecx", [GOOD["threecx"][0], (403, b"")], "denied"),
        ("threecx", [GOOD["threecx"][0], (422, b"")], "refused"),
        ("freeswitch", [(401, b"")], "denied"),
        ("freeswitch", [b"-ERR bgapi Command not found!\n"], "refused"),
        ("freeswitch", [b""], "refused"),
        ("zadarma", [(401, {"status": "error", "message": "Not authorized"})], "denied"),
        ("zadarma", [{"status": "error", "message": "Wrong number"}], "refused"),
        ("zadarma", [b"\xff"], "refused"),
    ],
)
def test_refusals(provider, answers, expected):
    assert code(provider, *answers) == expected


def test_threecx_may_say_nothing():
    assert len(dialled("threecx", GOOD["threecx"][0], (202, b""))) == 2


@pytest.mark.parametrize("provider", sorted(GOOD))
@pytest.mark.parametrize(
    "values",
    [
        {"number": ""},
        {"number": "1 XML public"},
        {"number": "1&2"},
        {"number": "+48\r\nHost: x"},
        {"number": "\u0661"},
        {"extension": ""},
        {"extension": "101\r\n"},
        {"extension": "101 &system(id)"},
        {"extension": "101?a=b"},
        {"extension": "{a=b}101"},
    ],
)
def test_nothing_else_can_be_said(provider, values):
    order = {"extension": "101", "number": "22123", "channel": "user/1", "context": "default"}
    server = Server()
    with pytest.raises(ValueError):
        dial(provider, ACCOUNT, Order(**(order | values)), server)
    assert not server.requests


@pytest.mark.parametrize("secret", ["a\r\nb", "a\0b"])
def test_credentials_are_one_line(secret):
    server = Server()
    with pytest.raises(ValueError):
        dial("zadarma", Account(url="https://a.b", user="k", secret=secret), ORDER, server)
    assert not server.requests


@pytest.mark.parametrize(
    "values",
    [
        {"channel": ""},
        {"channel": "user/1,user/2"},
        {"channel": "user/1 &park"},
        {"channel": "{a=b}user/1"},
        {"context": ""},
        {"context": "default inline"},
    ],
)
def test_freeswitch_commands_are_one_command(values):
    order = {"extension": "101", "number": "22123", "channel": "user/1", "context": "default"}
    server = Server()
    with pytest.raises(ValueError):
        dial("freeswitch", ACCOUNT, Order(**(order | values)), server)
    assert not server.requests


def test_an_extension_stays_in_its_place_of_the_path():
    order = Order(extension="../../a#b", number="22123")
    requests = dialled("threecx", order=order)
    assert requests[1][1].endswith("/callcontrol/..%2F..%2Fa%23b/makecall")
