"""``./dev bench``: how fast calls or emails are taken in, beside a reference of the same run.

The goals are ratios: absolute times depend on the machine and what else it does. All is done in a
throw-away copy of the addon's database.
"""

import argparse
import importlib
import json
import platform
import subprocess
import sys
import time
from pathlib import Path

from devkit.paths import inside

from .measure import table
from .server import odoo, open_registry

#: Each is a module with ``measure(registry, options)``, which returns the rows of its table.
TOPICS = ("calls", "mail", "decide", "card", "numbers", "memory", "soak")
#: Those that do without the benchmark's own addon.
WITHOUT_ADDON = ("memory", "soak")


def main() -> int:
    """Measure a topic, print its table and write its JSON file; return the exit status."""
    options = _parse()
    if options.topic not in WITHOUT_ADDON:
        install = odoo("-d", options.database, "-i", "lead_communications_bench")
        install += ["--stop-after-init", "--no-http", "--log-level=error"]
        subprocess.run(install, check=True)
    registry = open_registry(options.database)
    rows = importlib.import_module(f".{options.topic}", __package__).measure(registry, options)
    print(table(rows), flush=True)
    result = {
        "topic": options.topic,
        "sizes": options.sizes,
        "python": platform.python_version(),
        "date": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
        "rows": [row.as_dict() for row in rows],
    }
    path = options.json or inside("bench", f"{options.topic}.json")
    path.write_text(json.dumps(result, indent=2) + "\n")
    print(f"Written to {path}")
    return int(options.topic == "soak" and not all(row.is_met for row in rows))


def _parse():
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__.split("\n\n")[0])
    parser.add_argument("topic", nargs="?", choices=TOPICS, default="calls")
    parser.add_argument("--database", required=True, help=argparse.SUPPRESS)
    parser.add_argument(
        "--sizes",
        nargs="+",
        type=int,
        default=[1000, 10_000],
        metavar="N",
        help="calls, or leads, contacts and messages each, in the database; up to 1000000 is a"
        " matter of minutes",
    )
    parser.add_argument("--rounds", type=int, default=50, help="runs of each variant")
    parser.add_argument("--seconds", type=int, default=300, help="how long the soak lasts")
    parser.add_argument("--json", type=Path, help="where the figures go")
    options = parser.parse_args()
    options.sizes.sort()
    return options


if __name__ == "__main__":
    sys.exit(main())
