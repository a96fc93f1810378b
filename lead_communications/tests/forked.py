"""Workers in processes of their own, which can be killed at any moment."""

import os
import signal
import traceback

from odoo import SUPERUSER_ID, api, sql_db

# Looked at, not waited for.
ENDED = os.WEXITED | os.WNOHANG | os.WNOWAIT


class Worker:
    """A process that runs ``task(worker)`` on the same database, with connections of its own.

    :param registry: of the database.

    The task can call :meth:`pause`, which lasts until :meth:`go_on` is called here.
    """

    def __init__(self, registry, task):
        self.registry = registry
        self._paused, self._reached = os.pipe()
        self._may_go, self._go = os.pipe()
        self.status = None
        self.pid = os.fork()
        if not self.pid:
            self._run(task)

    def _run(self, task):
        status = 1
        try:
            # The connections of the other process are not ours.
            sql_db._Pool = sql_db._Pool_readonly = None
            self.registry._db = sql_db.db_connect(self.registry.db_name)
            self.registry._db_readonly = None
            task(self)
            status = 0
        except Exception:  # noqa: BLE001 - the status tells the other process
            traceback.print_exc()
        finally:
            os._exit(status)  # nothing of the other process may be cleaned up here

    def env(self, cr, **context):
        """Return an environment of the superuser; for the task."""
        return api.Environment(cr, SUPERUSER_ID, context)

    def pause(self):
        """Wait for the other process; for the task."""
        os.write(self._reached, b".")
        os.read(self._may_go, 1)

    @staticmethod
    def die():
        """Kill this very process, as a power cut does; for the task."""
        os.kill(os.getpid(), signal.SIGKILL)

    def wait_until_paused(self):
        """Return when the task called :meth:`pause`."""
        os.read(self._paused, 1)

    def go_on(self):
        """Let the task go on."""
        os.write(self._go, b".")

    def kill(self):
        """Kill the process at whatever it is; return its exit status: -9, or that of its end."""
        os.kill(self.pid, signal.SIGKILL)
        return self.wait()

    def ended(self):
        """Return the exit status of a process that ended by itself, or None."""
        if self.status is None and os.waitid(os.P_PID, self.pid, ENDED):
            self.wait()
        return self.status

    def wait(self):
        """Return the exit status of the process, negative the signal that ended it."""
        if self.status is None:
            self.status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
            for end in (self._paused, self._reached, self._may_go, self._go):
                os.close(end)
        return self.status
