"""Child processes that never outlive the command that started them."""

import ctypes
import signal
import subprocess

PR_SET_PDEATHSIG = 1
STOP_SECONDS = 10


class Terminated(KeyboardInterrupt):
    """SIGTERM has come: as Ctrl-C, but the children have not had it."""


def spawn(command, **options):
    """Start a child that ends when this command dies, even by a signal that cannot be caught."""
    return subprocess.Popen(
        [str(part) for part in command],
        preexec_fn=die_with_parent,  # noqa: PLW1509 - these commands have one thread only
        **{"stdin": subprocess.DEVNULL, **options},
    )


def die_with_parent():
    """Ask the kernel, in the child and before it runs its program, for SIGINT when we die.

    SIGINT is what Odoo and pytest answer by ending in order, browser and all. A shell's background
    jobs ignore it, and their children would too.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)


def stop(process):
    """End a child in order, or by force when it takes too long."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        wait_or(process, process.kill)
        process.wait()


def wait_or(process, way_out):
    """Wait for a child that was told to end, and take the way out when it takes too long."""
    try:
        process.wait(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        way_out()


def hand_over(command, **options):
    """Give the terminal to an interactive program until its end, and return its status.

    Ctrl-C is for the program then; this command waits for it.
    """
    previous = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        return spawn(command, stdin=None, **options).wait()
    finally:
        signal.signal(signal.SIGINT, previous)
