"""Timing: variants in shuffled turn, medians."""

import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field

#: The order of the turns is the same in every run of the benchmark.
_chance = random.Random(19)


@dataclass
class Series:
    """The measurements of one variant."""

    name: str
    #: Seconds of each run.
    seconds: list[float] = field(default_factory=list)
    #: Database queries of the last run, None where they cannot be counted.
    queries: int | None = None

    @property
    def median(self) -> float:
        """Seconds."""
        return statistics.median(self.seconds)

    @property
    def p90(self) -> float:
        """Seconds."""
        return sorted(self.seconds)[min(int(len(self.seconds) * 0.9), len(self.seconds) - 1)]


def in_turn(
    variants: dict[str, Callable], rounds: int, cr=None, warm: int = 3
) -> dict[str, Series]:
    """Run each variant ``rounds`` times, in another order each time.

    What a variant prepares before it is measured, it does in a generator's first step; a variant
    is a function that returns such a generator or does all in the call.

    :param cr: the cursor whose queries are counted.
    :param warm: rounds before that do not count.
    """
    series = {name: Series(name) for name in variants}
    for number in range(-warm, rounds):
        for name in _chance.sample(list(variants), len(variants)):
            run = variants[name]()
            next(run)  # prepares
            queries = cr.sql_log_count if cr else 0
            started = time.perf_counter()
            next(run, None)
            elapsed = time.perf_counter() - started
            if cr:
                series[name].queries = cr.sql_log_count - queries
            next(run, None)  # tidies up
            if number >= 0:
                series[name].seconds.append(elapsed)
    return series


@dataclass
class Row:
    """A line of the table: what we need, and the reference of the same run."""

    path: str
    ours: Series
    reference: Series | None = None
    goal: str = ""
    #: The largest ratio that meets the goal; as "at least" if ``is_least``.
    limit: float | None = None
    is_least: bool = False
    most_queries: int | None = None
    #: Whether goals that are no ratio are met, if there are any.
    others_met: bool | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours through the reference; the other way round where the goal is to be faster."""
        if not self.reference:
            return None
        ratio = self.ours.median / self.reference.median
        return 1 / ratio if self.is_least else ratio

    @property
    def is_met(self) -> bool | None:
        """Whether the goal is met, None if there is none to be checked here."""
        checks = [] if self.others_met is None else [self.others_met]
        if self.limit is not None and self.ratio is not None:
            checks.append(self.ratio >= self.limit if self.is_least else self.ratio <= self.limit)
        if self.most_queries is not None and self.ours.queries is not None:
            checks.append(self.ours.queries <= self.most_queries)
        return all(checks) if checks else None

    def as_dict(self) -> dict:
        """Return what goes into the JSON file; times in milliseconds."""
        reference = self.reference
        return {
            "path": self.path,
            "median_ms": self.ours.median * 1000,
            "p90_ms": self.ours.p90 * 1000,
            "runs": len(self.ours.seconds),
            "queries": self.ours.queries,
            "reference": reference.name if reference else None,
            "reference_median_ms": reference.median * 1000 if reference else None,
            "ratio": self.ratio,
            "goal": self.goal,
            "met": self.is_met,
            "note": self.note,
        }


def table(rows: list[Row]) -> str:
    """Return the rows as a table of text."""
    head = ("path", "median", "p90", "runs", "queries", "reference", "ratio", "goal", "met")
    lines = [head]
    for row in rows:
        queries = "" if row.ours.queries is None else str(row.ours.queries)
        reference = f"{row.reference.name} {_ms(row.reference.median)}" if row.reference else ""
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        met = {True: "yes", False: "NO", None: ""}[row.is_met]
        times = (_ms(row.ours.median), _ms(row.ours.p90), str(len(row.ours.seconds)))
        lines.append((row.path, *times, queries, reference, ratio, row.goal, met))
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    text = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]
    return "\n".join([*text, *(f"{row.path}: {row.note}" for row in rows if row.note)])


def _ms(seconds: float) -> str:
    milliseconds = seconds * 1000
    return f"{milliseconds:.3f} ms" if milliseconds < 1 else f"{milliseconds:.1f} ms"
