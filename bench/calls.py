"""Taking calls in: one, many, by HTTP."""

import io
import time
from dataclasses import dataclass
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields
from odoo.fields import Command

from odoo.addons.lead_communications.telephony import asterisk

from . import lists
from .data import cdr_file, next_call, push
from .measure import Row, Series, in_turn
from .server import WORKERS, Server, together

FORM, CSV = "application/x-www-form-urlencoded", "text/csv"
COLUMNS = list(next_call())
#: Rows of a file that is imported at once.
FILE_ROWS = 5000


@dataclass
class Setting:
    """What was made in the database to measure with."""

    pbx_id: int
    path: str
    secret: str
    api_key: str
    user_ids: list[int]


def measure(registry, options) -> list[Row]:
    """Measure all there is about calls."""
    with registry.cursor() as cr:
        setting = prepare(cr)
    print(f"Taking in, {options.rounds} rounds ...", flush=True)
    rows = measure_models(registry, setting, options.rounds)
    with Server(options.database) as server:
        print(f"By HTTP, {server.port} ...", flush=True)
        rows += measure_http(registry, server, setting, options.rounds)
    return rows + lists.measure(registry, setting, options.sizes, options.rounds)


def prepare(cr) -> Setting:
    """Make a telephone system with a line, salespeople, and an administrator's API key."""
    env = api.Environment(cr, SUPERUSER_ID, {"no_reset_password": True})
    salesman = env.ref("sales_team.group_sale_salesman")
    users = env["res.users"].create(
        [
            {"name": f"Bench {n}", "login": f"bench{n}", "group_ids": [Command.link(salesman.id)]}
            for n in range(8)
        ]
    )
    pbx = env["lead.pbx"].create(
        {
            "name": "Bench",
            "country_id": env.ref("base.pl").id,
            "tz": "UTC",
            "line_ids": [
                Command.create({"extension": "101", "user_id": users[0].id}),
                Command.create({"number": "+48227001101"}),
            ],
        }
    )
    admin = api.Environment(cr, env.ref("base.user_admin").id, {})
    tomorrow = fields.Datetime.now() + timedelta(days=1)
    key = admin["res.users.apikeys"]._generate("rpc", "bench", tomorrow)
    return Setting(
        pbx.id, f"/lead_communications/pbx/{pbx.key}", pbx._live_secrets()[0], key, users.ids
    )


# ---- WITHOUT HTTP ----


