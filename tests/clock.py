"""A clock that tests move. The application itself has no way to do so."""

from datetime import datetime, timedelta


class MovableClock:
    def __init__(self, start: datetime) -> None:
        self.now = start

    def __call__(self) -> datetime:
        return self.now

    def tick(self, **lengths: float) -> datetime:
        """clock.tick(minutes=3): lets time pass and says what time it is."""
        self.now += timedelta(**lengths)
        return self.now

    def set(self, moment: datetime) -> datetime:
        self.now = moment
        return moment
