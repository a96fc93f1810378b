"""When an email was sent, as far as what it says of itself can be true."""

from datetime import UTC, datetime, timedelta
from email.utils import mktime_tz, parsedate_tz

from .parts import head_of

#: A clock may be wrong by this; a mail from further ahead than that was not sent then.
AHEAD = timedelta(days=1)
#: A mail may be on its way, or wait in an outbox, for so long.
BEHIND = timedelta(days=31)
_EARLIEST = datetime(1990, 1, 1)
# Headers of servers that are looked at: the last ones and the first ones
_HOPS = 20


def sent_date(raw: bytes, received: datetime, is_sent: bool = False) -> datetime:
    """Return when an email was sent: by its header, or by its receipt if the header can't be true.

    The header is believed when somebody who passed the mail on agrees with it: the mail server, or
    one of those whose mark (Received) it bears. Mail that was copied from another server much later
    bears the marks of its time.

    :param received: when the mail server received it, naive UTC.
    :param is_sent: whether it is a mail that we sent ourselves, which no server marks.
    :return: naive UTC.
    """
    _raw, headers = head_of(raw)
    hops = [
        found
        for value in headers.all_raw("received", _HOPS)
        if (found := _parse(value.rpartition(b";")[2])) and found <= received + AHEAD
    ]
    sent = _parse(headers.raw("date"))
    if sent and _EARLIEST <= sent <= received + AHEAD:
        if is_sent or any(sent - AHEAD <= time <= sent + BEHIND for time in (received, *hops)):
            return sent
    # the mark on top is that of the last server
    return next((time for time in hops if time >= _EARLIEST), received)


def _parse(value: bytes) -> datetime | None:
    """Return the time that a header tells in naive UTC, None if it tells none."""
    try:
        parsed = parsedate_tz(value[:200].decode("ascii", "replace"))
        if not parsed:
            return None
        seconds = mktime_tz(parsed)
        return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)
    except (ValueError, OverflowError, TypeError, IndexError, OSError):
        return None