def measure_models(registry, setting: Setting, rounds: int) -> list[Row]:
    """Measure the recording of calls, each in a transaction of its own."""
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        pbx = env["lead.pbx"].browse(setting.pbx_id)
        rows = [_one(env, pbx, rounds)]
        rows += [_batch(env, pbx, count, max(rounds // 3, 10)) for count in (100, 1000)]
        rows.append(_file(env, pbx, max(rounds // 6, 5)))
    return rows


def _record(env, pbx, count):
    """Record what is parsed already: normalizing, deduplicating, lines, state."""
    bodies = [push(next_call()) for _call in range(count)]
    events = [event for body in bodies for event in asterisk.parse(body).events]
    env.invalidate_all()
    yield
    pbx._record(events)
    yield
    env.cr.commit()


def _create(env, pbx, count):
    """Create bare rows."""
    values = [next_call() | {"pbx_id": pbx.id} for _call in range(count)]
    env.invalidate_all()
    yield
    env["bench.call"].create(values)
    env.flush_all()
    yield
    env.cr.commit()


def _one(env, pbx, rounds):
    series = in_turn(
        {
            "ours": lambda: _record(env, pbx, 1),
            "bare create": lambda: _create(env, pbx, 1),
        },
        rounds,
        env.cr,
    )
    return Row(
        "one call, two numbers normalized, deduplicated",
        series["ours"],
        series["bare create"],
        "<= 1.5 x, <= 4 queries",
        1.5,
        most_queries=4,
    )


def _batch(env, pbx, count, rounds):
    series = in_turn(
        {
            "ours": lambda: _record(env, pbx, count),
            "bare batch": lambda: _create(env, pbx, count),
        },
        rounds,
        env.cr,
    )
    return Row(
        f"batch of {count} calls",
        series["ours"],
        series["bare batch"],
        "<= 1.5 x, <= 5 queries",
        1.5,
        most_queries=5,
    )


def _file(env, pbx, rounds):
    def ours():
        body = cdr_file(FILE_ROWS)
        env.invalidate_all()
        yield
        pbx._take_in(body, CSV)
        yield
        env.cr.commit()

    def copy():
        lines = [
            "\t".join([str(pbx.id), *map(str, next_call().values())]) for _ in range(FILE_ROWS)
        ]
        file = io.StringIO("\n".join(lines) + "\n")
        columns = ", ".join(["pbx_id", *COLUMNS])
        yield
        env.cr._obj.copy_expert(f"COPY bench_call ({columns}) FROM STDIN", file)
        yield
        env.cr.commit()

    series = in_turn({"ours": ours, "COPY": copy}, rounds, env.cr, warm=1)
    row = Row(
        f"bulk import of {FILE_ROWS} calls (CDR file)",
        series["ours"],
        series["COPY"],
        "<= 2.5 x",
        2.5,
    )
    row.note = f"{row.ours.median / FILE_ROWS * 1e6:.0f} µs a row, parsed and normalized"
    return row


# ---- BY HTTP ----


def measure_http(registry, server, setting: Setting, rounds: int) -> list[Row]:
    """Measure requests to a server with workers, one at a time and many at once."""
    return [
        *_requests(server, setting, rounds),
        *_hundreds(server, setting, max(rounds // 3, 10)),
        _sustained(server, setting, rounds * 10),
        _rows_per_second(server, setting),
    ]


def _signed(server, setting, body, content_type):
    """Return a function that posts a signed report and returns the status."""

    def post():
        headers = {
            "X-Signature": asterisk.sign(body, setting.secret, int(time.time())),
            "Content-Type": content_type,
        }
        return server.post(setting.path, body, headers)[0]

    return post


def _requesting(job):
    """Return a variant that does one request."""

    def run():
        yield
        status = job()
        if status != 200:
            raise RuntimeError(f"HTTP {status}")
        yield

    return run()


def _requests(server, setting, rounds):
    series = in_turn(
        {
            "ours": lambda: _requesting(_signed(server, setting, push(next_call()), FORM)),
            "no-op route": lambda: _requesting(lambda: server.post("/bench/noop", b"x=1", {})[0]),
            "JSON-2": lambda: _requesting(_json2(server, setting, 1)),
        },
        rounds,
        warm=10,
    )
    path = "one signed call per HTTP request"
    return [
        Row(path, series["ours"], series["no-op route"], "<= 1.6 x no-op", 1.6),
        Row(path, series["ours"], series["JSON-2"], ">= 2 x JSON-2", 2, is_least=True),
    ]


def _json2(server, setting, count):
    calls = [next_call() | {"pbx_id": setting.pbx_id} for _call in range(count)]
    return lambda: server.json2(setting.api_key, "bench.call", "create", vals_list=calls)[0]


def _hundreds(server, setting, rounds):
    series = in_turn(
        {
            "ours": lambda: _requesting(_signed(server, setting, cdr_file(100), CSV)),
            "JSON-2 100": lambda: _requesting(_json2(server, setting, 100)),
        },
        rounds,
    )
    goal = ">= 2 x JSON-2 100"
    path = "100 calls per request"
    return [Row(path, series["ours"], series["JSON-2 100"], goal, 2, is_least=True)]


def _sustained(server, setting, count):
    """Let 20 clients report each call twice; compare the rate with that of JSON-2."""
    bodies = [push(next_call()) for _call in range(count)]
    jobs = [_signed(server, setting, body, FORM) for body in bodies for _time in range(2)]
    seconds, results = together(20, jobs)
    elapsed = sorted(result[0] for result in results)
    bad = sum(status != 200 for _seconds, status in results)
    others, other_results = together(20, [_json2(server, setting, 1) for _ in range(count)])
    row = Row(
        f"20 clients, each call twice, {WORKERS} workers: seconds a request",
        Series("ours", [seconds / len(results)]),
        Series("JSON-2", [others / len(other_results)]),
        ">= 3 x JSON-2",
        3,
        is_least=True,
    )
    p95 = elapsed[int(len(elapsed) * 0.95)]
    row.others_met = len(results) / seconds >= 50 and p95 < 0.5 and not bad
    row.note = (
        f"{len(results) / seconds:.0f} requests/s (goal >= 50), p95 {p95 * 1000:.0f} ms"
        f" (goal < 500), {bad} of {len(results)} not answered with 200 (goal 0)"
    )
    return row


def _rows_per_second(server, setting):
    """Let 8 connections post files of 100 rows."""
    jobs = [_signed(server, setting, cdr_file(100), CSV) for _ in range(80)]
    seconds, results = together(8, jobs)
    bad = sum(status != 200 for _seconds, status in results)
    row = Row("100 calls per request, 8 connections", Series("ours", [r[0] for r in results]))
    row.goal = ">= 10,000 rows/s"
    row.others_met = 100 * len(results) / seconds >= 10_000 and not bad
    row.note = f"{100 * len(results) / seconds:.0f} rows/s, {bad} not answered with 200"
    return row
