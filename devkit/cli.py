"""The command line: `./dev <command>`."""

import argparse
import signal
import sys

from .console import complain, say
from .errors import DevError
from .paths import ADDON_NAME, ROOT
from .processes import Terminated, hand_over

INTERRUPTED = 130


def main():
    """Run the command of this process and return its exit status."""
    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    return execute(sys.argv[1:])


def leave(number, _frame):
    """Leave in order, stopping everything that was started; further signals do not hurry it."""
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, signal.SIG_IGN)
    raise Terminated if number == signal.SIGTERM else KeyboardInterrupt


def execute(arguments):
    """Run a command and return its exit status; a known failure is one sentence."""
    options = parse(arguments)
    try:
        return options.run(options)
    except DevError as error:
        complain(str(error))
        return 1
    except KeyboardInterrupt:
        complain("Interrupted.")
        return INTERRUPTED


def parse(arguments):
    """Return the options of a command line; what follows `--` is passed through."""
    extra = []
    if "--" in arguments:
        cut = arguments.index("--")
        arguments, extra = arguments[:cut], arguments[cut + 1 :]
    options = build_parser().parse_args(arguments)
    options.extra = extra
    return options


def build_parser():
    """Return the parser of all commands."""
    parser = argparse.ArgumentParser(prog="./dev", description=f"Work on the addon {ADDON_NAME}.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")

    command = commands.add_parser("run", help="serve the addon with demo data")
    command.add_argument("--port", type=port_number, default=8069, help="default: 8069")
    command.add_argument("--fresh", action="store_true", help="drop the database first")
    command.set_defaults(run=run)

    command = commands.add_parser("test", help="run the tests; pytest's own options follow --")
    command.add_argument("paths", nargs="*", help="rooms, files, folders, node ids; host, guests")
    command.add_argument("-k", dest="keyword", metavar="EXPRESSION", help="as pytest's -k")
    command.set_defaults(run=test)

    command = commands.add_parser("mutate", help="find faults that the tests would not notice")
    command.add_argument("paths", nargs="*", help="files or folders of the addon's code")
    command.add_argument("--tests", nargs="+", metavar="PATH", help="the tests that should notice")
    command.add_argument("--sample", type=int, metavar="N", help="try at most N faults in a file")
    command.add_argument("--slow", action="store_true", help="with the tests that take long")
    command.add_argument("--jobs", type=int, default=2, help="as many at once; default: 2")
    command.set_defaults(run=mutate)

    command = commands.add_parser("lint", help="check style, manifest and translations")
    command.add_argument("--fix", action="store_true", help="repair what can be repaired")
    command.set_defaults(run=lint)

    command = commands.add_parser("i18n", help="export the terms and merge them into pl.po")
    command.set_defaults(run=i18n)

    command = commands.add_parser("wheel", help="build the addon for pip, and try it")
    command.add_argument("folder", nargs="?", default="dist", help="default: dist")
    command.set_defaults(run=wheel)

    command = commands.add_parser("screenshots", help="take those of the README and the addon")
    command.set_defaults(run=screenshots)

    command = commands.add_parser("release", help="version, changelog, screenshots, tag, wheel")
    command.add_argument("version", help="as in the manifest: 19.0.x.y.z")
    command.set_defaults(run=release)

    command = commands.add_parser("shell", help="Odoo's shell on the database of ./dev run")
    command.set_defaults(run=shell)

    command = commands.add_parser("psql", help="psql on the database of ./dev run")
    command.add_argument("database", nargs="?", help="another database")
    command.set_defaults(run=psql)

    command = commands.add_parser(
        "bench", help="measure speed: ./dev bench calls --sizes 10000 1000000", add_help=False
    )
    command.add_argument("arguments", nargs=argparse.REMAINDER)
    command.set_defaults(run=bench)

    command = commands.add_parser("clean", help="stop our server and remove the private folder")
    command.set_defaults(run=clean)
    return parser


def port_number(text):
    """Return a port number that an ordinary user can listen on."""
    number = int(text)
    if not 1024 <= number <= 65535:
        raise argparse.ArgumentTypeError(f"{number} is not between 1024 and 65535")
    return number


def run(options):
    """Serve the addon."""
    from .serving import serve

    return serve(options.port, options.fresh)


def test(options):
    """Run the tests: the addon's, or those of the host or of guests beside it."""
    if options.paths[:1] == ["host"]:
        from .host_tests import run_host_tests

        keyword = ["-k", options.keyword] if options.keyword else []
        return run_host_tests(options.paths[1:], [*keyword, *options.extra])
    if options.paths[:1] == ["guests"]:
        from .guests import run_guests

        return run_guests(options.paths[1:], options.extra)
    from .testing import run_tests

    return run_tests(options.paths, options.keyword, options.extra)


def mutate(options):
    """Try whether the tests notice faults."""
    from .mutation.command import mutate as mutate_code

    return mutate_code(options)


def lint(options):
    """Run the linters."""
    from .lint import run_lint

    return run_lint(options.fix)


def i18n(_options):
    """Export the terms."""
    from .translations import update_translations

    return update_translations()


def wheel(options):
    """Build the wheel."""
    from .wheel import make_wheel

    return make_wheel(options.folder)


def screenshots(_options):
    """Take the screenshots."""
    from .screenshots import take_screenshots

    return take_screenshots()


def release(options):
    """Make a release."""
    from .release import make_release

    return make_release(options.version)


def shell(options):
    """Open Odoo's shell on the database of `./dev run`, created if there is none."""
    from .odoo_process import odoo_command
    from .serving import prepare_database
    from .session import databases

    with databases() as found:
        if not found.exists(found.run_name):
            prepare_database(found)
        command = odoo_command("shell", "-d", found.run_name, "--no-http", *options.extra)
        return hand_over(command, env=found.environment, cwd=ROOT)


def psql(options):
    """Open psql on a database."""
    from .databases import psql as psql_program
    from .session import databases

    with databases() as found:
        database = options.database or found.run_name
        if not found.exists(database):
            names = ", ".join(found.names()) or "none yet"
            raise DevError(f"There is no database {database}; there are: {names}.")
        command = [psql_program(), "-d", database, *options.extra]
        return hand_over(command, env=found.environment, cwd=ROOT)


def bench(options):
    """Run the benchmarks."""
    if not (ROOT / "bench" / "__main__.py").is_file():
        say("There is nothing to measure yet: bench/ does not exist.")
        return 0
    from . import environment
    from .session import databases

    with databases() as found, found.throw_away_copy(found.addon_template()) as name:
        command = [environment.python(), "-m", "bench", *options.arguments, *options.extra]
        return hand_over([*command, "--database", name], env=found.environment, cwd=ROOT)


def clean(_options):
    """Remove the private folder, unless a command is at work in it."""
    from .cleaning import clean_up

    return clean_up()
