"""What `./dev mutate` prints at its end, and whether that is good enough."""

from dataclasses import dataclass

from devkit.console import complain

# The least percentage of mutants that the tests of a folder notice
FLOORS = {
    "lead_communications/tools": 95,
    "lead_communications/telephony": 95,
    "lead_communications/models/call": 85,
    "lead_communications/models/email": 85,
}
FAILED = 1
SURVIVING = ("survived", "uncovered")


@dataclass
class Count:
    """How many mutants there are of a file or a folder, and what became of them."""

    mutants: int = 0
    killed: int = 0
    survived: int = 0
    equal: int = 0

    def add(self, mutant, is_equal):
        """Count one more mutant."""
        self.mutants += 1
        if is_equal:
            self.equal += 1
        elif mutant["outcome"] in SURVIVING:
            self.survived += 1
        else:
            self.killed += 1

    @property
    def percent(self):
        """Return the share of the mutants that were noticed, of those that could be."""
        return 100 * self.killed / (self.killed + self.survived or 1)


def report(mutants, entries, is_sample=False):
    """Print the survivors and a table of the files, and return the exit status.

    :param list mutants: as the engine wrote them, with files relative to the checkout
    :param list entries: of the list of equal mutants
    :param bool is_sample: not all mutants were tried, so that an entry without one means nothing
    """
    counts = {}
    for mutant in mutants:
        is_equal = any(entry.is_meant(mutant) for entry in entries)
        counts.setdefault(mutant["file"], Count()).add(mutant, is_equal)
        if mutant["outcome"] in SURVIVING and not is_equal:
            print_survivor(mutant)
    print_table(counts)
    findings = [*wrong_entries(mutants, entries, is_sample), *low_folders(mutants, entries)]
    for finding in findings:
        complain(finding)
    return FAILED if findings else 0


def print_survivor(mutant):
    """Print one line about a mutant that no test has noticed."""
    untested = "  (no test runs it)" if mutant["outcome"] == "uncovered" else ""
    print(
        f"{mutant['file']}:{mutant['line']}: {mutant['key'].partition(':')[0]}:"
        f" {mutant['before']}  ->  {mutant['after']}{untested}"
    )


def print_table(counts):
    """Print a line for each file, and the sum."""
    total = Count()
    width = max(map(len, [*counts, "total"]))
    print(f"{'':{width}} mutants  killed  survived  equal  percent")
    for name, count in [*counts.items(), ("total", total)]:
        print(
            f"{name:{width}} {count.mutants:7} {count.killed:7} {count.survived:9}"
            f" {count.equal:6} {count.percent:8.1f}",
            flush=True,
        )
        for field in ("mutants", "killed", "survived", "equal"):
            setattr(total, field, getattr(total, field) + getattr(count, field))


def wrong_entries(mutants, entries, is_sample):
    """Return sentences about entries for which there is no mutant, or one that was noticed."""
    files = {mutant["file"] for mutant in mutants}
    found = []
    for entry in entries:
        meant = [mutant for mutant in mutants if entry.is_meant(mutant)]
        if not meant and entry.file in files and not is_sample:
            found.append(f"Listed as equal, but there is no such mutant: {entry}")
        if any(mutant["outcome"] not in SURVIVING for mutant in meant):
            found.append(f"Listed as equal, but a test notices it: {entry}")
    return found


def low_folders(mutants, entries):
    """Return sentences about the folders of which too few mutants were noticed."""
    found = []
    for folder, floor in FLOORS.items():
        count = Count()
        for mutant in mutants:
            if mutant["file"].startswith(f"{folder}/"):
                count.add(mutant, any(entry.is_meant(mutant) for entry in entries))
        if count.mutants > count.equal and count.percent < floor:
            found.append(f"{folder}: {count.percent:.1f} % are noticed, {floor} % should be.")
    return found
