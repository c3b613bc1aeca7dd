"""
The rule document of an edition as typed structs: what may be written, with its bounds.

Each bounded field carries the words that an organiser reads when the value is refused, and each
word that people expect but that cannot be executed carries the reason (`refused`). Defaults are
those of the domain's exact rules; the canonical form writes them out, so that a later change of
a default cannot change the meaning of a document already published.
"""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

Domain = Literal["information", "communication", "content", "safety", "problem-solving", "ai"]
Level = Literal["basic", "intermediate", "advanced"]
AnyDomain = Literal[
    "information", "communication", "content", "safety", "problem-solving", "ai", "any"
]
AnyLevel = Literal["basic", "intermediate", "advanced", "any"]
BarredRole = Literal["organiser", "question-setter", "juror", "operator"]
MarkingPolicy = Literal["all-or-nothing", "right-minus-wrong"]
PredictionKind = Literal["perfect-count", "perfect-percent", "none"]
ChainStep = Literal["score", "distance", "time", "submitted"]
TiePolicy = Literal["all-higher", "share-money"]
OwnScore = Literal["at-publishing", "at-submission"]

Slug = Annotated[
    str,
    Meta(
        pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$",
        max_length=64,
        description="a short name of small letters a-z, digits and single hyphens (64 at most)",
    ),
]
Text = Annotated[
    str, Meta(min_length=1, max_length=500, description="a text of 1 to 500 characters")
]


class Words(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    vi: Text
    en: Text


class Contact(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    email: (
        Annotated[
            str,
            Meta(
                pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$",
                max_length=254,
                description="an e-mail address such as hoi@example.vn",
            ),
        ]
        | None
    ) = None
    phone: (
        Annotated[
            str,
            Meta(
                pattern=r"^\+?[0-9][0-9 .()-]{2,28}$",
                description="a telephone number in quotes, such as '024 3825 0000'",
            ),
        ]
        | None
    ) = None


class EntryRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who may enter. Checked at each start, so a change touches later starts only."""

    minimum_age: Annotated[
        int, Meta(ge=0, le=120, description="a whole number of years from 0 to 120")
    ]
    barred_roles: tuple[BarredRole, ...] = ("organiser", "question-setter", "juror", "operator")
    verified_contact: bool = False


class AttemptRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    minutes: Annotated[int, Meta(ge=1, le=300, description="a whole number of minutes, 1 to 300")]
    attempts: Annotated[int, Meta(ge=1, le=20, description="a whole number from 1 to 20")] = 1
    counts: Annotated[
        Literal["best"],
        Meta(
            extra={
                "refused": dict.fromkeys(
                    ("last", "latest", "first", "sum", "mean", "average"),
                    "must be best: of several attempts the highest score counts, then the "
                    "earliest submitted; no other way of counting can be executed",
                )
            }
        ),
    ] = "best"
    grace_seconds: Annotated[
        int, Meta(ge=0, le=30, description="a whole number of seconds from 0 to 30")
    ] = 5


class Marking(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    points_per_question: Annotated[
        int, Meta(ge=1, le=100, description="a whole number of points from 1 to 100")
    ] = 1
    multiple_choice: MarkingPolicy = "all-or-nothing"


class Prediction(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    kind: PredictionKind
    question: Words | None = None


class IndividualPrize(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`places` positions of the ranking, each worth `value_vnd` dong (0: honour alone)."""

    title: Words
    places: Annotated[int, Meta(ge=1, le=1000, description="a whole number from 1 to 1000")]
    value_vnd: Annotated[
        int,
        Meta(ge=0, le=10_000_000_000, description="a whole number of dong from 0 to 10000000000"),
    ]


class Prizes(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    individual: tuple[IndividualPrize, ...] = ()
    tie_across_edge: Annotated[
        TiePolicy,
        Meta(
            extra={
                "refused": {
                    "draw": "must be all-higher or share-money: a draw needs a seed committed in "
                    "the ledger before the round opens, which cannot be executed yet"
                }
            }
        ),
    ] = "all-higher"


class Complaints(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    How long one may ask to look at a result again, and how soon that is answered.

    `within_days` counts calendar days after the act that made or adjusted the result;
    `answer_days` counts working days, Monday to Friday, after the complaint.
    """

    within_days: Annotated[
        int, Meta(ge=1, le=60, description="a whole number of days from 1 to 60")
    ] = 5
    answer_days: Annotated[
        int, Meta(ge=1, le=30, description="a whole number of working days from 1 to 30")
    ] = 3


class Rules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    entry: EntryRules
    attempt: AttemptRules
    marking: Marking = field(default_factory=Marking)
    prediction: Prediction = field(default_factory=lambda: Prediction(kind="none"))
    chain: tuple[ChainStep, ...]
    own_score: OwnScore = "at-publishing"
    prizes: Prizes = field(default_factory=Prizes)
    complaints: Complaints = field(default_factory=Complaints)


class BlueprintCell(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """So many questions of this domain and level; `any` leaves one of them, or both, open."""

    domain: AnyDomain
    level: AnyLevel
    take: Annotated[int, Meta(ge=1, le=50, description="a whole number from 1 to 50")]


class Round(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    One round; all times are aware and in UTC.

    It is open from `opens` up to, not including, `closes`. `publishes` is the plan only: the
    act of publishing waits for every extended attempt.
    """

    slug: Slug
    title: Words
    opens: datetime
    closes: datetime
    publishes: datetime
    pool: Slug
    blueprint: tuple[BlueprintCell, ...]


class EditionDocument(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    edition: Slug
    title: Words
    tagline: Words
    organiser: Words
    contact: Contact | None = None
    rules: Rules
    rounds: tuple[Round, ...]
