"""What was read and is not yet with Odoo: a queue on the disk that survives a ``kill -9``."""

import fcntl
import sqlite3
import threading
from dataclasses import asdict, dataclass
from pathlib import Path

from growing_file import Position

#: A request holds at most so many events, and bytes of CDR rows.
BATCH_EVENTS = 100
BATCH_BYTES = 256 * 1024

_SCHEMA = """
CREATE TABLE IF NOT EXISTS outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, body BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS outbox_kind ON outbox (kind, id);
CREATE TABLE IF NOT EXISTS refused (
    id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, body BLOB NOT NULL, reason TEXT,
    refused_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE TABLE IF NOT EXISTS position (
    path TEXT PRIMARY KEY, inode INTEGER NOT NULL, offset INTEGER NOT NULL, head TEXT NOT NULL
);
"""


class QueueInUseError(Exception):
    """Another process works with this queue."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What one request carries: entries of one kind, in the order in which they were read."""

    ids: list[int]
    kind: str
    body: bytes


class Outbox:
    """The queue, in a file of SQLite; every thread has a connection of its own.

    Each entry is committed before anything else is done with it: only a loss of power can take the
    last ones, and the CDR file still has their calls.
    """

    def __init__(self, path: Path):
        self._path = path
        self._local = threading.local()
        #: Set when something was added.
        self.filled = threading.Event()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = open(f"{path}.lock", "w")  # noqa: SIM115 - held as long as the process lives
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise QueueInUseError(f"{path} is in use by another listener.") from None
        self._connection().executescript(_SCHEMA)

    def add_event(self, body: bytes) -> None:
        """Add an event of AMI: one line of JSON."""
        with self._connection() as connection:
            self._add(connection, "ami", body)
        self.filled.set()

    def add_rows(self, path: str, body: bytes, position: Position) -> None:
        """Add rows of the CDR file ``path`` together with the position behind them."""
        with self._connection() as connection:
            if body:
                self._add(connection, "csv", body)
            connection.execute(
                "INSERT OR REPLACE INTO position VALUES (:path, :inode, :offset, :head)",
                {"path": path, **asdict(position)},
            )
        self.filled.set()

    def position(self, path: str) -> Position | None:
        """Return how far the CDR file ``path`` was read, None if it never was."""
        query = "SELECT inode, offset, head FROM position WHERE path = ?"
        row = self._connection().execute(query, (path,)).fetchone()
        return Position(*row) if row else None

    def next_batch(self, most: int = BATCH_EVENTS) -> Batch | None:
        """Return what is to be sent next: live events first, rows of the CDR file then."""
        for kind, count in (("ami", most), ("csv", 1)):
            query = "SELECT id, body FROM outbox WHERE kind = ? ORDER BY id LIMIT ?"
            if rows := self._connection().execute(query, (kind, count)).fetchall():
                rows = _up_to(rows, BATCH_BYTES)
                return Batch([row[0] for row in rows], kind, b"\n".join(row[1] for row in rows))
        return None

    def remove(self, batch: Batch) -> None:
        """Forget what Odoo has."""
        with self._connection() as connection:
            self._delete(connection, batch)

    def refuse(self, batch: Batch, reason: str) -> None:
        """Set aside what Odoo cannot read; it stays in the table ``refused``."""
        with self._connection() as connection:
            connection.execute(
                "INSERT INTO refused (kind, body, reason) VALUES (?, ?, ?)",
                (batch.kind, batch.body, reason),
            )
            self._delete(connection, batch)

    def _add(self, connection, kind: str, body: bytes) -> None:
        connection.execute("INSERT INTO outbox (kind, body) VALUES (?, ?)", (kind, body))

    def _delete(self, connection, batch: Batch) -> None:
        connection.executemany("DELETE FROM outbox WHERE id = ?", [(id_,) for id_ in batch.ids])

    def _connection(self) -> sqlite3.Connection:
        if not hasattr(self._local, "connection"):
            connection = sqlite3.connect(self._path, timeout=30)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            self._local.connection = connection
        return self._local.connection


def _up_to(rows: list[tuple[int, bytes]], size: int) -> list[tuple[int, bytes]]:
    """Return the first rows that fit into ``size`` bytes, one at least."""
    total = 0
    for count, (_id, body) in enumerate(rows):
        total += len(body) + 1
        if total > size and count:
            return rows[:count]
    return rows
