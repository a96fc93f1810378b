"""A real mail server for the tests: Dovecot with IMAP, POP3 and LMTP, of this process alone."""

import os
import pwd
import shutil
import smtplib
import socket
import subprocess
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

PASSWORD = "dovecot-test"
# A port that is free when it is chosen may be taken by others until it is listened on.
STARTS = 3
# What Dovecot 2.3 (Debian 12) and 2.4 (Debian 13) write in the same way …
_CONFIG = r"""
protocols = imap lmtp pop3
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
ssl = no
auth_mechanisms = plain login
default_internal_user = {internal}
default_login_user = {login}
default_internal_group = {group}
first_valid_uid = 1
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Sent {{
    auto = create
    special_use = \Sent
  }}
  mailbox Rubbish {{
    auto = create
    special_use = \Junk
  }}
  mailbox Pending {{
    auto = create
    special_use = \Drafts
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    {listen} = 127.0.0.1
    port = {imap_port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service pop3-login {{
  chroot =
  inet_listener pop3 {{
    {listen} = 127.0.0.1
    port = {pop_port}
  }}
  inet_listener pop3s {{
    port = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    {listen} = 127.0.0.1
    port = {lmtp_port}
  }}
}}
"""
# … and what they do not.
_CONFIG_2_3 = """
disable_plaintext_auth = no
mail_location = maildir:{folder}/mail/%u
lmtp_user_concurrency_limit = 0
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home/%u allow_all_users=yes
}}
"""
_CONFIG_2_4 = """
auth_allow_cleartext = yes
mail_driver = maildir
mail_path = {folder}/mail/%{{user}}
mail_home = {folder}/home/%{{user}}
lmtp_user_concurrency_limit = unlimited
passdb static {{
  password = {password}
}}
userdb static {{
  fields {{
    uid = {uid}
    gid = {gid}
  }}
  allow_all_users = yes
}}
"""
_VERSIONS_2_4 = "dovecot_config_version = 2.4.0\ndovecot_storage_version = 2.4.0\n"


class Dovecot:
    """Start with :meth:`start`, end with :meth:`stop`; a login with ``PASSWORD`` is a mailbox."""

    def start(self):
        """Start the server and wait until it answers."""
        program = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/bin")
        if not program:
            raise RuntimeError(
                "Dovecot is missing. The mailbox tests need dovecot-imapd, dovecot-lmtpd and"
                " dovecot-pop3d."
            )
        for _start in range(STARTS):
            self._start(program)
            if self._answers():
                return self
            log = self._folder / "dovecot.log"
            told = log.read_text() if log.exists() else ""
            self.stop()
        raise RuntimeError(f"Dovecot did not start: {told}")

    def _start(self, program):
        self.imap_port, self.pop_port, self.lmtp_port = _free_ports(3)
        self._folder = Path(tempfile.mkdtemp(prefix="lc-dovecot-"))
        config = self._folder / "dovecot.conf"
        config.write_text(self._config(program))
        self._process = subprocess.Popen([program, "-F", "-c", str(config)])

    def stop(self):
        """Stop the server and delete what it holds."""
        self._process.terminate()
        self._process.wait(120)
        shutil.rmtree(self._folder, ignore_errors=True)

    def deliver(self, raw: bytes, recipient: str):
        """Deliver a message by LMTP, as a mail server does."""
        self.deliver_all([raw], recipient)

    def deliver_all(self, raws: list[bytes], recipient: str):
        """Deliver messages by LMTP, in this order."""
        with smtplib.LMTP("127.0.0.1", self.lmtp_port) as lmtp:
            for raw in raws:
                lmtp.sendmail("sender@example.org", [recipient], raw)

    def _config(self, program):
        answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
        if answer.stdout.startswith("2.3"):
            return (_CONFIG + _CONFIG_2_3).format(listen="address", **self._settings())
        text = _VERSIONS_2_4 + _CONFIG + _CONFIG_2_4
        return text.format(listen="listen", **self._settings())

    def _settings(self):
        owner = pwd.getpwuid(os.getuid())
        as_root = owner.pw_uid == 0
        mail_user = pwd.getpwnam("nobody") if as_root else owner
        for name in ("run", "state", "mail", "home"):
            folder = self._folder / name
            folder.mkdir()
            if as_root and name in ("mail", "home"):
                os.chown(folder, mail_user.pw_uid, mail_user.pw_gid)
        self._folder.chmod(0o755)
        return {
            "folder": self._folder,
            "internal": "dovecot" if as_root else owner.pw_name,
            "login": "dovenull" if as_root else owner.pw_name,
            "group": "dovecot" if as_root else _group_name(owner.pw_gid),
            "uid": mail_user.pw_uid,
            "gid": mail_user.pw_gid,
            "password": PASSWORD,
            "imap_port": self.imap_port,
            "pop_port": self.pop_port,
            "lmtp_port": self.lmtp_port,
        }

    def _answers(self):
        """Wait until the server answers; tell whether it is this one, and does."""
        deadline = time.monotonic() + 120
        for port in (self.imap_port, self.pop_port, self.lmtp_port):
            while not _answers(port):
                if self._process.poll() is not None or time.monotonic() > deadline:
                    return False
                time.sleep(0.05)
        return self._process.poll() is None


def _answers(port):
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            return bool(connection.recv(1))
    except OSError:
        return False


def _free_ports(count):
    with ExitStack() as stack:
        listeners = [stack.enter_context(socket.socket()) for _ in range(count)]
        for listener in listeners:
            listener.bind(("127.0.0.1", 0))
        return [listener.getsockname()[1] for listener in listeners]


def _group_name(gid):
    import grp

    return grp.getgrgid(gid).gr_name
