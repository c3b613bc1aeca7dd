from datetime import UTC, datetime, timedelta

import pytest

from contest.quiz.timing import (
    Closed,
    Full,
    IncomingSave,
    LastSave,
    NotYet,
    SaveVerdict,
    Short,
    StartWindow,
    Submission,
    allowed_ms,
    allowed_time,
    attempt_state,
    deadline,
    ranking_time_ms,
    start_window,
    submission,
    time_used_ms,
    verdict,
)

TEN = timedelta(minutes=10)
GRACE = timedelta(seconds=5)


def at(clock: str) -> datetime:
    """ "9:58" → 9 min 58 s after the start of the day's story, "9:58.250" with milliseconds."""
    minutes, _, seconds = clock.partition(":")
    return datetime(2026, 11, 22, tzinfo=UTC) + timedelta(
        minutes=int(minutes), seconds=float(seconds)
    )


START = at("0:00")


def test_extra_time_lengthens_the_time_allowed():
    assert [allowed_ms(10, percent) for percent in (0, 25, 50, 100)] == [
        600_000,
        750_000,
        900_000,
        1_200_000,
    ]
    assert allowed_time(10, 25) == timedelta(minutes=12, seconds=30)


def test_the_deadline_is_the_time_allowed_or_the_close():
    assert deadline(START, TEN, closes=at("60:00")) == at("10:00")
    assert deadline(START, TEN, closes=at("4:00")) == at("4:00")


def test_extra_time_may_run_past_the_close():
    assert deadline(START, allowed_time(10, 50), at("4:00"), extra_time=True) == at("15:00")


@pytest.mark.parametrize(
    ("now", "window"),
    [
        ("9:59.999", NotYet(at("10:00"))),
        ("10:00", Full()),
        ("50:00", Full()),
        ("50:01", Short(timedelta(minutes=9, seconds=59))),
        ("59:59.999", Short(timedelta(milliseconds=1))),
        ("60:00", Closed(at("60:00"))),
    ],
)
def test_who_starts_too_late_for_the_full_time_is_told(now: str, window: StartWindow):
    assert start_window(at(now), at("10:00"), at("60:00"), TEN) == window


def test_with_extra_time_a_late_start_is_a_full_one():
    twelve = allowed_time(10, 25)

    assert start_window(at("59:00"), at("10:00"), at("60:00"), twelve, True) == Full()
    assert start_window(at("60:00"), at("10:00"), at("60:00"), twelve, True) == Closed(at("60:00"))


@pytest.mark.parametrize(
    ("received", "used"),
    [
        ("0:00", 0),
        ("7:10.250", 430_250),
        ("10:00", 600_000),
        ("10:04", 600_000),
        ("90:00", 600_000),
    ],
)
def test_time_used_is_receipt_minus_start_at_most_the_time_allowed(received: str, used: int):
    assert time_used_ms(START, at(received), TEN, at("10:00")) == used


def test_part_of_a_millisecond_is_dropped():
    received = START + timedelta(microseconds=1999)

    assert time_used_ms(START, received, TEN, at("10:00")) == 1


def test_extra_time_neither_punishes_nor_rewards():
    """Half the time allowed ranks as five of ten minutes for everyone."""
    assert ranking_time_ms(300_000, 600_000, 600_000) == 300_000
    assert ranking_time_ms(450_000, 600_000, 900_000) == 300_000
    assert ranking_time_ms(100_001, 600_000, 900_000) == 66_667


def test_the_time_allowed_is_never_shorter_than_the_base():
    with pytest.raises(ValueError, match="base time or longer"):
        ranking_time_ms(1, 600_000, 599_999)


def ended(received: str | None, ends: str = "10:00", allowed: timedelta = TEN) -> Submission:
    return submission(
        received=None if received is None else at(received),
        started=START,
        deadline=at(ends),
        grace=GRACE,
        allowed=allowed,
        base=TEN,
    )


