"""The configuration file of the listener."""

import configparser
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit


class SettingsError(Exception):
    """The configuration cannot be used; the message says why, without any secret."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the listener has to know. The secrets are in no ``repr``."""

    host: str
    port: int
    user: str
    secret: str = field(repr=False)
    url: str
    odoo_secret: str = field(repr=False)
    queue: Path
    tls: bool = False
    ca_file: str = ""
    #: The CDR file that is followed, None for none.
    cdr: Path | None = None
    #: Seconds between two looks at the connection, and at the CDR file.
    ping_interval: float = 20
    cdr_interval: float = 60
    #: The longest pause between two attempts, in seconds.
    longest_pause: float = 60


def load(path: str, cdr: str | None = None) -> Settings:
    """Return the settings in the file ``path``.

    :param cdr: the CDR file, if the command line names one.
    :raise SettingsError: others can read the file, or it lacks something.
    """
    parser = configparser.ConfigParser(interpolation=None)
    try:
        with open(path, encoding="utf-8") as file:
            _check_access(path, os.fstat(file.fileno()))
            parser.read_file(file)
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}.") from error
    except (configparser.Error, UnicodeDecodeError) as error:
        # The message of the parser quotes the line, which may hold a secret.
        raise SettingsError(f"{path} is no configuration file: {type(error).__name__}.") from None
    return _settings(path, parser, cdr)


def _check_access(path: str, state: os.stat_result) -> None:
    if not stat.S_ISREG(state.st_mode):
        raise SettingsError(f"{path} is no ordinary file.")
    if state.st_mode & 0o077:
        raise SettingsError(f"{path} holds secrets and others can read it: chmod 600 {path}")
    if state.st_uid not in (0, os.geteuid()):
        raise SettingsError(f"{path} belongs to another user.")


def _settings(path: str, parser: configparser.ConfigParser, cdr: str | None) -> Settings:
    def text(section: str, name: str, default: str | None = None) -> str:
        value = parser.get(section, name, fallback=default)
        if value is None or (default is None and not value):
            raise SettingsError(f"{path}: {name} is missing in [{section}].")
        if not value.isprintable():
            raise SettingsError(f"{path}: {name} in [{section}] has to be one line.")
        return value

    def number(section: str, name: str, default: float) -> float:
        try:
            return max(float(text(section, name, str(default))), 0.05)
        except ValueError:
            raise SettingsError(f"{path}: {name} in [{section}] is no number.") from None

    url = text("odoo", "url")
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        raise SettingsError(f"{path}: url in [odoo] is no address of the web.")
    cdr = cdr or text("listener", "cdr", "")
    return Settings(
        host=text("asterisk", "host", "127.0.0.1"),
        port=int(number("asterisk", "port", 5038)),
        user=text("asterisk", "user"),
        secret=text("asterisk", "secret"),
        tls=text("asterisk", "tls", "no").lower() in ("yes", "true", "on", "1"),
        ca_file=text("asterisk", "ca_file", ""),
        url=url,
        odoo_secret=text("odoo", "secret"),
        queue=Path(text("listener", "queue")),
        cdr=Path(cdr) if cdr else None,
        ping_interval=number("listener", "ping_interval", 20),
        cdr_interval=number("listener", "cdr_interval", 60),
        longest_pause=number("listener", "longest_pause", 60),
    )
