import contextlib
import logging
import threading

from odoo import api, models, sql_db
from odoo.orm.table_objects import Index
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

# Of so many rows at the most an index is built in a moment, and so with everything else.
ROWS_AT_ONCE = 20_000
# Of the server, while indexes of one database are built: by one process at a time.
LOCK = "lead_communications.late_indexes"
_FIND_LOCK = "SELECT pg_try_advisory_lock(hashtextextended(%s, 0))"
_FREE_LOCK = "SELECT pg_advisory_unlock(hashtextextended(%s, 0))"


class LateIndex(Index):
    """An index on a table of the host, which may be large when the addon is installed.

    Building it would stop all who write there until the installation is over. On a large table it
    is left out then, and built by :class:`LeadLateIndexes`, which stops nobody. What needs the
    index is only slower until it is there.
    """

    def apply_to_database(self, model):
        """Build the index now if that takes a moment, else leave it to the scheduled job."""
        return None if self._is_late(model) else super().apply_to_database(model)

    def _is_late(self, model):
        cr = model.env.cr
        table = SQL.identifier(model._table)
        cr.execute(SQL("SELECT count(*) FROM (SELECT FROM %s LIMIT %s) t", table, ROWS_AT_ONCE + 1))
        return cr.fetchone()[0] > ROWS_AT_ONCE

    def late_statements(self, model):
        """Return the statements that build the index anew beside those who write, in order."""
        name = SQL.identifier(self.full_name(model))
        return [
            # What was stopped halfway is there, and is not used.
            SQL("DROP INDEX CONCURRENTLY IF EXISTS %s", name),
            SQL(
                "CREATE INDEX CONCURRENTLY %s ON %s %s",
                name,
                SQL.identifier(model._table),
                SQL(self._index_definition.replace("%", "%%")),
            ),
            # By which Odoo knows that it is the right one.
            SQL("COMMENT ON INDEX %s IS %s", name, self.get_definition(model.pool)),
        ]


class LeadLateIndexes(models.AbstractModel):
    """Builds the indexes that an installation left out, whenever one is missing.

    It cannot be done within a job: PostgreSQL waits for all transactions that are older, and the
    one of the scheduler is. So it is done by a thread. When that is killed, an index is left that
    is not valid; the next job builds it anew.
    """

    _name = "lead.late.indexes"
    _description = "Indexes That Are Built Later"

    @api.model
    def _cron_build(self):
        """Start to build what is missing; return the thread, None if nothing is."""
        statements = [one for index in self._missing() for one in index]
        if not statements:
            return None
        thread = threading.Thread(
            target=_build,
            args=(self.env.cr.dbname, statements),
            name="lead_communications.late_indexes",
            daemon=True,
        )
        self.env.cr.postcommit.add(thread.start)
        return thread

    @api.model
    def _missing(self):
        """Return the statements for each of the indexes that is missing, not valid or another one.

        One without a comment is left alone: by that the host knows what support has adjusted.
        """
        found = {
            index.full_name(model): (index, model)
            for model in map(self.env.get, self.env.registry)
            if model._auto and not model._abstract
            for index in model._table_objects.values()
            if isinstance(index, LateIndex)
        }
        self.env.cr.execute(
            SQL(
                """
                SELECT c.relname, obj_description(c.oid, 'pg_class')
                  FROM pg_class c JOIN pg_index i ON i.indexrelid = c.oid AND i.indisvalid
                 WHERE c.relname IN %s AND c.relnamespace = current_schema::regnamespace
                """,
                tuple(found),
            )
        )
        valid = dict(self.env.cr.fetchall())
        return [
            index.late_statements(model)
            for name, (index, model) in found.items()
            if name not in valid
            or (valid[name] and valid[name] != index.get_definition(model.pool))
        ]


def _build(database, statements):
    """Run ``statements`` one by one, each a transaction of its own, unless another process does."""
    with contextlib.closing(sql_db.db_connect(database).cursor()) as cr:
        cr._cnx.autocommit = True  # as the host does to create a database
        cr.execute(_FIND_LOCK, [LOCK])
        if not cr.fetchone()[0]:
            return
        try:
            for statement in statements:
                cr.execute(statement)
            _logger.info("%s: missing indexes were built.", database)
        except Exception:
            # The next job tries again.
            _logger.exception("%s: a missing index could not be built.", database)
        finally:
            cr.execute(_FREE_LOCK, [LOCK])
