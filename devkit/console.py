"""What the commands say while they work, and the running of quiet steps with a log file."""

import subprocess
import sys
import time

from .errors import DevError
from .paths import inside
from .processes import spawn, stop

TICK_SECONDS = 10
TAIL_LINES = 25


def say(text):
    """Print one line of progress at once, also when the output is a pipe."""
    print(f"[dev] {text}", flush=True)


def complain(text):
    """Print one line on the error stream, after everything that was printed before it."""
    sys.stdout.flush()
    print(f"[dev] {text}", file=sys.stderr, flush=True)


def run_step(what, command, **options):
    """Run a long command with its output in a log file, and say from time to time that it lives.

    :param str what: what the step does, as it is shown
    :param list command: the command and its arguments
    :raise DevError: when the command fails; the end of its log is printed before
    """
    log = inside("logs", "".join(c if c.isalnum() else "-" for c in what.lower())[:60] + ".log")
    say(f"{what} ...")
    start = time.monotonic()
    with open(log, "w") as output:
        process = spawn(command, stdout=output, stderr=subprocess.STDOUT, **options)
        try:
            wait_with_ticks(process, what, start)
        except BaseException:
            stop(process)
            raise
    if process.returncode:
        print_tail(log)
        raise DevError(f"{what}: failed; the whole output is in {log}.")
    say(f"{what}: done in {time.monotonic() - start:.0f} s")
    return log


def wait_with_ticks(process, what, start):
    """Wait for a process and print a line every few seconds meanwhile."""
    while True:
        try:
            return process.wait(timeout=TICK_SECONDS)
        except subprocess.TimeoutExpired:
            say(f"{what}: {time.monotonic() - start:.0f} s so far")


def print_tail(log):
    """Print the end of a log file on the error stream."""
    sys.stdout.flush()
    for line in log.read_text(errors="replace").splitlines()[-TAIL_LINES:]:
        print(f"    {line}", file=sys.stderr, flush=True)
