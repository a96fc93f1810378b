"""Click-to-dial on systems that are asked by web requests: the telephone of the caller rings first.

Sources: Yeastar's P-Series developer guide ("Get Access Token", "Make a Call"); 3CX's examples of
its Call Control API (V20); the documentation of FreeSWITCH's mod_xml_rpc; Zadarma's API page
("request/callback") and its classes, which make the signature of the *hexadecimal* digest.

Whether the telephone was picked up is not awaited: nobody would wait for that in front of the
screen. What the systems answer otherwise is not documented by all of them: a status of 200 to 299
that says nothing of an error counts as dialled.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from .asterisk_originate import NAME, NUMBER, DialError

ZADARMA_URL = "https://api.zadarma.com"

#: Sends method, address, headers and body, and returns status and body of the answer.
Ask = Callable[[str, str, dict[str, str], bytes | None], tuple[int, bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Where a system is asked, and as whom. ``url`` has no path."""

    url: str
    user: str
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Who dials what; ``channel`` and ``context`` are FreeSWITCH's words for the telephone."""

    extension: str
    number: str
    channel: str = ""
    context: str = ""


def dial(provider: str, account: Account, order: Order, ask: Ask) -> None:
    """Let the telephone ring, and dial when it is picked up.

    :raise DialError: it did not come to that.
    :raise ValueError: a value holds what has no place in it.
    """
    if not NUMBER.fullmatch(order.number):
        raise ValueError("not a number that can be dialled")
    if not NAME.fullmatch(order.extension):
        raise ValueError("not an extension")
    if not f"{account.user}{account.secret}".isprintable():
        raise ValueError("the credentials are one line each")
    DIALLERS[provider](account, order, ask)


# ---- SYSTEMS ----


def _yeastar(account: Account, order: Order, ask: Ask) -> None:
    headers = {"User-Agent": "OpenAPI"}  # the PBX answers no others

    def call(path: str, values: dict[str, str]) -> dict[str, Any]:
        answer = _object(_ask_json(ask, f"{account.url}/openapi/v1.0/{path}", headers, values))
        code = answer.get("errcode")
        if code != 0:
            raise DialError("denied" if path == "get_token" else "refused", f"errcode {code}")
        return answer

    token = _token(call("get_token", {"username": account.user, "password": account.secret}))
    values = {"caller": order.extension, "callee": order.number}
    call(f"call/dial?{urlencode({'access_token': token})}", values)


def _threecx(account: Account, order: Order, ask: Ask) -> None:
    form = {
        "client_id": account.user,
        "client_secret": account.secret,
        "grant_type": "client_credentials",
    }
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    content = _ask(
        ask, "POST", f"{account.url}/connect/token", headers, urlencode(form).encode(), "denied"
    )
    headers = {"Authorization": f"Bearer {_token(_object(content))}"}
    path = f"callcontrol/{quote(order.extension, safe='')}/makecall"
    values = {"destination": order.number}
    _ask_json(ask, f"{account.url}/{path}", headers, values)


def _freeswitch(account: Account, order: Order, ask: Ask) -> None:
    # In a command a space, a comma, "&" or a brace would say something else.
    if not all(NAME.fullmatch(name) for name in (order.channel, order.context)):
        raise ValueError("not the name of a channel or a context")
    command = (
        f"originate {{origination_caller_id_number={order.extension}}}{order.channel}"
        f" {order.number} XML {order.context}"
    )
    authorization = base64.b64encode(f"{account.user}:{account.secret}".encode()).decode()
    # bgapi: the answer comes at once, and not when the telephone is picked up.
    content = _ask(
        ask,
        "GET",
        f"{account.url}/txtapi/bgapi?{quote(command, safe='')}",
        {"Authorization": f"Basic {authorization}"},
    )
    if not content.lstrip().startswith(b"+OK"):
        raise DialError("refused", "It does not say +OK.")


def _zadarma(account: Account, order: Order, ask: Ask) -> None:
    path = "/v1/request/callback/"
    # Sorted by name, as in what is signed.
    query = urlencode({"format": "json", "from": order.extension, "to": order.number})
    text = path + query + hashlib.md5(query.encode(), usedforsecurity=False).hexdigest()
    digest = hmac.new(account.secret.encode(), text.encode(), hashlib.sha1).hexdigest()
    signature = base64.b64encode(digest.encode()).decode()
    headers = {"Authorization": f"{account.user}:{signature}"}
    answer = _object(_ask(ask, "GET", f"{account.url}{path}?{query}", headers))
    if answer.get("status") != "success":
        raise DialError("refused", "It does not say success.")


DIALLERS: dict[str, Callable[[Account, Order, Ask], None]] = {
    "freeswitch": _freeswitch,
    "threecx": _threecx,
    "yeastar": _yeastar,
    "zadarma": _zadarma,
}

# ---- REQUESTS ----


def _ask_json(ask: Ask, url: str, headers: dict[str, str], values: dict[str, str]) -> bytes:
    headers = headers | {"Content-Type": "application/json", "Accept": "application/json"}
    return _ask(ask, "POST", url, headers, json.dumps(values).encode())


def _ask(
    ask: Ask,
    method: str,
    url: str,
    headers: dict[str, str],
    body: bytes | None = None,
    refused: str = "refused",
) -> bytes:
    status, content = ask(method, url, headers, body)
    if status in (401, 403):
        raise DialError("denied", f"status {status}")
    if not 200 <= status < 300:
        raise DialError(refused, f"status {status}")
    return content


def _object(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        raise DialError("refused", "The answer is no JSON.") from None
    if not isinstance(found, dict):
        raise DialError("refused", "The answer is no object.")
    return found


def _token(answer: dict[str, Any]) -> str:
    token = answer.get("access_token")
    if not isinstance(token, str) or not token.isascii() or not token.isprintable() or not token:
        raise DialError("denied", "The answer has no token.")
    return token
