"""Memory: thousands of calls and emails in one process, each in a transaction of its own."""

import gc
import resource
import time
from pathlib import Path

from odoo import SUPERUSER_ID, api

from . import calls, mail
from .data import next_call, push
from .mail_data import small
from .measure import Row, Series

CALLS, MAILS = 10_000, 5000
STEP = 1000
#: What the first thousands may take: caches fill, pools of memory find their size.
WARM_STEPS = 2
#: Growth after that, in MB for each thousand.
LIMIT = 1.0
PAGE_SIZE = resource.getpagesize()
MEGABYTE = 1_000_000


def measure(registry, _options) -> list[Row]:
    """Measure calls, then emails."""
    with registry.cursor() as cr:
        pbx_id = calls.prepare(cr).pbx_id
        mailbox_id = mail._prepare(api.Environment(cr, SUPERUSER_ID, {})).mailbox_id

    def take_call(env):
        taken = env["lead.pbx"].browse(pbx_id)._take_in(push(next_call()), calls.FORM)
        assert taken.created == 1

    def take_mail(env):
        assert env["lead.mailbox"].browse(mailbox_id)._receive(small())

    return [
        _grow(registry, "calls", CALLS, take_call),
        _grow(registry, "emails", MAILS, take_mail),
    ]


def _grow(registry, what, count, take) -> Row:
    """Take in so many; the goal is that memory is flat once it is warm."""
    print(f"{count} {what} ...", flush=True)
    sizes, series = [_resident()], Series("ours")
    for _step in range(count // STEP):
        started = time.perf_counter()
        for _one in range(STEP):
            with registry.cursor() as cr:
                take(api.Environment(cr, SUPERUSER_ID, {}))
        series.seconds.append((time.perf_counter() - started) / STEP)
        gc.collect()
        sizes.append(_resident())
        print(f"  {len(series.seconds) * STEP}: {sizes[-1]:.1f} MB", flush=True)
    growth = (sizes[-1] - sizes[WARM_STEPS]) / (len(sizes) - 1 - WARM_STEPS)
    row = Row(f"memory, {count} {what}", series, goal=f"<= {LIMIT} MB a thousand")
    row.others_met = growth <= LIMIT
    figures = ", ".join(f"{size:.0f}" for size in sizes)
    row.note = f"{growth:.2f} MB a thousand when warm; MB after each thousand: {figures}"
    return row


def _resident() -> float:
    """Return the memory of this process that is in use, in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * PAGE_SIZE / MEGABYTE
