"""File locks, which the kernel releases when their holder dies, however it dies."""

import contextlib
import fcntl
import os

from .console import say
from .paths import inside


def open_lock(name):
    """Open a lock file of the private folder; children do not inherit it."""
    return os.open(inside("locks", f"{name}.lock"), os.O_RDWR | os.O_CREAT, 0o666)


def try_lock(descriptor, mode):
    """Take a lock if nobody holds it against us, and tell whether it was taken."""
    try:
        fcntl.flock(descriptor, mode | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextlib.contextmanager
def locked(name, shared=False, waiting_for=None):
    """Hold a named lock; say what is waited for when another command holds it."""
    mode = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
    descriptor = open_lock(name)
    try:
        if not try_lock(descriptor, mode):
            if waiting_for:
                say(f"another command is {waiting_for}; waiting for it ...")
            fcntl.flock(descriptor, mode)
        yield descriptor
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def locked_if_free(name):
    """Yield whether the lock could be taken; it is held until the block ends."""
    descriptor = open_lock(name)
    try:
        yield try_lock(descriptor, fcntl.LOCK_EX)
    finally:
        os.close(descriptor)


def keep_lock(name):
    """Hold a shared lock until this process ends."""
    fcntl.flock(open_lock(name), fcntl.LOCK_SH)
