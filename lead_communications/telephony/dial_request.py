"""How a telephone system is asked to dial by a web request, and what its answers are held to."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .asterisk_originate import DialError

#: Sends method, address, headers and body, and returns status and body of the answer.
Ask = Callable[[str, str, dict[str, str], bytes | None], tuple[int, bytes]]

FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Where a system is asked, and as whom. ``url`` has no path."""

    url: str
    user: str
    secret: str

    @property
    def basic(self) -> dict[str, str]:
        """The header of a Basic login."""
        credentials = base64.b64encode(f"{self.user}:{self.secret}".encode()).decode()
        return {"Authorization": f"Basic {credentials}"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Who dials what.

    ``channel`` is what the system calls the telephone and ``context`` the part of its dialplan, of
    systems that have them.
    """

    extension: str
    number: str
    channel: str = ""
    context: str = ""
    #: The own number that is shown to who is called, in E.164; ``""`` if the system knows it.
    own_number: str = ""
    #: Where a system reports a call that has no other address for its reports.
    report_url: str = ""


def ask_for(
    ask: Ask,
    method: str,
    url: str,
    headers: dict[str, str],
    body: bytes | None = None,
    refused: str = "refused",
) -> bytes:
    """Return what is answered.

    :param refused: the code of the error, if the answer is any other than one of success.
    :raise DialError: it was not dialled.
    """
    status, content = ask(method, url, headers, body)
    if status in (401, 403):
        raise DialError("denied", f"status {status}")
    if not 200 <= status < 300:
        raise DialError(refused, f"status {status}")
    return content


def ask_with_json(ask: Ask, url: str, headers: dict[str, str], values: dict[str, Any]) -> bytes:
    """Return what is answered to ``values``."""
    headers = headers | {"Content-Type": "application/json", "Accept": "application/json"}
    return ask_for(ask, "POST", url, headers, json.dumps(values).encode())


def object_in(content: bytes) -> dict[str, Any]:
    """Return the object that an answer is; raises DialError if it is none."""
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        raise DialError("refused", "The answer is no JSON.") from None
    if not isinstance(found, dict):
        raise DialError("refused", "The answer is no object.")
    return found


def token_in(answer: dict[str, Any]) -> str:
    """Return the token that an answer has; raises DialError if it has none."""
    token = answer.get("access_token")
    if not isinstance(token, str) or not token.isascii() or not token.isprintable() or not token:
        raise DialError("denied", "The answer has no token.")
    return token
