"""Two parts of the addon's tests that take about as long as each other."""

import json
import os
import re

from .paths import inside

TEST = re.compile(r"^\s*def test_", re.MULTILINE)
# For a private folder in which nothing was measured yet: what most tests take, and in seconds,
# roughly, the files that take much longer than the number of their tests says.
SECONDS_OF_A_TEST = 0.25
SLOW_FILES = {
    "call/test_callback.py": 10,
    "call/test_recording_browser.py": 10,
    "communication/test_candidate.py": 10,
    "communication/test_communication_concurrency.py": 10,
    "communication/test_communication_hoot.py": 20,
    "communication/test_communication_tours.py": 45,
    "communication/test_rights_matrix.py": 15,
    "communication/test_two_browsers.py": 10,
    "email/test_email_tours.py": 15,
    "email/test_header_only.py": 10,
    "email/test_mailbox_concurrency.py": 15,
    "email/test_mailbox_crashes.py": 20,
    "email/test_mailbox_cuts.py": 40,
    "email/test_mailbox_pathological.py": 45,
    "event/test_event_tours.py": 10,
    "event/test_oracles.py": 15,
    "test_accessibility.py": 10,
    "test_hostile_strings.py": 40,
    "test_order.py": 30,
    "test_rights.py": 115,
    "test_tours.py": 35,
}


def split_in_two(files, folder):
    """Return two lists of the files, whose tests take about as long as each other.

    :param files: paths in the folder
    """
    measured = read_durations()
    weights = {path: weight(path, folder, measured) for path in files}
    parts, sums = ([], []), [0, 0]
    for path in sorted(files, key=weights.get, reverse=True):
        lighter = sums.index(min(sums))
        parts[lighter].append(path)
        sums[lighter] += weights[path]
    return tuple(sorted(part) for part in parts)


def weight(path, folder, measured):
    """Return how long a file's tests take: as measured, else as we know, else by their number."""
    name = path.relative_to(folder).as_posix()
    if name in measured:
        return measured[name]
    return SLOW_FILES.get(name) or SECONDS_OF_A_TEST * len(TEST.findall(path.read_text()))


def remember(seconds, files, folder):
    """Keep how long the tests of files took, for the next time.

    :param dict seconds: by the dotted name of a class or module, beginning with that of the addon
    """
    durations = {}
    for path in files:
        name = path.relative_to(folder).as_posix()
        module = ".".join(["", *path.relative_to(folder.parent).with_suffix("").parts, ""])
        took = sum(spent for place, spent in seconds.items() if module in f"{place}.")
        durations[name] = round(took, 1)
    # Only what ran: a run that was stopped knows nothing of the rest.
    durations = read_durations() | {name: took for name, took in durations.items() if took}
    draft = durations_file().with_suffix(f".{os.getpid()}")
    draft.write_text(json.dumps(durations, indent=1, sort_keys=True))
    draft.replace(durations_file())


def read_durations():
    """Return how many seconds each file's tests took last, by its path in the addon's tests."""
    try:
        return json.loads(durations_file().read_text())
    except (OSError, ValueError):
        return {}


def durations_file():
    """Return the file of the private folder with what was measured."""
    return inside("reports", "durations.json")
