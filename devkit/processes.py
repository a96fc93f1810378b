"""Child processes that never outlive the command that started them."""

import ctypes
import signal
import subprocess

PR_SET_PDEATHSIG = 1
STOP_SECONDS = 20


def spawn(command, **options):
    """Start a child that ends when this command dies, even by a signal that cannot be caught."""
    return subprocess.Popen(
        [str(part) for part in command],
        preexec_fn=die_with_parent,  # noqa: PLW1509 - these commands have one thread only
        **{"stdin": subprocess.DEVNULL, **options},
    )


def die_with_parent():
    """Ask the kernel, in the child and before it runs its program, for SIGTERM when we die."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def stop(process, with_signal=signal.SIGTERM):
    """End a child in order, or by force when it takes too long."""
    if process.poll() is not None:
        return
    process.send_signal(with_signal)
    try:
        process.wait(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def hand_over(command, **options):
    """Give the terminal to an interactive program until its end, and return its status.

    Ctrl-C is for the program then; this command waits for it.
    """
    previous = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        return spawn(["env", "--default-signal=INT", *command], stdin=None, **options).wait()
    finally:
        signal.signal(signal.SIGINT, previous)
