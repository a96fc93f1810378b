"""Child processes that never outlive the command that started them."""

import contextlib
import ctypes
import signal
import subprocess
import time

PR_SET_PDEATHSIG = 1
# On a machine that is busy, a pytest with a browser and a mail server takes its time to end.
STOP_SECONDS = 30


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
    stop_all([process])


def stop_all(processes, is_told=False):
    """End children in order, all at the same time, or by force when they take too long.

    :param bool is_told: they have been told to end already
    """
    if is_told:
        wait_for_all(processes)
    for process in processes:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
    wait_for_all(processes)
    for process in processes:
        if process.poll() is None:
            process.kill()
        process.wait()


def wait_for_all(processes):
    """Wait until children have ended, but no longer than they may take to end in order."""
    deadline = time.monotonic() + STOP_SECONDS
    for process in processes:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=max(0, deadline - time.monotonic()))


def stop_after(error, processes):
    """End children because of an exception.

    Of Ctrl-C on a terminal they know already, unless somebody sent it to us alone.
    """
    is_ctrl_c = isinstance(error, KeyboardInterrupt) and not isinstance(error, Terminated)
    stop_all(processes, is_told=is_ctrl_c)


def hand_over(command, **options):
    """Give the terminal to an interactive program until its end, and return its status.

    Ctrl-C is for the program then; this command waits for it.
    """
    previous = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        return spawn(command, stdin=None, **options).wait()
    finally:
        signal.signal(signal.SIGINT, previous)
