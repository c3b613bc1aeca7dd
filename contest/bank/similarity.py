"""Questions that say nearly the same, found among tens of thousands.

Similarity is Jaccard's: shared shingles divided by all shingles of both. Pairs above a threshold
are found with prefix and position filters (Chaudhuri, Ganti, Kaushik 2006: two sets that similar
must meet in their rarest shingles; Xiao, Wang, Lin, Yu 2008, "PPJoin": where they meet bounds what
they can still share), exactly, without comparing every pair.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from contest.bank.formats.question import Question
from contest.bank.wording import plain_words

_SHINGLE = 2  # syllables; most Vietnamese words have two
# Shorter questions ("Which of these is true?") live from their choices, not from their stem.
_LEAST_STEM_WORDS = 9


class Twins(msgspec.Struct, frozen=True, order=True):
    """Positions (first < second) of two questions and how similar they are, from 0 to 1;
    `of` says whether the whole questions were compared or only what they ask."""

    first: int
    second: int
    similarity: float
    of: str


def near_twins(questions: Sequence[Question], least: float) -> list[Twins]:
    """Pairs of questions at least that similar, in Vietnamese without tones: as a whole (with
    choices, in any order) or in what they ask. The larger similarity of a pair is given."""
    found: dict[tuple[int, int], Twins] = {}
    asked = [plain_words(question.text.vi) for question in questions]
    stems = [_shingles([words]) if len(words) >= _LEAST_STEM_WORDS else set() for words in asked]
    wholes = [
        _shingles([words, *(plain_words(choice.vi) for choice in question.choices)])
        for words, question in zip(asked, questions, strict=True)
    ]
    for name, sets in (("question", stems), ("question and choices", wholes)):
        for first, second, similarity in similar_pairs(sets, least):
            known = found.get((first, second))
            if known is None or known.similarity < similarity:
                found[first, second] = Twins(first, second, similarity, name)
    return sorted(found.values())


def similar_pairs(sets: Sequence[set[str]], least: float) -> Iterator[tuple[int, int, float]]:
    """All pairs (i < j) of non-empty sets whose Jaccard similarity is at least `least` > 0."""
    counts = Counter(item for items in sets for item in items)
    rank = {item: at for at, item in enumerate(sorted(counts, key=lambda i: (counts[i], i)))}
    ordered = [sorted(rank[item] for item in items) for items in sets]
    by_size = sorted(
        (at for at, items in enumerate(ordered) if items), key=lambda at: len(sets[at])
    )
    once = sum(1 for count in counts.values() if count == 1)  # these ranks meet nobody
    index: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for this in by_size:
        items = ordered[this]
        size = len(items)
        smallest = math.ceil(least * size - 1e-9)
        shared: dict[int, int] = {}
        prefix = size - smallest + 1
        for position, item in enumerate(items[:prefix]):
            if item < once:
                continue
            for other, other_position in index[item]:
                other_size = len(ordered[other])
                so_far = shared.get(other, 0)
                if other_size < smallest or so_far < 0:
                    continue
                needed = math.ceil(least / (1 + least) * (size + other_size) - 1e-9)
                possible = so_far + min(size - position, other_size - other_position)
                shared[other] = so_far + 1 if possible >= needed else -1
        for other, met in shared.items():
            if met > 0:
                common = len(sets[this] & sets[other])
                similarity = common / (size + len(sets[other]) - common)
                if similarity >= least - 1e-9:
                    yield min(this, other), max(this, other), similarity
        own_prefix = size - math.ceil(2 * least / (1 + least) * size - 1e-9) + 1
        for position, item in enumerate(items[:own_prefix]):
            if item >= once:
                index[item].append((this, position))


def _shingles(texts: Iterable[Sequence[str]]) -> set[str]:
    """Runs of words within each text; a text shorter than a run is one shingle."""
    return {
        " ".join(words[at : at + _SHINGLE])
        for words in texts
        for at in range(max(1, len(words) - _SHINGLE + 1))
    }
