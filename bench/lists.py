"""Showing the calls that wait, in databases of several sizes."""

from odoo import SUPERUSER_ID, api

from .data import fill
from .measure import Row, in_turn

BARE = ["date", "direction", "contact_name", "number", "result", "duration", "user_id", "state"]
SUGGESTIONS = [*BARE, "found_lead_id", "candidate_count"]
WAITING = [("type", "=", "call"), ("state", "=", "ready")]
ORDER = "date DESC, id DESC"


def measure(registry, setting, sizes: list[int], rounds: int) -> list[Row]:
    """Measure the lists at each size, and compare the largest with the smallest."""
    rows, first = [], {}
    for size in sizes:
        with registry.cursor() as cr:
            fill(cr, setting.pbx_id, setting.user_ids, size)
            print(f"Lists, {size} calls ...", flush=True)
            for row in _lists(cr, setting, size, rounds):
                name = row.path.partition(" @")[0]
                if name in first and row.goal:
                    growth = row.ours.median / first[name].ours.median
                    row.note = f"{growth:.2f} x of {sizes[0]} calls ({row.goal})"
                first.setdefault(name, row)
                rows.append(row)
    return rows


def _lists(cr, setting, size, rounds):
    salesman = api.Environment(cr, setting.user_ids[0], {})
    manager = api.Environment(cr, _manager(cr), {})
    mine = [*WAITING, ("user_id", "=", salesman.uid)]
    plans = {
        "Ready list 80 + count, mine": (salesman, mine, BARE, "growth <= 1.2 x, <= 4 queries"),
        "Ready list, mine, with suggestions": (salesman, mine, SUGGESTIONS, ""),
        "Ready list, everybody's": (manager, WAITING, BARE, "growth <= 1.4 x, <= 4 queries"),
        "all calls, manager": (manager, WAITING[:1], BARE, "growth <= 1.4 x, <= 4 queries"),
    }
    variants = {name: _read(*plan[:3]) for name, plan in plans.items()}
    variants["badge"] = _count(salesman, mine)
    variants["prepared SQL"] = _prepared(cr, salesman.uid)
    series = in_turn(variants, rounds, cr)
    rows = []
    for name, plan in plans.items():
        reference, limit = series["prepared SQL"], None
        if plan[2] is SUGGESTIONS:
            reference, limit = series["Ready list 80 + count, mine"], 2
            reference.name = "bare list"
        goal = plan[3] or "<= 2 x the bare list"
        most = 4 if plan[3] else None
        rows.append(Row(f"{name} @{size}", series[name], reference, goal, limit, most_queries=most))
    goal = "growth <= 1.1 x"
    rows.append(Row(f"badge @{size}", series["badge"], series["prepared SQL"], goal))
    return rows


def _manager(cr) -> int:
    env = api.Environment(cr, SUPERUSER_ID, {})
    return env.ref("base.user_admin").id


def _start_request(env):
    """Forget all records, and read the user again, as the host does for any request."""
    env.invalidate_all()
    env.user.fetch(["login", "lang", "company_id", "company_ids", "group_ids"])
    env.user.company_ids.fetch(["name"])
    env.user.partner_id.fetch(["lang", "tz"])


def _read(env, domain, names):
    """Return a variant that reads a page as the web client does: 80 rows and their number."""
    specification = {
        name: {"fields": {"display_name": {}}} if name.endswith("_id") else {} for name in names
    }

    def run():
        _start_request(env)
        yield
        env["lead.communication"].web_search_read(
            domain, specification, limit=80, order=ORDER, count_limit=10001
        )
        yield

    return run


def _count(env, domain):
    def run():
        _start_request(env)
        yield
        env["lead.communication"].search_count(domain, limit=100)
        yield

    return run


def _prepared(cr, uid):
    """Return the least that a list can cost: the rows by their index, and their number."""
    where = f"type = 'call' AND state = 'ready' AND user_id = {int(uid)}"

    def run():
        yield
        cr.execute(
            f"SELECT id, date, direction, contact_name, number, result, duration, user_id"
            f" FROM lead_communication WHERE {where} ORDER BY date DESC, id DESC LIMIT 80"
        )
        cr.fetchall()
        cr.execute(
            f"SELECT count(*) FROM (SELECT FROM lead_communication WHERE {where} LIMIT 10001) rows"
        )
        cr.fetchall()
        yield

    return run
