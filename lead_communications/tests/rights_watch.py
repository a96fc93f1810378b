"""What comes out of Odoo while somebody does something: answers, log, bus, changed rows."""

import base64
import binascii
import json
import logging
import re
from contextlib import ExitStack, contextmanager
from unittest.mock import patch

from odoo import models
from odoo.sql_db import Cursor
from odoo.tools import SQL

TOKEN = re.compile(r"zq\d{4}x|501000\d{3}")
BLANK = re.compile(r"[\s\u00a0\u2011-]+")
BASE64 = re.compile(r"[A-Za-z0-9+/]{16,}={0,2}")
WRITTEN = re.compile(r'\b(INSERT INTO|UPDATE|DELETE FROM)\s+(?:ONLY\s+)?"?(\w+)"?', re.IGNORECASE)
# What only says when and by whom.
NOISE = "{write_date,write_uid,create_date}"


def text_of(answer):
    """Return an answer as one text, with the bytes in it."""
    if isinstance(answer, bytes):
        return answer.decode("utf-8", "replace")
    if isinstance(answer, str):
        return answer
    return json.dumps(answer, default=_plain, ensure_ascii=False, skipkeys=True)


def _plain(value):
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, models.BaseModel):
        return value.ids
    return str(value)


def tokens(answer):
    """Return the canaries that an answer shows, whatever they are wrapped in."""
    text = text_of(answer)
    found = set(TOKEN.findall(BLANK.sub("", text).lower()))
    for piece in BASE64.findall(text):
        try:
            content = base64.b64decode(piece + "=" * (-len(piece) % 4))
        except (ValueError, binascii.Error):
            continue
        found.update(TOKEN.findall(content.decode("latin-1").lower()))
    return found


class Log(logging.Handler):
    def __init__(self):
        super().__init__()
        self.lines = []

    def emit(self, record):
        line = record.getMessage()
        if record.exc_info:
            line += logging.Formatter().formatException(record.exc_info)
        self.lines.append(line)


class Watch:
    """Sees everything that leaves the product, and each table that is written."""

    def __init__(self, env):
        self.env = env
        self.log = Log()
        self.written = {}
        self.bus = []

    @contextmanager
    def on(self):
        """Watch as long as the context lasts."""
        loggers = [logging.getLogger(name) for name in (None, "odoo", "odoo.sql_db", "odoo.http")]
        before = [(logger, logger.level, logger.handlers, logger.propagate) for logger in loggers]
        with ExitStack() as stack:
            stack.enter_context(patch.object(Cursor, "execute", self._execute()))
            stack.enter_context(
                patch.object(self.env.registry["bus.bus"], "_sendone", self._sendone())
            )
            for logger in loggers:
                logger.setLevel(logging.WARNING)
                logger.handlers = [self.log] if logger.name == "root" else []
                logger.propagate = True
            try:
                yield self
            finally:
                for logger, level, handlers, propagate in before:
                    logger.setLevel(level)
                    logger.handlers = handlers
                    logger.propagate = propagate

    def reset(self):
        self.log.lines.clear()
        self.written.clear()
        self.bus.clear()

    def _execute(self):
        execute, written = Cursor.execute, self.written

        def watched(cr, query, *args, **kwargs):
            code = query.code if isinstance(query, SQL) else query
            if isinstance(code, str):
                for verb, table in WRITTEN.findall(code):
                    written.setdefault(table, set()).add(verb.upper())
            return execute(cr, query, *args, **kwargs)

        return watched

    def _sendone(self):
        sendone, bus = self.env.registry["bus.bus"]._sendone, self.bus

        def watched(model, target, notification_type, message):
            bus.append((target, notification_type, text_of(message)))
            return sendone(model, target, notification_type, message)

        return watched


class Snapshot:
    """The rows of some tables as they were, to tell what somebody changed."""

    def __init__(self, cr, tables):
        self.cr = cr
        self.rows = {table: self._read(table) for table in tables}

    def _read(self, table):
        self.cr.execute(
            SQL(
                "SELECT to_jsonb(t) - %s::text[] FROM %s t",
                NOISE,
                SQL.identifier(table),
            )
        )
        rows = [row for (row,) in self.cr.fetchall()]
        return {row.get("id") or json.dumps(row, sort_keys=True): row for row in rows}

    def changes(self, written):
        """Yield ``(table, before, now)`` of each row that is not as it was."""
        tables = set(written) & set(self.rows)
        if any("DELETE FROM" in verbs for verbs in written.values()):
            # A foreign key deletes and empties rows of other tables, and no statement says so.
            tables = set(self.rows)
        for table in tables:
            before, now = self.rows[table], self._read(table)
            for key in before.keys() | now.keys():
                if before.get(key) != now.get(key):
                    yield table, before.get(key), now.get(key)
