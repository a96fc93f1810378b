"""The mutants that do the same as the original, whatever a test tries: `equal_mutants.toml`."""

import tomllib
from dataclasses import dataclass

from devkit.errors import DevError
from devkit.paths import ROOT

EQUAL_FILE = ROOT / "devkit" / "equal_mutants.toml"
NAMES = {"file", "before", "after", "reason"}


@dataclass(frozen=True)
class Equal:
    """A line of a file and what a mutant makes of it; how many blanks are in it is no matter."""

    file: str
    before: str
    after: str
    reason: str

    def is_meant(self, mutant):
        """Tell whether a mutant of the report is this one."""
        return (self.file, self.before, self.after) == (
            mutant["file"],
            mutant["before"],
            mutant["after"],
        )


def read_equal(path=EQUAL_FILE):
    """Return the entries of the list.

    :raise DevError: when one of them lacks something, or tells nothing
    """
    entries = tomllib.loads(path.read_text()).get("mutant", [])
    for entry in entries:
        if set(entry) != NAMES or not all(str(value).strip() for value in entry.values()):
            raise DevError(f"An entry of {path.name} needs {', '.join(sorted(NAMES))}: {entry}")
    return [Equal(**{**entry, **squeezed(entry)}) for entry in entries]


def squeezed(entry):
    """Return the texts of an entry with single blanks, as those of the mutants are."""
    return {name: " ".join(entry[name].split()) for name in ("before", "after")}
