"""Sending what is in the queue to Odoo, signed, until Odoo says that it has it."""

import hashlib
import hmac
import http.client
import json
import logging
import random
import threading
import time
import urllib.error
import urllib.request

from outbox import BATCH_EVENTS, Batch, Outbox

_logger = logging.getLogger(__name__)

#: Seconds that Odoo has for an answer.
TIMEOUT = 30
CONTENT_TYPES = {"ami": "application/x-asterisk-ami+jsonl", "csv": "text/csv"}
#: Odoo cannot read it, or it is too long: to send the same again would not help.
_USELESS = (400, 413)


class Unreachable(Exception):
    """Odoo did not take the request; it may take it later."""


class Refused(Exception):
    """Odoo will not take this request."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirected POST would arrive as a GET without its body, and seem to have succeeded."""

    def redirect_request(self, *_arguments):
        return None


class Sender(threading.Thread):
    """Sends batch after batch, in order; each is forgotten only when Odoo has answered."""

    def __init__(self, outbox: Outbox, url: str, secret: str, longest_pause: float):
        super().__init__(name="sender", daemon=True)
        self._outbox, self._url, self._secret = outbox, url, secret
        self._longest_pause = longest_pause
        self._opener = urllib.request.build_opener(_NoRedirect)
        self._stop_event = threading.Event()
        self._most = BATCH_EVENTS

    def run(self):
        """Send until :meth:`stop` is called."""
        failures = 0
        while not self._stop_event.is_set():
            try:
                sent = self._send_next()
                if failures:
                    _logger.info("Odoo takes the reports again.")
                failures = 0
            except Exception as error:  # noqa: BLE001 - whatever it is, the queue has to be emptied
                failures += 1
                if failures in (1, 10, 100) or failures % 1000 == 0:
                    _logger.warning("Nothing can be sent (%s times): %s", failures, _words(error))
                self._stop_event.wait(pause(failures, self._longest_pause))
                continue
            if not sent:
                self._outbox.filled.wait(1)

    def stop(self):
        """End after the request that is under way."""
        self._stop_event.set()
        self._outbox.filled.set()

    def _send_next(self) -> bool:
        """Send one batch; return whether there was any."""
        self._outbox.filled.clear()
        batch = self._outbox.next_batch(self._most)
        if not batch:
            return False
        try:
            self._post(batch)
        except Refused as refused:
            self._split_or_refuse(batch, str(refused))
        else:
            self._outbox.remove(batch)
            self._most = min(self._most * 2, BATCH_EVENTS)
        return True

    def _split_or_refuse(self, batch: Batch, reason: str) -> None:
        """Find out which event of a batch it is that Odoo refuses, and let the others through."""
        if len(batch.ids) > 1:
            self._most = max(len(batch.ids) // 2, 1)
            return
        _logger.error("Odoo refused an entry (%s): it is kept in the table refused.", reason)
        self._outbox.refuse(batch, reason)

    def _post(self, batch: Batch) -> None:
        headers = {
            "Content-Type": CONTENT_TYPES[batch.kind],
            # The time is that of this attempt: Odoo accepts some minutes of difference only.
            "X-Signature": signature(batch.body, self._secret, int(time.time())),
        }
        request = urllib.request.Request(self._url, batch.body, headers, method="POST")
        try:
            with self._opener.open(request, timeout=TIMEOUT) as response:
                answer = response.read(65536)
        except urllib.error.HTTPError as error:
            error.close()
            if error.code in _USELESS:
                raise Refused(f"HTTP {error.code}") from None
            raise Unreachable(f"HTTP {error.code}") from None
        except (OSError, http.client.HTTPException) as error:
            raise Unreachable(_words(error)) from None
        if not _is_taken(answer):
            raise Unreachable("the answer is not Odoo's")


def signature(body: bytes, secret: str, timestamp: int) -> str:
    """Return the header that proves ``body``, as ``telephony/asterisk.py`` checks it."""
    digest = hmac.new(secret.encode(), b"%d." % timestamp + body, hashlib.sha256).hexdigest()
    return f"t={timestamp},v1={digest}"


def pause(failures: int, longest: float) -> float:
    """Return how many seconds to wait after so many failures in a row."""
    return min(0.5 * 2 ** min(failures, 20), longest) * random.uniform(0.5, 1)


def _is_taken(answer: bytes) -> bool:
    """Tell whether it is Odoo that answered, and not a proxy on the way."""
    try:
        return json.loads(answer)["status"] in ("ok", "kept")
    except (ValueError, KeyError, TypeError):
        return False


def _words(error: BaseException) -> str:
    """Return what happened, without the address, whose key need not be in a log."""
    reason = getattr(error, "reason", error)
    return (
        f"{type(reason).__name__}: {reason}" if not isinstance(error, Unreachable) else str(error)
    )
