"""Local dates as telephone systems, their users' settings and spreadsheets write them."""

import re
from contextlib import suppress
from datetime import UTC, datetime, tzinfo

#: Where the month is written first; elsewhere the day is.
_MONTH_FIRST = frozenset({"AS", "FM", "GU", "MH", "MP", "PH", "PR", "PW", "US", "VI"})
_NUMERIC = re.compile(
    r"(\d{1,4})([./-])\s?(\d{1,2})\2\s?(\d{1,4})\.?,?[T\s]+"
    r"(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s*(?:([AP])\.?\s?M\.?)?",
    re.IGNORECASE | re.ASCII,
)
_NAMED_MONTH = ("%d %b %Y", "%d-%b-%Y", "%b %d %Y", "%d %B %Y", "%B %d %Y")


def readings(text: str, country_code: str = "") -> list[datetime]:
    """Return what a text may mean, the likeliest first; none if it is no date and time."""
    text = " ".join(text.split())
    with suppress(ValueError):
        return [datetime.fromisoformat(re.sub(r"Z$", "+00:00", text).replace("/", "-"))]
    if match := _NUMERIC.fullmatch(text):
        return _numeric(match, country_code)
    found = []
    for date_format in _NAMED_MONTH:
        for time_format in ("%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p"):
            with suppress(ValueError):
                written = text.replace(",", "")
                found.append(datetime.strptime(written, f"{date_format} {time_format}"))
    return found[:1]


def _numeric(match: re.Match, country_code: str) -> list[datetime]:
    first, sign, second, third, hour, minute, second_, half = match.groups()
    hours = int(hour)
    if half:
        if not 1 <= hours <= 12:
            return []
        hours = hours % 12 + (12 if half.upper() == "P" else 0)
    if len(first) == 4:
        orders = [(first, second, third)]
    else:
        orders = [(third, second, first), (third, first, second)]
        if sign == "/" and country_code.upper() in _MONTH_FIRST:
            orders.reverse()
        elif sign == ".":
            del orders[1]
    found = []
    for year, month, day in orders:
        full_year = int(year) + (2000 if len(year) == 2 else 0)
        with suppress(ValueError):
            found.append(
                datetime(full_year, int(month), int(day), hours, int(minute), int(second_ or 0))
            )
    return found


def moments(text: str, zone: tzinfo, country_code: str = "") -> list[datetime]:
    """Return the moments (naive UTC) that a text may mean, the likeliest first.

    Local times occur twice when the clocks are set back. Those that are skipped when the clocks are
    set forward are read with each of the two offsets.
    """
    found = []
    for written in readings(text, country_code):
        for is_summer in (True, False):
            with suppress(OverflowError, ValueError):
                local = written if written.tzinfo else zone.localize(written, is_dst=is_summer)
                moment = local.astimezone(UTC).replace(tzinfo=None, microsecond=0)
                if moment not in found:
                    found.append(moment)
    return found


def closest(found: list[datetime], near: datetime | None) -> datetime:
    """Return the moment of ``found`` that is closest to ``near``, the first one if None is."""
    return min(found, key=lambda moment: abs(moment - near)) if near else found[0]
