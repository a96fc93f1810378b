"""Showing the calls that wait, in databases of several sizes."""

from odoo import SUPERUSER_ID, api

from .data import fill
from .measure import Row, Series, in_turn

BARE = ["date", "direction", "contact_name", "number", "result", "duration", "user_id", "state"]
SUGGESTIONS = [*BARE, "found_lead_id", "candidate_count"]
WAITING = [("type", "=", "call"), ("state", "=", "ready")]
ORDER = "date DESC, id DESC"
MINE = "Ready list 80 + count, mine"
SUGGESTED = "Ready list, mine, with suggestions"
EVERYBODYS = "Ready list, everybody's"
ALL = "all calls, manager"
BADGE = "badge"
#: How much longer the largest database may take than the smallest.
GROWTH = {MINE: 1.2, EVERYBODYS: 1.4, ALL: 1.4, BADGE: 1.1}


def measure(registry, setting, sizes: list[int], rounds: int) -> list[Row]:
    """Measure the lists at each size, and compare the largest with the smallest."""
    rows, first = [], {}
    for size in sizes:
        with registry.cursor() as cr:
            fill(cr, setting.pbx_id, setting.user_ids, size)
            print(f"Lists, {size} calls ...", flush=True)
            for row in _lists(cr, setting, size, rounds):
                name = row.path.partition(" @")[0]
                if name in first and name in GROWTH:
                    growth = row.ours.median / first[name].ours.median
                    row.others_met = growth <= GROWTH[name]
                    row.note = f"{growth:.2f} x of {sizes[0]} calls"
                first.setdefault(name, row)
                rows.append(row)
    return rows


def _lists(cr, setting, size, rounds):
    salesman = api.Environment(cr, setting.user_ids[0], {})
    manager = api.Environment(cr, _manager(cr), {})
    mine = [*WAITING, ("user_id", "=", salesman.uid)]
    plans = {
        MINE: (salesman, mine, BARE),
        SUGGESTED: (salesman, mine, SUGGESTIONS),
        EVERYBODYS: (manager, WAITING, BARE),
        ALL: (manager, WAITING[:1], BARE),
    }
    variants = {name: _read(*plan) for name, plan in plans.items()}
    variants[BADGE] = _count(salesman, mine)
    variants["bare SQL"] = _bare_sql(cr, salesman.uid)
    series = in_turn(variants, rounds, cr)
    return [_row(name, size, series) for name in (*plans, BADGE)]


def _row(name, size, series) -> Row:
    path, ours, reference = f"{name} @{size}", series[name], series["bare SQL"]
    if name == SUGGESTED:
        bare = Series("bare list", series[MINE].seconds)
        return Row(path, ours, bare, "<= 2 x the bare list", 2)
    goal = f"growth <= {GROWTH[name]} x"
    if name == BADGE:
        return Row(path, ours, reference, goal)
    return Row(path, ours, reference, f"{goal}, <= 4 queries", most_queries=4)


def _manager(cr) -> int:
    env = api.Environment(cr, SUPERUSER_ID, {})
    return env.ref("base.user_admin").id


def _start_request(env):
    """Forget all records, and read the user again, as Odoo does for any request."""
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


def _bare_sql(cr, uid):
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
