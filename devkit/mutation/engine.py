"""The process with the lock file's packages: finds out about mutants, and writes it down.

It is started with a file of what is wanted, and writes the mutants with their outcomes into
another one; `command` does both.
"""

import json
import os
import re
import sys
import time
from pathlib import Path

from devkit.console import print_tail, say
from devkit.errors import DevError
from devkit.paths import inside

from .children import run_for_answer
from .fresh import Fresh
from .hosts import Odoo, Plain
from .mutants import mutants_of, sample
from .plan import Plan
from .results import Known, Results
from .warm import run_warm

TICK_SECONDS = 15
HOURS = 3600 * 24
INTERRUPTED = 130


class Engine:
    """The mutants of some files and what becomes of them.

    :param dict wanted: see `command`
    """

    def __init__(self, wanted):
        self.wanted = wanted
        self.sources = {file: Path(file).read_text() for file in wanted["files"]}
        self.mutants = {
            file: sample(mutants_of(file, source), wanted["sample"])
            for file, source in self.sources.items()
        }
        self.host = Odoo(wanted["databases"], wanted["slow"]) if wanted["databases"] else Plain()
        self.known = Known(wanted["tests"], wanted["limit"], self.host.way)
        self.results = {
            file: Results(file, source, self.known) for file, source in self.sources.items()
        }
        self.terminal = os.fdopen(os.dup(1), "w")
        self.last_word = time.monotonic()

    def run(self):
        """Find out what is not known yet, and return all mutants as the report wants them."""
        pending = self.pending()
        total = sum(map(len, self.mutants.values()))
        say(f"{total} mutants in {len(self.mutants)} files, {self.left()} of them to be tried")
        if pending:
            self.find_out(self.plan(pending))
        return [
            {**mutant.describe(), "outcome": self.results[file].outcomes[mutant.key]}
            for file, mutants in self.mutants.items()
            for mutant in mutants
        ]

    def pending(self):
        """Return {file: mutants whose outcome is not known}."""
        found = {
            file: [mutant for mutant in mutants if mutant.key not in self.results[file].outcomes]
            for file, mutants in self.mutants.items()
        }
        return {file: mutants for file, mutants in found.items() if mutants}

    def left(self):
        """Return how many mutants have to be tried."""
        return sum(map(len, self.pending().values()))

    def plan(self, pending):
        """Return what has to be done."""
        users = {file: self.users_of(file) for file in pending}
        return Plan(
            tests=self.wanted["tests"],
            host=self.host,
            mutants=pending,
            sources=self.sources,
            users=users,
            files=self.wanted["package"],
            known=self.known,
            jobs=self.wanted["jobs"],
            limit=self.wanted["limit"],
        )

    def users_of(self, file):
        """Return a file and the files beside it that may use its constants: that name it."""
        path = Path(file)
        name = path.parent.name if path.stem == "__init__" else path.stem
        found = {file}
        for other in map(Path, self.wanted["users"]):
            if re.search(rf"\b{name}\b", other.read_text()):
                found.add(str(other))
        return sorted(found)

    def find_out(self, plan):
        """Run the mutants: first those inside functions, then the others.

        :raise DevError: when the tests cannot be loaded or measured
        """
        log = inside("logs", "mutate-tests.log")
        answer = run_for_answer(lambda _slot: self.logged(log, plan), HOURS)
        for file in plan.mutants:
            self.results[file].outcomes = self.results[file].read()
        if answer is None:
            print_tail(log)
            raise DevError("The tests cannot be run: './dev test' shows why.")
        measurement, others, modules = answer
        mutants = [mutant for mutant in plan.all_mutants() if (mutant.file, mutant.key) in others]
        if mutants:
            Fresh(plan, measurement, modules).run(mutants, self.tell)
        if measurement.broken:
            say(f"Left out, since they fail or are skipped: {', '.join(measurement.broken)}")

    def logged(self, log, plan):
        """Find out about mutants inside functions, with what pytest prints in a file."""
        with open(log, "w") as output:
            os.dup2(output.fileno(), 1)
            os.dup2(output.fileno(), 2)
        return run_warm(plan, self.tell, self.say_now_and_then)

    def tell(self, mutant, outcome, by=""):
        """Keep an outcome, with the file of the test that noticed it."""
        self.results[mutant.file].add(mutant.key, outcome, by)
        self.say_now_and_then(f"{self.left()} mutants to be tried")

    def say_now_and_then(self, sentence):
        """Say how far it is, unless something was said just before."""
        if time.monotonic() - self.last_word > TICK_SECONDS:
            self.last_word = time.monotonic()
            print(f"[dev] {sentence}", file=self.terminal, flush=True)


def main(wanted, outcome):
    """Do what a file wants, and write the mutants into another file."""
    try:
        found = Engine(json.loads(Path(wanted).read_text())).run()
    except DevError as error:
        sys.exit(f"[dev] {error}")
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    Path(outcome).write_text(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
