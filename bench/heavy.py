"""One heavy mail in a process of its own: ``python -m bench.heavy DATABASE large|many ours|host``.

The largest memory of a process is told for its whole life, so each measurement needs its own.
"""

import json
import resource
import subprocess
import sys
import time

from .server import open_registry

LARGE = 25_000_000
MANY = 5000


def run(database: str, kind: str, who: str) -> dict:
    """Return the seconds and the megabytes of memory that a mail takes."""
    command = [sys.executable, "-m", "bench.heavy", database, kind, who]
    result = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(result.stdout.splitlines()[-1])


def main() -> None:
    """Print what :func:`run` returns."""
    database, kind, who = sys.argv[1:]
    registry = open_registry(database)
    from odoo import SUPERUSER_ID, api

    from .mail_data import ADDRESS, large, small, to_many

    to = ADDRESS if who == "ours" else "x@other.test"
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        mailbox = env["lead.mailbox"].search([("address", "=", ADDRESS)], limit=1)

        def take(raw):
            if who == "ours":
                mailbox._receive(raw)
            else:
                env["mail.thread"].message_process("crm.lead", raw)

        take(small(to))  # what is needed once in a process
        # Not by the parser of the standard library, which needs more memory than we do.
        raw = large(LARGE, to) if kind == "large" else to_many(MANY, to)
        before = _megabytes()
        started = time.perf_counter()
        take(raw)
        cr.commit()
        seconds = time.perf_counter() - started
    result = {"seconds": seconds, "megabytes": _megabytes(), "before": before}
    print(json.dumps(result))


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
