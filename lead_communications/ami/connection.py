"""The connection to Asterisk's manager interface, made again whenever it is lost."""

import asyncio
import json
import logging
import ssl
import time

from outbox import Outbox
from panoramisk import Manager
from panoramisk.ami_protocol import AMIProtocol
from sender import pause
from settings import Settings

_logger = logging.getLogger(__name__)

#: The events that say something about a call, and the classes that Asterisk sends them in.
EVENTS = ("DialBegin", "DialEnd", "Hangup", "Cdr", "AttendedTransfer", "UnParkedCall")
_EVENT_CLASSES = "call,cdr"
#: Seconds for connecting, logging in, and for the answer to a ping.
_TIMEOUT = 15

# panoramisk writes actions into its log, of which one holds the secret.
_silence = logging.Logger("panoramisk", level=logging.CRITICAL + 1)


class LoginRefused(Exception):
    """Asterisk does not accept the user or the secret."""


class _Connection(Manager):
    """One connection; unlike its base class it does not connect again by itself.

    The bytes are decoded as Latin-1, which loses none: they arrive cut anywhere, also inside a
    character.
    """

    def __init__(self, settings: Settings, loop: asyncio.AbstractEventLoop):
        super().__init__(
            loop=loop,
            username=_as_bytes(settings.user),
            secret=_as_bytes(settings.secret),
            events=_EVENT_CLASSES,
            encoding="latin-1",
            log=_silence,
            ping_delay=10**6,  # its pings do not look for an answer: ours do
            ping_interval=10**6,
        )
        self.lost = loop.create_future()

    def connection_lost(self, exc):
        if not self.lost.done():
            self.lost.set_result(None)

    async def open(self, settings: Settings) -> None:
        """Connect and log in; raises OSError, TimeoutError or LoginRefused."""
        context = None
        if settings.tls:
            context = ssl.create_default_context(cafile=settings.ca_file or None)
        async with asyncio.timeout(_TIMEOUT):
            made = self.loop.create_future()
            made.set_result(
                await self.loop.create_connection(
                    AMIProtocol,
                    settings.host,
                    settings.port,
                    ssl=context,
                )
            )
            self.connection_made(made)
            login = self.authenticated_future
            await asyncio.wait([login, self.lost], return_when=asyncio.FIRST_COMPLETED)
        if not login.done():
            raise ConnectionError("closed while logging in")
        if not login.result().success:
            raise LoginRefused("Asterisk refuses the user or the secret")

    async def watch(self, interval: float) -> None:
        """Return when the connection is lost: closed, or silent although it was asked."""
        while not self.lost.done():
            await asyncio.wait([self.lost], timeout=interval)
            if not self.lost.done():
                async with asyncio.timeout(min(_TIMEOUT, max(interval, 1))):
                    answer = self.send_action({"Action": "Ping"})
                    await asyncio.wait([answer, self.lost], return_when=asyncio.FIRST_COMPLETED)


async def listen(settings: Settings, outbox: Outbox, on_login) -> None:
    """Put what Asterisk says about calls into the queue, for ever.

    :param on_login: called without arguments after every login.
    """
    failures = 0
    while True:
        connection = _Connection(settings, asyncio.get_running_loop())
        for name in EVENTS:
            connection.register_event(name, lambda _manager, event: _keep(outbox, event))
        try:
            await connection.open(settings)
            _logger.info("Connected to Asterisk.")
            failures = 0
            on_login()
            await connection.watch(settings.ping_interval)
            problem = "the connection was lost"
        except (OSError, TimeoutError, LoginRefused) as error:
            problem = str(error) or type(error).__name__
        finally:
            connection.close()
        failures += 1
        if failures in (1, 10, 100) or failures % 1000 == 0:
            _logger.warning("Not connected to Asterisk (%s times): %s", failures, problem)
        await asyncio.sleep(pause(failures, settings.longest_pause))


def _keep(outbox: Outbox, event) -> None:
    """Put one event into the queue, with the time if Asterisk does not tell it."""
    fields = {key: _as_text(value) for key, value in event.items() if isinstance(value, str)}
    fields.setdefault("Timestamp", f"{time.time():.6f}")
    outbox.add_event(json.dumps(fields).encode())


def _as_text(latin: str) -> str:
    """Return what was decoded as Latin-1 as what it is, UTF-8 most of the time."""
    try:
        return latin.encode("latin-1").decode()
    except UnicodeDecodeError:
        return latin


def _as_bytes(text: str) -> str:
    """Return a text that is sent as UTF-8 when it is encoded as Latin-1."""
    return text.encode().decode("latin-1")
