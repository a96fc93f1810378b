"""The days on which a line of a telephone system counts."""

from datetime import date, timedelta

DAY = timedelta(days=1)


def free_days(taken, last_day):
    """Return the periods up to ``last_day`` that are in none of ``taken``.

    :param taken: ``[(first day or False, last day or False)]``, which do not overlap.
    :return: ``[(first day or False, last day)]``, in their order.
    """
    free = []
    first = False
    for begin, end in sorted(taken, key=lambda days: days[0] or date.min):
        if begin and begin > last_day:
            break
        if begin and (not first or first < begin):
            free.append((first, begin - DAY))
        if not end or end >= last_day:
            return free
        first = end + DAY
    return [*free, (first, last_day)]
