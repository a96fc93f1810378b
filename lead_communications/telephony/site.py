"""What is known of a telephone system beforehand, so that nothing has to be guessed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Site:
    """Where a telephone system stands, and what is ours of the numbers and names it shows."""

    #: The time zone of its local times.
    tz: str = "UTC"
    #: Two letters of the country that its national numbers belong to, ``""`` if it has none.
    country_code: str = ""


UNKNOWN = Site()
