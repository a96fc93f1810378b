"""The pictures of `./dev screenshots`, taken by Chromium.

Run with the packages of the lock file.
"""

import base64
import contextlib
import itertools
import json
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import requests
from websocket import create_connection

from .console import say
from .errors import DevError
from .processes import spawn, stop
from .services import CHROMIUM_NAMES
from .system import free_port

PATIENCE = 120  # seconds, on a busy machine


@dataclass
class Picture:
    """A screen to take: its file, its address, its height, and what is done on it before.

    :param steps: pairs of JavaScript to run and of the selector of what has to come of it
    """

    name: str
    path: str
    height: int = 460
    steps: tuple = ()


FIRST_ROW = ".o_data_row .o_data_cell"
ATTACH = (
    "document.querySelector('.o_data_row button[name=action_attach]').click()",
    ".modal .o_data_row, .modal .o_kanban_record",
)
PICTURES = (
    Picture("screenshot_inbox", "lead_communications.lead_communication_inbox_action", 640),
    Picture("screenshot_calls", "lead_communications.lead_communication_call_action"),
    Picture("screenshot_emails", "lead_communications.lead_communication_email_action"),
    Picture(
        "screenshot_attach",
        "lead_communications.lead_communication_call_action",
        640,
        (ATTACH,),
    ),
)


def take_pictures(address, folder):
    """Take all pictures of the Odoo at an address, into a folder."""
    with browse(address) as page:
        for picture in PICTURES:
            page.take(picture, folder)
            say(f"{picture.name}.png")


@contextlib.contextmanager
def browse(address):
    """Yield a page of a browser in which the demo salesperson is logged in."""
    session = requests.Session()
    form = session.get(f"{address}/web/login", timeout=PATIENCE).text
    token = form.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
    login = {"login": "anna", "password": "anna", "csrf_token": token}
    session.post(f"{address}/web/login", data=login, timeout=PATIENCE)
    with start_browser() as devtools:
        page = Page(devtools, address)
        page.send("Network.setCookie", name="session_id", value=session.cookies["session_id"])
        yield page


@contextlib.contextmanager
def start_browser():
    """Yield the address of the debugger of a browser's only page."""
    program = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if not program:
        raise DevError("There is no Chromium here: install it, or run a browser test once.")
    port = free_port()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        options = [
            *("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"),
            *(f"--remote-debugging-port={port}", "--remote-allow-origins=*"),
            f"--user-data-dir={profile}",
        ]
        process = spawn([program, *options, "about:blank"], stderr=subprocess.DEVNULL)
        try:
            yield wait_for_page(port)
        finally:
            stop(process)


def wait_for_page(port):
    """Return the address of the debugger of the page, once it is there."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/json") as answer:
                pages = [one for one in json.load(answer) if one["type"] == "page"]
            if pages:
                return pages[0]["webSocketDebuggerUrl"]
        time.sleep(0.3)
    raise DevError("The browser does not start.")


class Page:
    """A page of the browser, by the protocol of its debugger."""

    def __init__(self, devtools, address):
        self.socket = create_connection(devtools, suppress_origin=True, timeout=PATIENCE)
        self.numbers = itertools.count(1)
        self.address = address

    def send(self, method, **parameters):
        """Send a command and return its result."""
        if method == "Network.setCookie":
            parameters["url"] = self.address
        number = next(self.numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            answer = json.loads(self.socket.recv())
            if answer.get("id") == number:
                return answer.get("result", {})

    def run(self, code):
        """Return the value of a JavaScript expression."""
        result = self.send("Runtime.evaluate", expression=code, returnByValue=True)
        return result.get("result", {}).get("value")

    def wait_for(self, selector):
        """Wait until there is something, and until nothing loads any more."""
        deadline = time.monotonic() + PATIENCE
        code = f"!!document.querySelector({selector!r})"
        while time.monotonic() < deadline:
            if self.run(code) and not self.run("!!document.querySelector('.o_blockUI')"):
                time.sleep(2)  # pictures and the preview come by themselves
                return
            time.sleep(0.3)
        raise DevError(f"{selector} does not appear.")

    def take(self, picture, folder):
        """Go to the address of a picture, and write its file into a folder."""
        metrics = {"width": 1366, "height": picture.height, "deviceScaleFactor": 1}
        self.send("Emulation.setDeviceMetricsOverride", mobile=False, **metrics)
        self.send("Page.navigate", url=f"{self.address}/odoo/action-{picture.path}")
        self.wait_for(FIRST_ROW)
        for code, selector in picture.steps:
            self.run(code)
            self.wait_for(selector)
        image = self.send("Page.captureScreenshot", format="png")["data"]
        Path(folder, f"{picture.name}.png").write_bytes(base64.b64decode(image))


if __name__ == "__main__":
    take_pictures(*sys.argv[1:])
