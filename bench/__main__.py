"""``./dev bench calls``: how fast calls are taken in and shown, beside a reference in the same run.

The goals are ratios: absolute times depend on the machine and what else it does. All is done in a
throw-away copy of the addon's database.
"""

import argparse
import json
import platform
import subprocess
import sys
import time
from pathlib import Path

from devkit.paths import inside

from .measure import table
from .server import Server, addons_path, odoo

TOPICS = ("calls",)


def main() -> int:
    """Measure a topic, print its table and write its JSON file; return the exit status."""
    options = _parse()
    install = odoo("-d", options.database, "-i", "lead_communications_bench")
    subprocess.run([*install, "--stop-after-init", "--no-http", "--log-level=error"], check=True)
    registry = _registry(options.database)
    from . import calls, lists

    rows = []
    with registry.cursor() as cr:
        setting = calls.prepare(cr)
    print(f"Taking in, {options.rounds} rounds ...", flush=True)
    rows += calls.measure_models(registry, setting, options.rounds)
    with Server(options.database) as server:
        print(f"By HTTP, {server.port} ...", flush=True)
        rows += calls.measure_http(registry, server, setting, options.rounds)
    rows += lists.measure(registry, setting, options.sizes, options.rounds)
    print(table(rows))
    result = {
        "topic": options.topic,
        "sizes": options.sizes,
        "python": platform.python_version(),
        "date": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
        "rows": [row.as_dict() for row in rows],
    }
    options.json.write_text(json.dumps(result, indent=2) + "\n")
    print(f"Written to {options.json}")
    return 0


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
        help="calls in the database when lists are measured; up to 1000000 is a matter of minutes",
    )
    parser.add_argument("--rounds", type=int, default=50, help="runs of each variant")
    parser.add_argument("--json", type=Path, default=inside("bench", "calls.json"))
    options = parser.parse_args()
    options.sizes.sort()
    return options


def _registry(database: str):
    """Return Odoo's registry of the database, in this process."""
    from odoo.modules.registry import Registry
    from odoo.tools import config

    arguments = ["-d", database, "--log-level=error", "--no-http"]
    config.parse_config([*arguments, f"--addons-path={addons_path()}"])
    return Registry(database)


if __name__ == "__main__":
    sys.exit(main())
