"""The name of a person: first, middle and last, and all of it in one line."""


def join(first, middle, last):
    """Return the whole name."""
    return " ".join(part.strip() for part in (first, middle, last) if part and part.strip())


def split(name):
    """Return ``(first, middle, last)`` of a whole name; ``Last, First Middle`` is understood.

    A guess, as names are: whoever knows better corrects the parts.
    """
    name = " ".join((name or "").split())
    last, comma, rest = name.partition(",")
    if comma and last.strip() and rest.strip():
        first, _space, middle = rest.strip().partition(" ")
        return first, middle.strip(), last.strip()
    parts = name.split(" ")
    if len(parts) < 2:
        return name, "", ""
    return parts[0], " ".join(parts[1:-1]), parts[-1]
