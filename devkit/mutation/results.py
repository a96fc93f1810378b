"""What earlier runs found out, in the private folder: it need not be found out again."""

import functools
import hashlib
import json
from pathlib import Path

from devkit.paths import ROOT, inside, short_hash

# Our own files that decide which mutants there are, and what is measured
MAKING, MEASURING = (
    ("operators.py", "mutants.py", "placing.py"),
    ("sessions.py", "measuring.py", "hosts.py"),
)
NOTICED = ("killed", "timeout")


class Known:
    """What is known about tests, and what outcomes depend on.

    :param list tests: the selected files, folders or node ids
    :param limit: which tests are left out since they take long
    :param str way: how they are run
    """

    def __init__(self, tests, limit, way):
        self.selection = json.dumps([tests, limit, way])
        self.test_files = files_of_tests(tests)
        nodes = [test for test in tests if "::" in test]
        self.way = digest(json.dumps([nodes, way]), *ours(MEASURING))

    @functools.cached_property
    def shared(self):
        """Return the state of what the files of tests share."""
        texts = [text_of(file) for file in self.test_files if not is_test_file(file)]
        return digest(*texts)

    @functools.cached_property
    def all_tests(self):
        """Return the state of all selected tests."""
        return digest(self.selection, *map(text_of, self.test_files))

    def state_of(self, file):
        """Return the state of one file of tests."""
        return digest(self.shared, text_of(file)) if file else ""

    def record(self, file):
        """Return what was measured of a file of tests, or None.

        It is good as long as the code that the tests ran is the same.
        """
        path = self.path_of_record(file)
        record = json.loads(path.read_text()) if path.is_file() else {"code": {"": "none"}}
        same = all(digest(text_of(name)) == state for name, state in record["code"].items())
        return record if same else None

    def keep_record(self, file, record):
        """Keep what was measured of a file of tests, in place of what was measured earlier."""
        path = self.path_of_record(file)
        remove_others(path)
        draft = path.with_suffix(".draft")
        record["code"] = {name: digest(text_of(name)) for name in record["lines"]}
        draft.write_text(json.dumps(record))
        draft.rename(path)

    def path_of_record(self, file):
        """Return where it is kept what was measured of a file of tests."""
        state = digest(self.way, self.state_of(file))
        return inside("mutation", f"{short_hash(ROOT)}-{short_hash(file)}-{state}.tests.json")


class Results:
    """The outcomes of a file's mutants.

    A mutant stays noticed as long as the file of the test that noticed it stays as it is; it stays
    a survivor as long as all tests do.
    """

    def __init__(self, file, source, known):
        state = digest(source, *ours(MAKING))
        name = f"{short_hash(ROOT)}-{short_hash(file)}-{state}.jsonl"
        self.path = inside("mutation", name)
        self.known = known
        remove_others(self.path)
        self.outcomes = self.read()

    def read(self):
        """Return {key of a mutant: outcome}; a line that was not written to its end is none."""
        found = {}
        for line in self.path.read_text().splitlines() if self.path.is_file() else ():
            try:
                key, outcome, by, state = json.loads(line)
            except ValueError:
                continue
            if state == self.state(outcome, by):
                found[key] = outcome
        return found

    def state(self, outcome, by):
        """Return the state of what an outcome depends on."""
        return self.known.state_of(by) if outcome in NOTICED else self.known.all_tests

    def add(self, key, outcome, by=""):
        """Keep an outcome at once, with the file of the test that noticed it."""
        self.outcomes[key] = outcome
        with self.path.open("a") as output:
            output.write(json.dumps([key, outcome, by, self.state(outcome, by)]) + "\n")


def remove_others(path):
    """Remove what was kept for other states of the same file."""
    prefix = path.name.rpartition("-")[0]
    for old in path.parent.glob(f"{prefix}-*{path.suffix}"):
        if old != path:
            old.unlink(missing_ok=True)


def files_of_tests(tests):
    """Return the files that selected tests are made of, with those beside them that they share."""
    found = set()
    for test in tests:
        path = Path(test.partition("::")[0])
        folder = path if path.is_dir() else path.parent
        files = {file for file in folder.rglob("*") if file.is_file()}
        if path.is_file():
            files = {file for file in files if file == path or not is_test_file(file)}
        found |= files
    return sorted(file for file in found if "__pycache__" not in file.parts)


def is_test_file(file):
    """Tell whether a file is one of tests, which no other file of tests needs."""
    return Path(file).name.startswith("test_")


def text_of(file):
    """Return the content of a file; nothing when there is none any more."""
    return Path(file).read_bytes().hex() if Path(file).is_file() else ""


def ours(names):
    """Return the texts of some of our own files."""
    return [text_of(Path(__file__).with_name(name)) for name in names]


def digest(*texts):
    """Return a short text that is another one whenever one of the texts is."""
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]