@pytest.mark.parametrize(
    ("received", "moment", "by_itself", "used"),
    [
        ("9:58", "9:58", False, 598_000),
        ("10:05", "10:05", False, 600_000),
        ("10:05.001", "10:00", True, 600_000),
        (None, "10:00", True, 600_000),
    ],
)
def test_a_submission_counts_up_to_five_seconds_late_else_the_paper_ends_by_itself(
    received: str | None, moment: str, by_itself: bool, used: int
):
    found = ended(received)

    assert (found.at, found.is_by_itself, found.time_used_ms) == (at(moment), by_itself, used)
    assert found.ranking_time_ms == used


def test_a_late_starter_s_whole_time_is_what_there_was():
    """Four minutes before the close: whoever ends by itself is not ranked as ten minutes."""
    assert ended(None, ends="4:00").ranking_time_ms == 240_000
    assert ended("4:03", ends="4:00").ranking_time_ms == 240_000
    assert ended("3:59", ends="4:00").ranking_time_ms == 239_000


def test_a_paper_with_extra_time_that_ends_by_itself_ranks_as_the_whole_base_time():
    found = ended(None, ends="15:00", allowed=allowed_time(10, 50))

    assert (found.time_used_ms, found.ranking_time_ms) == (900_000, 600_000)


def test_an_attempt_is_open_through_the_grace_and_then_due():
    states = [
        attempt_state(at("10:05"), at("10:00"), GRACE, None),
        attempt_state(at("10:05.001"), at("10:00"), GRACE, None),
        attempt_state(at("20:00"), at("10:00"), GRACE, at("7:00")),
    ]

    assert states == ["open", "due", "submitted"]


def judged(
    tab_seq: str,
    received: str = "5:00",
    *,
    current: str | None = None,
    based_on: int = 0,
    submitted: str | None = None,
    same_answer: bool = True,
) -> str:
    """ "a3" is the third save of tab a; the current one of "a3" has revision 7."""
    last = LastSave(n=7, tab=current[0], seq=int(current[1:])) if current else None
    return verdict(
        received=at(received),
        deadline=at("10:00"),
        grace=GRACE,
        submitted_at=at(submitted) if submitted else None,
        current=last,
        incoming=IncomingSave(
            tab=tab_seq[0], seq=int(tab_seq[1:]), based_on=based_on, same_answer=same_answer
        ),
    ).value


def test_a_first_save_counts():
    assert judged("a1") == "counted"


def test_a_later_save_of_the_same_tab_counts_whatever_it_was_based_on():
    assert judged("a4", current="a3", based_on=0) == "counted"


def test_an_overtaken_save_of_the_same_tab_is_stale():
    assert judged("a2", current="a3", based_on=7) == "stale"


def test_another_tab_counts_only_when_it_knew_the_current_answer():
    assert judged("b1", current="a3", based_on=7) == "counted"
    assert judged("b9", current="a3", based_on=6) == "stale"


def test_a_retry_is_the_same_save_even_after_the_end():
    assert judged("a3", current="a3") == "repeated"
    assert judged("a3", "10:30", current="a3") == "repeated"
    assert judged("a3", "6:00", current="a3", submitted="5:30") == "repeated"


def test_another_answer_under_an_old_number_is_no_retry():
    """Back in the browser without JavaScript: the page posts its old number again."""
    assert judged("a3", current="a3", same_answer=False) == "stale"
    assert judged("a3", "10:30", current="a3", same_answer=False) == "late"


def test_what_arrives_within_five_seconds_after_the_deadline_counts():
    assert judged("a1", "10:05") == "counted"
    assert judged("a1", "10:05.001") == "late"


def test_nothing_counts_after_the_submission():
    assert judged("a4", "5:00", current="a3", submitted="5:00") == "after-submission"
    assert judged("a4", "10:30", current="a3", submitted="5:00") == "after-submission"


def test_a_save_received_before_the_submission_counts_though_written_after_it():
    assert judged("a4", "4:59.999", current="a3", submitted="5:00") == "counted"


def test_a_verdict_has_a_stable_name():
    assert [each.value for each in SaveVerdict] == [
        "counted",
        "stale",
        "late",
        "after-submission",
        "repeated",
    ]
