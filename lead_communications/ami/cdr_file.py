"""Following the CDR file: it has every finished call, also of the time when nobody listened."""

import logging
import threading
from pathlib import Path

import growing_file
from growing_file import Position
from outbox import BATCH_BYTES, Outbox

_logger = logging.getLogger(__name__)

_COMPRESSED = (".gz", ".bz2", ".xz", ".zst")


class CdrFollower(threading.Thread):
    """Puts new rows of the CDR file into the queue: on every login, and from time to time.

    Most of them tell what the events told already; reporting a call twice does no harm.
    """

    def __init__(self, outbox: Outbox, path: Path, interval: float):
        super().__init__(name="cdr", daemon=True)
        self._outbox, self._path, self._interval = outbox, path, interval
        self._stop_event, self._wake = threading.Event(), threading.Event()
        self._complaint = ""

    def run(self):
        """Follow the file until :meth:`stop` is called."""
        while not self._stop_event.is_set():
            self._wake.clear()
            try:
                self._read_new()
                self._complaint = ""
            except Exception as error:  # noqa: BLE001 - a folder that is away now may come back
                self._complain(f"{type(error).__name__}: {error}")
            self._wake.wait(self._interval)

    def look(self):
        """Look now."""
        self._wake.set()

    def stop(self):
        """End after the rows that are being read."""
        self._stop_event.set()
        self._wake.set()

    def _complain(self, complaint: str) -> None:
        if complaint != self._complaint:
            _logger.warning("The CDR file cannot be read: %s", complaint)
            self._complaint = complaint

    def _read_new(self) -> None:
        position = self._outbox.position(str(self._path))
        with self._path.open("rb") as file:
            if position is None:
                # Older calls are history, which is uploaded in Odoo once.
                self._outbox.add_rows(str(self._path), b"", growing_file.end(file))
                return
            if not growing_file.is_at(file, position):
                self._read_rotated(position)
                position = growing_file.start(file)
            self._read(file, position)

    def _read_rotated(self, position: Position) -> None:
        """Read to its end the file that ``position`` is in, and those that followed it."""
        is_found = False
        for path in self._siblings():
            with path.open("rb") as file:
                if is_found:
                    position = growing_file.start(file)
                elif not growing_file.is_at(file, position):
                    continue
                is_found = True
                self._read(file, position, is_complete=True)

    def _siblings(self) -> list[Path]:
        """Return the rotated files beside the current one, oldest first."""
        found = [
            path
            for path in self._path.parent.glob(f"{self._path.name}*")
            if path != self._path and path.is_file() and path.suffix not in _COMPRESSED
        ]
        return sorted(found, key=lambda path: path.stat().st_mtime)

    def _read(self, file, position: Position, is_complete: bool = False) -> None:
        while not self._stop_event.is_set():
            header = growing_file.header(file, position)
            rows, position = growing_file.read_lines(file, position, BATCH_BYTES, is_complete)
            if not rows:
                return
            self._outbox.add_rows(str(self._path), header + rows, position)
