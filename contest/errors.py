"""The few ways in which a request can be refused, each with a stable code and no word of HTTP.

What is expected to happen (a late answer, a stale tab) is a result, not an error.
`web/problems.py` alone turns these into a status and into words for a person.
"""


class ContestError(Exception):
    """A refusal: `code` is stable and is what words are looked up by; `facts` fill the words."""

    kind = "error"

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


class NotFound(ContestError):
    """Nothing here under this name, or nothing this person may know of."""

    kind = "not-found"


class NotAllowed(ContestError):
    """The person is known and may not do this."""

    kind = "not-allowed"


class SignInNeeded(ContestError):
    """Somebody signed in could do this."""

    kind = "sign-in-needed"

    def __init__(self) -> None:
        super().__init__("sign-in-needed")


class Conflict(ContestError):
    """The state of things forbids it now: already done, changed by somebody else."""

    kind = "conflict"


class Closed(ContestError):
    """The time for this has not come or is over."""

    kind = "closed"


class Invalid(ContestError):
    """What was sent cannot be understood."""

    kind = "invalid"


class TooMany(ContestError):
    """Tried too often; `retry_after_s` says in how many seconds to come back."""

    kind = "too-many"

    def __init__(self, code: str, *, retry_after_s: int) -> None:
        super().__init__(code, retry_after_s=retry_after_s)
        self.retry_after_s = retry_after_s


class TooLarge(ContestError):
    """More bytes than this door takes."""

    kind = "too-large"


class Unavailable(ContestError):
    """Our own fault and passing: disk, database, too long a queue. Nothing was acknowledged."""

    kind = "unavailable"
