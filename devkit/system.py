"""The machine: its packages, its free space, its free ports."""

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

from .console import run_step
from .errors import DevError

GIGABYTE = 10**9
NEEDED_GIGABYTES = 3


def is_root():
    """Tell whether the command may install packages, and must not run PostgreSQL as it is."""
    return os.geteuid() == 0


def check_disk(folder, gigabytes=NEEDED_GIGABYTES):
    """Refuse to fill a disk to the brim.

    :raise DevError: when less than the given space is free
    """
    free = shutil.disk_usage(folder).free / GIGABYTE
    if free < gigabytes:
        raise DevError(
            f"Only {free:.1f} GB are free where {folder} lies and {gigabytes} GB are needed: make"
            " room, or set DEV_HOME to a folder on another disk."
        )


def free_port():
    """Return a TCP port of the loopback interface that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def check_port(port):
    """Refuse a port that somebody else listens on.

    :raise DevError: when the port cannot be had
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise DevError(
                f"Port {port} of 127.0.0.1 cannot be used ({error.strerror}): stop the program that"
                f" uses it, or choose another one with --port, for example --port {free_port()}."
            ) from error


def have_root_install(packages, purpose):
    """Install Debian packages when root; otherwise say which ones are missing.

    Services that the packages bring are not started: the tests start their own.

    :param list packages: names of Debian packages
    :param str purpose: what they are for, for the message
    """
    names = " ".join(packages)
    if not is_root():
        raise DevError(
            f"What {purpose} need is missing: install it with 'sudo apt install {names}'."
        )
    if not shutil.which("apt-get"):
        raise DevError(
            f"What {purpose} need is missing, and there is no apt here: install what Debian's"
            f" packages {names} hold."
        )
    with no_service_starts() as environment:
        install = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
        if not apt_knows(packages):
            run_step("Update the list of Debian packages", ["apt-get", "update"], env=environment)
        run_step(f"Install {names} with apt", install, env=environment)


def apt_knows(packages):
    """Tell whether apt has a version to install of each package without updating its lists."""
    for package in packages:
        answer = subprocess.run(
            ["apt-cache", "policy", package], capture_output=True, text=True, check=False
        ).stdout
        if "Candidate:" not in answer or "Candidate: (none)" in answer:
            return False
    return True


@contextlib.contextmanager
def no_service_starts():
    """Yield an environment in which installing a package starts no service.

    Debian asks `/usr/sbin/policy-rc.d` whether a service may start, and 101 is its "no". One that
    the administrator has put there is left as it is.
    """
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    policy = Path("/usr/sbin/policy-rc.d")
    if policy.exists():
        yield environment
        return
    with tempfile.NamedTemporaryFile("w", dir="/usr/sbin", delete=False) as file:
        file.write("#!/bin/sh\nexit 101\n")
    os.chmod(file.name, 0o755)
    os.rename(file.name, policy)
    try:
        yield environment
    finally:
        policy.unlink(missing_ok=True)
