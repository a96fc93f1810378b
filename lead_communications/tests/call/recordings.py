"""A server that keeps recordings, for tests."""

import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote

from ..common import LeadCommunicationsCommon
from .captures import pushes

SOUND = b"RIFF\x00\x00\x00\x00WAVE" + bytes(range(256)) * 40
PASSWORD = "pass-word-1"


class RecordingServer(ThreadingHTTPServer):
    """The web server of a telephone system, with one recording for every name."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.paths, self.authorizations = [], []
        self.status, self.body, self.headers = 200, SOUND, {"Content-Type": "audio/x-wav"}
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()
        self.name = f"127.0.0.1:{self.server_port}"

    def stop(self):
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        server = self.server
        server.paths.append(self.path)
        server.authorizations.append(self.headers.get("Authorization"))
        status, body = server.status, server.body
        content_range = None
        if status == 200 and "Range" in self.headers:
            start, end = self.headers["Range"].removeprefix("bytes=").split("-")
            end = min(int(end or len(body)), len(body) - 1)
            content_range = f"bytes {start}-{end}/{len(body)}"
            status, body = 206, body[int(start) : end + 1]
        self.send_response(status)
        for name, value in server.headers.items():
            self.send_header(name, value)
        if content_range:
            self.send_header("Content-Range", content_range)
        if "Content-Length" not in server.headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args):
        pass


class RecordingCommon(LeadCommunicationsCommon):
    """A telephone system whose recordings are on a server of this machine."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = RecordingServer()
        cls.addClassCleanup(cls.server.stop)
        cls.pbx.write(
            {
                "recording_url": f"http://{cls.server.name}/monitor/{{recording}}",
                "recording_user": "odoo",
                "recording_password": PASSWORD,
                "allow_private_hosts": True,
            }
        )

    def setUp(self):
        super().setUp()
        self.server.paths.clear()
        self.server.authorizations.clear()
        self.server.status, self.server.body = 200, SOUND
        self.server.headers = {"Content-Type": "audio/x-wav"}

    def _recorded_call(self, **values):
        return self._create_call(
            **{"recording": "2026/11/out-1.wav", "result": "answered"} | values
        )

    def _push(self, recording, number=1):
        """Let the telephone system report a call with a recording; return the call."""
        body = pushes()[0].decode()
        body = re.sub(r"recording=[^&]*", "recording=" + quote(recording, safe=""), body)
        body = re.sub(r"(uniqueid|linkedid)=[^&]*", rf"\1=1795305367.{number}", body).encode()
        self.pbx._take_in(body, "application/x-www-form-urlencoded")
        return self.env["lead.communication"].search(
            [("pbx_id", "=", self.pbx.id), ("external_id", "=", f"1795305367.{number}")]
        )

    def _run_cron(self, name="lead_communication_recording_cron"):
        with self.enter_registry_test_mode():
            self.env.ref(f"lead_communications.{name}").method_direct_trigger()

    def _fetch(self, call):
        self.pbx.fetch_recordings = True
        call._enqueue_recording()
        self._run_cron()
