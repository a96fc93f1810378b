"""Telling another server something, and what it answers in a few words."""

import http.client
import time

from .addresses import resolve
from .connection import Connection
from .errors import RemoteFileError
from .target import Policy, Target


def exchange(
    method: str, url: str, headers: dict[str, str], body: bytes | None, policy: Policy
) -> tuple[int, bytes]:
    """Send one request and return status and body of the answer; raises RemoteFileError.

    It goes where a file may be read from, and nowhere else: who is referred to another address is
    not given what was meant for the first one. ``headers`` carry the credentials; those of
    ``policy`` are not sent.
    """
    target = Target.parse(url)
    if not target.is_listed(policy.hosts):
        raise RemoteFileError("host_refused", "The host is not among those allowed.")
    deadline = time.monotonic() + policy.patience
    connection = Connection(target, resolve(target, policy.allow_private), policy.timeout)
    response = connection.send_request(method, headers, body)
    try:
        if 300 <= response.status < 400:
            raise RemoteFileError("redirect_refused", "The server refers to another address.")
        return response.status, _read(response, policy.max_size, deadline)
    finally:
        response.close()


def _read(response, max_size, deadline):
    content = b""
    try:
        while chunk := response.read1(max_size + 1):
            content += chunk
            if len(content) > max_size:
                raise RemoteFileError("too_large", "The answer is longer than allowed.")
            if time.monotonic() > deadline:
                raise TimeoutError
    except TimeoutError:
        raise RemoteFileError("timeout", "The server takes too long to answer.") from None
    except (OSError, http.client.HTTPException, ValueError):
        raise RemoteFileError("incomplete", "The transfer broke off.") from None
    if response.length:  # bytes that were announced and did not come
        raise RemoteFileError("incomplete", "The transfer broke off.")
    return content
