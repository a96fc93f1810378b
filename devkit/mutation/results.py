"""What earlier runs found out, in the private folder: it need not be found out again."""

import hashlib
import json
from pathlib import Path

from devkit.paths import ROOT, inside, short_hash

# What decides which mutants there are, and what becomes of them
OURS = ("operators.py", "mutants.py", "placing.py", "sessions.py", "warm.py", "fresh.py")


class Results:
    """The outcomes of a file's mutants, for one state of it, of the tests and of the operators."""

    def __init__(self, file, state):
        name = f"{short_hash(ROOT)}-{short_hash(file)}"
        self.path = inside("mutation", f"{name}-{state}.jsonl")
        for old in self.path.parent.glob(f"{name}-*.jsonl"):
            if old != self.path:
                old.unlink()
        self.outcomes = self.read()

    def read(self):
        """Return {key of a mutant: outcome}; a line that was not written to its end is none."""
        found = {}
        for line in self.path.read_text().splitlines() if self.path.is_file() else ():
            try:
                key, outcome = json.loads(line)
            except ValueError:
                continue
            found[key] = outcome
        return found

    def add(self, key, outcome):
        """Keep an outcome at once."""
        self.outcomes[key] = outcome
        with self.path.open("a") as output:
            output.write(json.dumps([key, outcome]) + "\n")


def state_of(source, tests, options):
    """Return what the outcomes for a source depend on.

    :param list tests: files, folders or node ids of tests
    :param list options: what else decides which tests run
    """
    found = hashlib.sha256(json.dumps([source, tests, options]).encode())
    for path in (*test_files(tests), *(Path(__file__).with_name(name) for name in OURS)):
        found.update(path.read_bytes())
    return found.hexdigest()[:16]


def test_files(tests):
    """Return the files that selected tests are made of, with those beside them that they share."""
    found = set()
    for test in tests:
        path = Path(test.partition("::")[0])
        folder = path if path.is_dir() else path.parent
        found |= {
            file for file in folder.rglob("*") if file.is_file() and "__pycache__" not in file.parts
        }
    return sorted(file for file in found if "__pycache__" not in file.parts)
