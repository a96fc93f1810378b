"""The captured calls of ``samples/asterisk``, for tests in Odoo."""

import csv
import json
from pathlib import Path

from ...telephony import asterisk

SAMPLES = Path(__file__).parent / "samples" / "asterisk"

FILES = Path(__file__).parent / "samples" / "files"


def call_file(name):
    """Return a file of calls as another system or a spreadsheet has written it."""
    return (FILES / name).read_bytes()


def expected_calls():
    """Return the rows of ``expected.csv``: what each captured call was."""
    with (SAMPLES / "expected.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def cdr(*names):
    """Return the CDR rows of the named calls as one file; of all calls if none is named."""
    names = names or [call["call"] for call in expected_calls()]
    return b"".join((SAMPLES / f"cdr_{name}.csv").read_bytes() for name in names)


def pushes():
    """Return the bodies that the dialplan pushed and signed, one for each call."""
    lines = (SAMPLES / "hook.jsonl").read_text(encoding="utf-8").splitlines()
    hooks = [json.loads(line) for line in lines]
    return [hook["body"].encode() for hook in hooks if asterisk.SIGNATURE_HEADER in hook["headers"]]


def ami_events():
    """Return all events of the captured AMI streams, each as the line that the listener posts."""
    streams = [path.read_bytes().decode() for path in sorted(SAMPLES.glob("ami_*.txt"))]
    blocks = [block for stream in streams for block in stream.split("\r\n\r\n")]
    events = [
        dict(line.split(": ", 1) for line in block.split("\r\n") if ": " in line)
        for block in blocks
    ]
    return [json.dumps(event).encode() for event in events if "Event" in event]
