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
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode

from .asterisk_originate import NAME, NUMBER, DialError
from .dial_request import FORM, Account, Ask, Order, ask_for, ask_with_json, object_in, token_in
from .hosted_dial import dial_by_aircall, dial_by_twilio, dial_by_vonage

__all__ = ["DIALLERS", "HOSTED", "Account", "Order", "dial"]

#: Where providers are asked that have one address for all, or for most of their customers.
HOSTED = {
    "aircall": "https://api.aircall.io",
    "twilio": "https://api.twilio.com",
    "vonage": "https://api.nexmo.com",
    "zadarma": "https://api.zadarma.com",
}
#: Those who have to be told the number that is shown to who is called.
WITH_OWN_NUMBER = ("twilio", "vonage")
#: Those who know no numbers but in E.164.
IN_E164 = ("aircall", "twilio", "vonage")
#: What systems call the telephone that has an extension, where they have words of their own.
CHANNELS = {
    "freeswitch": "user/{extension}",
    "twilio": "client:{extension}",
    "vonage": "app:{extension}",
}


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
        answer = object_in(
            ask_with_json(ask, f"{account.url}/openapi/v1.0/{path}", headers, values)
        )
        code = answer.get("errcode")
        if code != 0:
            raise DialError("denied" if path == "get_token" else "refused", f"errcode {code}")
        return answer

    token = token_in(call("get_token", {"username": account.user, "password": account.secret}))
    values = {"caller": order.extension, "callee": order.number}
    call(f"call/dial?{urlencode({'access_token': token})}", values)


def _threecx(account: Account, order: Order, ask: Ask) -> None:
    form = {
        "client_id": account.user,
        "client_secret": account.secret,
        "grant_type": "client_credentials",
    }
    content = ask_for(
        ask, "POST", f"{account.url}/connect/token", FORM, urlencode(form).encode(), "denied"
    )
    headers = {"Authorization": f"Bearer {token_in(object_in(content))}"}
    path = f"callcontrol/{quote(order.extension, safe='')}/makecall"
    values = {"destination": order.number}
    ask_with_json(ask, f"{account.url}/{path}", headers, values)


def _freeswitch(account: Account, order: Order, ask: Ask) -> None:
    # In a command a space, a comma, "&" or a brace would say something else.
    if not all(NAME.fullmatch(name) for name in (order.channel, order.context)):
        raise ValueError("not the name of a channel or a context")
    command = (
        f"originate {{origination_caller_id_number={order.extension}}}{order.channel}"
        f" {order.number} XML {order.context}"
    )
    # bgapi: the answer comes at once, and not when the telephone is picked up.
    content = ask_for(
        ask,
        "GET",
        f"{account.url}/txtapi/bgapi?{quote(command, safe='')}",
        account.basic,
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
    answer = object_in(ask_for(ask, "GET", f"{account.url}{path}?{query}", headers))
    if answer.get("status") != "success":
        raise DialError("refused", "It does not say success.")


DIALLERS: dict[str, Callable[[Account, Order, Ask], None]] = {
    "aircall": dial_by_aircall,
    "freeswitch": _freeswitch,
    "threecx": _threecx,
    "twilio": dial_by_twilio,
    "vonage": dial_by_vonage,
    "yeastar": _yeastar,
    "zadarma": _zadarma,
}
