#!/usr/bin/env python3
"""Listen to Asterisk's manager interface (AMI) and report its calls to Odoo.

    python lead_communications/ami/listen.py --config /etc/lead-communications-ami.conf

A process of its own, on the machine of Asterisk or of Odoo. It needs Python 3.11 and panoramisk,
not Odoo. The addon's README tells what the file holds.
"""

import argparse
import asyncio
import contextlib
import logging
import os
import signal
import sys

try:
    from connection import listen
except ImportError as missing:
    if missing.name != "panoramisk":
        raise
    sys.exit("panoramisk is missing: pip install panoramisk==1.4")
from cdr_file import CdrFollower
from outbox import Outbox, QueueInUseError
from sender import Sender
from settings import Settings, SettingsError, load

_logger = logging.getLogger("lead_communications.ami")

#: Seconds that a request under way may take when the process is told to end; it is sent again by
#: the next one otherwise.
_PATIENCE = 3


def main(arguments: list[str] | None = None) -> int:
    """Run until SIGTERM or SIGINT, and return the exit status."""
    parser = argparse.ArgumentParser(description="Report the calls of Asterisk to Odoo, by AMI.")
    parser.add_argument("--config", required=True, help="the configuration file, of mode 600")
    parser.add_argument("--cdr", help="the CDR file to catch up from, instead of the configured")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    os.umask(0o077)  # numbers and names of callers wait in the queue
    try:
        settings = load(options.config, options.cdr)
        outbox = Outbox(settings.queue)
    except (SettingsError, QueueInUseError) as error:
        _logger.error("%s", error)
        return 2
    if settings.url.startswith("http:"):
        _logger.warning("Calls are reported without encryption: use https.")
    asyncio.run(_run(settings, outbox))
    _logger.info("Ended. What Odoo does not have yet is kept in the queue.")
    return 0


async def _run(settings: Settings, outbox: Outbox) -> None:
    threads = [Sender(outbox, settings.url, settings.odoo_secret, settings.longest_pause)]
    look = lambda: None  # noqa: E731
    if settings.cdr:
        follower = CdrFollower(outbox, settings.cdr, settings.cdr_interval)
        threads.append(follower)
        look = follower.look
    listener = asyncio.create_task(listen(settings, outbox, look))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, listener.cancel)
    for thread in threads:
        thread.start()
    try:
        with contextlib.suppress(asyncio.CancelledError):  # told to end
            await listener
    finally:
        for thread in threads:
            thread.stop()
        for thread in threads:
            thread.join(_PATIENCE)


if __name__ == "__main__":
    sys.exit(main())
