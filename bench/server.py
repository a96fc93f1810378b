"""An Odoo server with two workers, and clients for it."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

ADDONS = Path(__file__).parent / "addons"
LAUNCHER = Path(__file__).parents[1] / "devkit" / "launcher" / "odoo-bin"
WORKERS = 2
_STARTING_TIME = 60


def odoo(*arguments) -> list[str]:
    """Return the command line of Odoo with the benchmark's addon."""
    return [sys.executable, str(LAUNCHER), *arguments, f"--addons-path={addons_path()}"]


def addons_path() -> str:
    """Return the configured folders of addons and our own."""
    lines = Path(os.environ["ODOO_RC"]).read_text().splitlines()
    (configured,) = (line.partition("=")[2].strip() for line in lines if "addons_path" in line)
    return f"{configured},{ADDONS}"


def open_registry(database: str):
    """Return Odoo's registry of the database, in this process."""
    from odoo.modules.registry import Registry
    from odoo.tools import config

    arguments = ["-d", database, "--log-level=error", "--no-http"]
    config.parse_config([*arguments, f"--addons-path={addons_path()}"])
    return Registry(database)


class Server:
    """Odoo on a database, with workers, as it runs in production."""

    def __init__(self, database: str):
        self.database = database
        self.port, other = _free_port(), _free_port()
        command = odoo("-d", database, f"--http-port={self.port}", f"--gevent-port={other}")
        command += [f"--workers={WORKERS}", "--max-cron-threads=0", "--log-level=error"]
        command += ["--limit-time-real=600", "--limit-time-cpu=600"]  # 0 ends a worker at once
        # Two reports of one call at once are run again by Odoo, which logs each as an error.
        command += ["--log-handler=odoo.sql_db:CRITICAL"]
        # In a group of its own, so that its workers end with it.
        self._process = subprocess.Popen(command, start_new_session=True)

    def __enter__(self):
        deadline = time.monotonic() + _STARTING_TIME
        while True:
            with contextlib.suppress(OSError):
                if self.answers():
                    return self
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.__exit__()
                raise RuntimeError("Odoo does not answer")
            time.sleep(0.3)

    def answers(self) -> bool:
        """Tell whether it has loaded the database."""
        return self.post("/bench/noop", b"", {})[0] == 200

    def __exit__(self, *_error):
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)

    def post(self, path: str, body: bytes, headers: dict) -> tuple[int, bytes]:
        """Post on a connection of its own, as a PBX does; return status and answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            headers = {"X-Odoo-Database": self.database, "Connection": "close", **headers}
            connection.request("POST", path, body, headers)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def json2(self, key: str, model: str, method: str, **arguments) -> tuple[int, bytes]:
        """Call a method by Odoo's JSON-2 API."""
        body = json.dumps(arguments, default=str).encode()
        headers = {"Authorization": f"bearer {key}", "Content-Type": "application/json"}
        return self.post(f"/json/2/{model}/{method}", body, headers)


def together(clients: int, jobs: list) -> tuple[float, list[tuple[float, int]]]:
    """Let so many clients do the jobs, functions that return a status.

    :return: seconds in all, and seconds and status of each job.
    """
    jobs, results = list(jobs), []

    def work():
        while True:
            try:
                job = jobs.pop()
            except IndexError:
                return
            started = time.perf_counter()
            status = job()
            results.append((time.perf_counter() - started, status))

    threads = [threading.Thread(target=work) for _client in range(clients)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - started, results


def _free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
