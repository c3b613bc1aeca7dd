"""A moment as an organiser types it, in Hanoi time. Pure."""

from datetime import UTC, datetime

from contest.infra.clock import HANOI

# What the browser's own field sends, then what one writes by hand.
_FORMS = (
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%d/%m/%Y %H:%M",
    "%H:%M %d/%m/%Y",
)


def read_moment(typed: str) -> datetime | None:
    """The moment in UTC; None for what is none, an empty field included."""
    for form in _FORMS:
        try:
            local = datetime.strptime(typed.strip(), form)
        except ValueError:
            continue
        # A year beyond a lifetime is a slip of the finger, and the calendar ends at 9999.
        if not 2000 <= local.year <= 2100:
            return None
        return local.replace(tzinfo=HANOI).astimezone(UTC)
    return None


def write_moment(moment: datetime) -> str:
    """As the browser's own field wants it: 2026-11-29T22:00, in Hanoi."""
    return moment.astimezone(HANOI).strftime("%Y-%m-%dT%H:%M")
