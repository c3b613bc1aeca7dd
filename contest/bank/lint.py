"""The check of a question bank: house style, sources, near twins, giveaways and how much there is.

Faults must be mended before questions are used; warnings are for a person to look at; figures are
what both were concluded from. Reads nothing and prints nothing.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from contest.bank.facts import Facts
from contest.bank.formats.question import DOMAINS, LEVELS, Question, content_hash
from contest.bank.formats.yaml_files import Bank, BankFile, Fault, clashes
from contest.bank.giveaways import LEAST_QUESTIONS, WHOLE_BANK, Giveaways, measure
from contest.bank.similarity import near_twins
from contest.bank.wording import wording_faults, wording_warnings

TWINS = 0.6
LOOKALIKES = 0.45


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """
    What a bank must offer and how it is laid out.

    `per_cell`: questions of each domain at each level, over all pools; `pool_per_cell`: in single
    pools. `prefixes`: how the ids of a pool begin. `folders_name_pools`: `demo/week-1/ai.yaml`
    holds pool demo-week-1 and domain ai. The default wants nothing: a set from outside.
    """

    total: int = 0
    per_cell: int = 0
    pool_per_cell: Mapping[str, int] = {}
    prefixes: Mapping[str, str] = {}
    folders_name_pools: bool = False


OUTSIDE = Wanted()
REPOSITORY = Wanted(
    total=120,
    per_cell=6,
    pool_per_cell={"practice": 3},
    prefixes={
        "practice": "pr-",
        "demo-week-1": "w1-",
        "demo-week-2": "w2-",
        "demo-week-3": "w3-",
        "demo-week-4": "w4-",
    },
    folders_name_pools=True,
)


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """`cells` counts questions by pool, domain and level; `types` by type."""

    cells: dict[tuple[str, str, str], int]
    types: dict[str, int]
    giveaways: Giveaways


class Report(msgspec.Struct, frozen=True, kw_only=True):
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]
    figures: Figures


def check_bank(
    bank: Bank,
    facts: Facts | None,
    wanted: Wanted = OUTSIDE,
    *,
    beside: Bank | None = None,
) -> Report:
    """
    All checks of a bank that could be read.

    Without `facts`, sources are not looked up. `beside` is a bank these questions must not repeat:
    a sealed set is checked beside the public one, where entrants may have met a question.
    """
    return check_files(bank.files, facts, wanted, beside=beside.files if beside else ())


def check_files(
    files: Iterable[BankFile],
    facts: Facts | None,
    wanted: Wanted = OUTSIDE,
    *,
    beside: Iterable[BankFile] = (),
    unreadable: Iterable[Fault] = (),
) -> Report:
    """As `check_bank`, of files out of a scan; the scan's faults are passed as `unreadable`."""
    files, beside = tuple(files), tuple(beside)
    faults = list(unreadable)
    warnings: list[Fault] = []
    for file in files:
        faults += _layout(file, wanted)
        for index, question in enumerate(file.questions):
            faults += [file.fault(index, *told) for told in wording_faults(question)]
            warnings += [file.fault(index, *told) for told in wording_warnings(question)]
            if facts is not None:
                faults += [file.fault(index, *told) for told in _unsound(question, facts)]
                warnings += [file.fault(index, *told) for told in _doubts(question, facts)]
    shown = {file.shown for file in files}
    faults += [fault for fault in clashes([*beside, *files]) if fault.file in shown]
    for fault, is_twin in _twins(files, beside):
        (faults if is_twin else warnings).append(fault)
    figures = _figures(files)
    faults += _too_few(figures.cells, wanted)
    for figure in figures.giveaways.strategies:
        if figure.gives_away or figure.is_suspect:
            p = f"p = {figure.p:.4f}" if figure.p >= 0.0001 else "p < 0.0001"
            told = (
                f"{figure.strategy!r} hits {figure.hits} of {figure.tried}, by chance "
                f"{figure.expected:.1f} ({p})"
            )
            fault = Fault(figure.group, 0, "giveaway", told)
            (faults if figure.gives_away else warnings).append(fault)
    for lengths in figures.giveaways.lengths:
        if lengths.is_uneven:
            told = f"keys are {lengths.ratio:.2f} times as long as other choices"
            path = f"lengths ({lengths.language})"
            warnings.append(Fault(lengths.group, 0, path, told))
    return Report(faults=tuple(sorted(faults)), warnings=tuple(sorted(warnings)), figures=figures)


def report_lines(report: Report) -> list[str]:
    """The report as text for a terminal: faults, warnings, then tables of figures."""
    lines = [f"fault    {fault}" for fault in report.faults]
    lines += [f"warning  {fault}" for fault in report.warnings]
    lines += ["", *_cell_table(report.figures), "", *_strategy_table(report.figures.giveaways)]
    lines += ["", f"{len(report.faults)} faults, {len(report.warnings)} warnings"]
    return lines


def _layout(file: BankFile, wanted: Wanted) -> Iterator[Fault]:
    folder, _, name = file.name.rpartition("/")
    if wanted.folders_name_pools and folder.replace("/", "-") != file.pool:
        told = f"pool {file.pool!r} lies in folder {folder!r}"
        yield Fault(file.shown, 1, "pool", told)
    prefix = wanted.prefixes.get(file.pool, "")
    if wanted.prefixes and not prefix:
        told = f"unknown pool {file.pool!r}; known are {', '.join(wanted.prefixes)}"
        yield Fault(file.shown, 1, "pool", told)
    for index, question in enumerate(file.questions):
        if not question.id.startswith(prefix):
            yield file.fault(index, "id", f"must begin with {prefix!r} in pool {file.pool}")
        domain = name.rpartition(".")[0]
        if wanted.folders_name_pools and question.domain != domain:
            yield file.fault(index, "domain", f"is {question.domain} in the file for {domain}")


