"""One line of each unit file, understood."""

from datetime import date

import msgspec


class UnitRow(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    code: str
    name: str
    kind: str
    parent_id: str | None
    valid_from: date
    valid_to: date | None


class SuccessionRow(msgspec.Struct, frozen=True, kw_only=True):
    from_id: str
    to_id: str
    on_day: date
    share: str
    is_default: bool
    basis: str


class SchoolRow(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    name: str
    level: str
    ward_id: str
    size: int | None
