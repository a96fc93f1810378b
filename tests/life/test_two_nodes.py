"""Two nodes on one database: counts are exact, whoever decides, and though nodes are killed.

The same for minutes: ``./dev bench soak``.
"""

import json
import subprocess

from devkit import environment
from devkit.paths import ROOT
from devkit.session import databases

# Besides the time that nodes take to start.
SECONDS = 6


def test_counts_are_exact_and_nothing_is_logged(tmp_path):
    report = tmp_path / "soak.json"
    with databases() as found, found.throw_away_copy(found.addon_template(), "nodes") as name:
        command = [environment.python(), "-m", "bench", "soak", "--seconds", str(SECONDS)]
        answer = subprocess.run(
            [*command, "--database", name, "--json", report],
            env={**found.environment, "SOAK_LOGS": str(tmp_path)},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    assert answer.returncode == 0, (answer.stdout + answer.stderr)[-3000:]
    (row,) = json.loads(report.read_text())["rows"]
    assert row["met"], row["note"]
