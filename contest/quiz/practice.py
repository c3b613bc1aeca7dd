"""A practice run, kept wholly in its address: the seed draws the questions, the address holds what
was answered. Nothing is stored, so anybody may practise, reload, go back or share a run. Pure."""

import msgspec

from contest.bank.draw import Candidate, PaperItem, draw
from contest.errors import Invalid
from contest.rules.shape import BlueprintCell

LENGTH = 10
ANY = "any"
DOMAINS = ("information", "communication", "content", "safety", "problem-solving", "ai")
LEVELS = ("basic", "intermediate", "advanced")


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """`answers[i]` are the places chosen at question i + 1, as they were shown."""

    seed: str
    domain: str
    level: str
    answers: tuple[tuple[int, ...], ...]

    def address(self, number: int) -> str:
        kept = ".".join("".join(map(str, places)) or "-" for places in self.answers)
        return (
            f"/luyen-tap/luot/{self.seed}/{number}"
            f"?linh-vuc={self.domain}&muc={self.level}&tra-loi={kept}"
        )

    def with_answer(self, number: int, places: tuple[int, ...]) -> "Run":
        """The run after question `number`; what came later is dropped, as one has gone back."""
        return msgspec.structs.replace(self, answers=(*self.answers[: number - 1], places))


def read_run(seed: str, domain: str, level: str, kept: str) -> Run:
    """A run out of its address. Raises Invalid for what we did not write there."""
    if not (1 <= len(seed) <= 32 and seed.isascii() and seed.isalnum()):
        raise Invalid("unreadable-form")
    if domain not in (*DOMAINS, ANY) or level not in (*LEVELS, ANY) or len(kept) > 200:
        raise Invalid("unreadable-form")
    answers = []
    for part in kept.split(".") if kept else []:
        if part != "-" and not (part.isascii() and part.isdigit()):
            raise Invalid("unreadable-form")
        answers.append(() if part == "-" else tuple(int(digit) for digit in part))
    return Run(seed=seed, domain=domain, level=level, answers=tuple(answers))


def questions_of(run: Run, pool: list[Candidate]) -> list[PaperItem]:
    """The run's questions: up to LENGTH of the pool that fit, in the seed's order."""
    fitting = [
        each for each in pool if run.domain in (ANY, each.domain) and run.level in (ANY, each.level)
    ]
    take = min(LENGTH, len(fitting))
    if not take:
        return []
    cell = BlueprintCell(domain="any", level="any", take=take)
    return draw(run.seed, fitting, [cell])
