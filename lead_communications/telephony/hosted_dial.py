"""Click-to-dial at hosted providers: they ring the user's telephone, and know E.164 only.

Sources: Twilio's references of the Call resource and of the TwiML verb Dial with its noun Number;
Aircall's guides "Implement click-to-dial" and "Start an outbound call" and its reference of users;
Vonage's reference of the Voice API (create an outbound call), of the NCCO action connect, and its
page on the tokens (JWT) of applications.
"""

import base64
import binascii
import json
import re
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode
from uuid import uuid4
from xml.sax.saxutils import escape, quoteattr

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_private_key

from .asterisk_originate import NAME, DialError
from .dial_request import FORM, Account, Ask, Order, ask_for, ask_with_json, object_in

#: Seconds that the telephone of the salesperson rings.
RING_TIME = 30
#: Pages of 50 users that are looked through for one of them: somebody waits for it.
MAX_PAGES = 10
#: Seconds that a token is good for.
TOKEN_LIFE = 60

_E164 = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)
_KEY = re.compile(r"-----BEGIN (?:RSA )?PRIVATE KEY-----(.+?)-----END", re.DOTALL)
_STATES = "initiated ringing answered completed"


def _require_numbers(*numbers: str) -> None:
    if not all(map(_E164.fullmatch, numbers)):
        raise ValueError("not a number in E.164")


# ---- TWILIO ----


def dial_by_twilio(account: Account, order: Order, ask: Ask) -> None:
    """Call the Client or SIP user, and connect them with the number when they answer.

    Both legs are reported to ``order.report_url``.
    """
    _require_numbers(order.number, order.own_number)
    if not re.fullmatch(r"(client|sip):.+", order.channel) or not NAME.fullmatch(order.channel):
        raise ValueError("not a Client or a SIP user")
    states = [("StatusCallbackEvent", state) for state in _STATES.split()]
    values = [
        ("To", order.channel),
        ("From", order.own_number),
        ("Timeout", str(RING_TIME)),
        ("Twiml", _twiml(order)),
        ("StatusCallback", order.report_url),
        *states,
    ]
    path = f"/2010-04-01/Accounts/{quote(account.user, safe='')}/Calls.json"
    body = urlencode(values).encode()
    ask_for(ask, "POST", f"{account.url}{path}", FORM | account.basic, body)


def _twiml(order: Order) -> str:
    reports = f"statusCallback={quoteattr(order.report_url)} statusCallbackEvent='{_STATES}'"
    return (
        f"<Response><Dial callerId={quoteattr(order.own_number)}>"
        f"<Number {reports}>{escape(order.number)}</Number></Dial></Response>"
    )


# ---- AIRCALL ----


def dial_by_aircall(account: Account, order: Order, ask: Ask) -> None:
    """Start the call in the user's Aircall, from the own number if that is given.

    Without it their Aircall shows the number, ready to be called from whichever they choose.
    """
    _require_numbers(order.number)
    user = f"{account.url}/v1/users/{_aircall_user(account, order, ask)}"
    if not order.own_number:
        ask_with_json(ask, f"{user}/dial", account.basic, {"to": order.number})
        return
    found = object_in(ask_for(ask, "GET", user, _accepting(account))).get("user")
    numbers = found.get("numbers") if isinstance(found, dict) else None
    for number in _objects(numbers):
        digits = re.sub(r"[^+\d]", "", str(number.get("digits")))
        if digits == order.own_number and _is_id(number.get("id")):
            values = {"number_id": number["id"], "to": order.number}
            ask_with_json(ask, f"{user}/calls", account.basic, values)
            return
    raise DialError("refused", "The user has not this number.")


def _aircall_user(account: Account, order: Order, ask: Ask) -> int:
    """Return the id of the user with an e-mail address."""
    for user in _aircall_users(account, ask):
        names = (str(user.get("email")).lower(), str(user.get("id")))
        if order.extension.lower() in names and _is_id(user.get("id")):
            return user["id"]
    raise DialError("refused", "There is no such user.")


def _aircall_users(account: Account, ask: Ask) -> Iterator[dict[str, Any]]:
    for page in range(1, MAX_PAGES + 1):
        # The number of the page is ours: an address in an answer would be asked with our secret.
        url = f"{account.url}/v1/users?per_page=50&page={page}"
        answer = object_in(ask_for(ask, "GET", url, _accepting(account), refused="denied"))
        yield from _objects(answer.get("users"))
        meta = answer.get("meta")
        if not isinstance(meta, dict) or not meta.get("next_page_link"):
            return


def _accepting(account: Account) -> dict[str, str]:
    return account.basic | {"Accept": "application/json"}


def _objects(found: Any) -> list[dict[str, Any]]:
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _is_id(found: Any) -> bool:
    return isinstance(found, int) and not isinstance(found, bool) and found > 0


# ---- VONAGE ----


def dial_by_vonage(account: Account, order: Order, ask: Ask) -> None:
    """Call the user or SIP account, and connect them with the number when they answer.

    Both legs are reported to the Event URL of the application.
    """
    _require_numbers(order.number, order.own_number)
    token = application_token(account.user, account.secret, time.time())
    own = order.own_number.removeprefix("+")
    called = {"type": "phone", "number": order.number.removeprefix("+")}
    values = {
        "to": [_vonage_telephone(order.channel)],
        "from": {"type": "phone", "number": own},
        "ringing_timer": RING_TIME,
        "ncco": [{"action": "connect", "from": own, "endpoint": [called]}],
    }
    ask_with_json(ask, f"{account.url}/v1/calls", {"Authorization": f"Bearer {token}"}, values)


def _vonage_telephone(channel: str) -> dict[str, str]:
    kind, _colon, name = channel.partition(":")
    if not NAME.fullmatch(channel) or not name or kind not in ("app", "sip"):
        raise ValueError("not a user or a SIP account")
    return {"type": "app", "user": name} if kind == "app" else {"type": "sip", "uri": channel}


def application_token(application: str, key: str, now: float) -> str:
    """Return the token (JWT, RS256) that an application proves itself with.

    :param key: its private key as PEM, with or without the breaks of its lines.
    :param now: in seconds since 1970.
    :raise DialError: that is no such key.
    """
    claims = {"application_id": application, "iat": int(now), "exp": int(now) + TOKEN_LIFE}
    parts = ({"alg": "RS256", "typ": "JWT"}, claims | {"jti": str(uuid4())})
    signed = ".".join(_base64url(json.dumps(part).encode()) for part in parts)
    signature = private_key(key).sign(signed.encode(), PKCS1v15(), SHA256())
    return f"{signed}.{_base64url(signature)}"


def private_key(text: str) -> RSAPrivateKey:
    """Return the RSA key in ``text``; raises DialError, without a word of it, if there is none."""
    found = _KEY.search(text)
    try:
        raw = base64.b64decode("".join(found.group(1).split()) if found else "", validate=True)
        key = load_der_private_key(raw, None)
    except (binascii.Error, ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, RSAPrivateKey):
        raise DialError("denied", "The secret is no private key.")
    return key


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