def _unsound(question: Question, facts: Facts) -> Iterator[tuple[str, str]]:
    """What the question stands on does not hold."""
    number = question.source.fact
    if number is not None:
        fact = facts.rows.get(number)
        if fact is None:
            yield "source.fact", f"there is no fact {number}"
        elif fact.standing == "verify":
            yield "source.fact", f"fact {number} is marked verify: never a key"
    for language, cite in (("vi", question.source.cite.vi), ("en", question.source.cite.en)):
        if law := facts.retired_in(cite):
            told = f"{law.law} is no longer in force: {law.replaced_by} since {law.since}"
            yield f"source.cite.{language}", told


def _doubts(question: Question, facts: Facts) -> Iterator[tuple[str, str]]:
    """What a person should look at in the question's sources."""
    fact = facts.rows.get(question.source.fact or 0)
    if fact is not None and fact.standing != "verify" and fact.reservation:
        yield "source.fact", f"fact {fact.number} has a point to check: {fact.reservation}"
    for path, text in (
        ("text.vi", question.text.vi),
        ("explanation.vi", question.explanation.vi),
    ):
        if law := facts.retired_in(text):
            yield path, f"names {law.law}, no longer in force; does it say so?"


def _twins(
    files: tuple[BankFile, ...], beside: tuple[BankFile, ...]
) -> Iterator[tuple[Fault, bool]]:
    """Nearly equal pairs with a side in `files`; True marks those too alike to keep both."""
    placed = [(f, i, q) for f in (*beside, *files) for i, q in enumerate(f.questions)]
    ours = sum(len(file.questions) for file in beside)
    for pair in near_twins([question for *_, question in placed], LOOKALIKES):
        if pair.second < ours:
            continue
        file, index, question = placed[pair.second]
        other, at, twin = placed[pair.first]
        if content_hash(question) == content_hash(twin):
            continue  # told as a clash already
        told = (
            f"{pair.similarity:.2f} like {twin.id!r} in its {pair.of} "
            f"({other.shown}:{other.line(at, 'text')})"
        )
        yield file.fault(index, "text", told), pair.similarity >= TWINS


def _too_few(cells: Mapping[tuple[str, str, str], int], wanted: Wanted) -> Iterator[Fault]:
    total = sum(cells.values())
    if total < wanted.total:
        yield Fault(WHOLE_BANK, 0, "", f"{total} questions; at least {wanted.total} are wanted")
    pools: list[tuple[str | None, int]] = [(None, wanted.per_cell), *wanted.pool_per_cell.items()]
    for wanted_pool, least in pools:
        for domain in DOMAINS:
            for level in LEVELS:
                found = sum(
                    count
                    for (pool, *cell), count in cells.items()
                    if cell == [domain, level] and wanted_pool in (None, pool)
                )
                if found < least:
                    told = f"{found} questions of {domain}, {level}; at least {least} are wanted"
                    yield Fault(wanted_pool or WHOLE_BANK, 0, "", told)


def _figures(files: Iterable[BankFile]) -> Figures:
    cells: Counter[tuple[str, str, str]] = Counter()
    types: Counter[str] = Counter()
    pools: dict[str, list[Question]] = {}
    for file in files:
        pools.setdefault(file.pool, []).extend(file.questions)
        cells.update((file.pool, question.domain, question.level) for question in file.questions)
        types.update(question.type for question in file.questions)
    return Figures(cells=dict(cells), types=dict(types), giveaways=measure(pools))


def _cell_table(figures: Figures) -> Iterator[str]:
    pools = sorted({pool for pool, *_ in figures.cells})
    yield f"{'pool':<24}{'domain':<17}" + "".join(f"{level:>14}" for level in LEVELS)
    for pool in pools:
        for domain in DOMAINS:
            counts = [figures.cells.get((pool, domain, level), 0) for level in LEVELS]
            yield f"{pool:<24}{domain:<17}" + "".join(f"{count:>14}" for count in counts)
    types = ", ".join(f"{count} {name}" for name, count in sorted(figures.types.items()))
    yield f"{sum(figures.cells.values())} questions: {types}"


def _strategy_table(giveaways: Giveaways) -> Iterator[str]:
    """Only what was tried often enough to mean something; `!` gives the bank away, `?` may."""
    yield f"{'group':<24}{'strategy':<40}{'hits':>6}{'of':>6}{'chance':>8}{'p':>9}"
    for figure in giveaways.strategies:
        if figure.tried >= LEAST_QUESTIONS:
            mark = " !" if figure.gives_away else " ?" if figure.is_suspect else ""
            yield (
                f"{figure.group:<24}{figure.strategy:<40}{figure.hits:>6}{figure.tried:>6}"
                f"{figure.expected:>8.1f}{figure.p:>9.4f}{mark}"
            )
    for lengths in giveaways.lengths:
        what = f"key ÷ other choices, length ({lengths.language})"
        yield f"{lengths.group:<24}{what:<40}{lengths.ratio:>6.2f}{lengths.questions:>6}"
    for absolutes in giveaways.absolutes:
        what = f"absolute words in keys, others ({absolutes.language})"
        yield (
            f"{absolutes.group:<24}{what:<40}{absolutes.in_keys:>6.0%}"
            f"{absolutes.in_distractors:>6.0%}"
        )
