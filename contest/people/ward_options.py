"""The wards of a day as the options of a select, with the way out for those who live elsewhere."""

from collections.abc import Sequence
from typing import Any

from contest.people.forms import OTHER_WARD
from contest.units.queries import UnitLine
from contest.web.context import AnyRequest
from contest.web.templating import say

_KIND_WORDS = {"ward": "Phường", "commune": "Xã", "township": "Thị trấn"}
_ELSEWHERE = "Khác: nơi ở của tôi không có ở trên"


def ward_options(request: AnyRequest, wards: Sequence[UnitLine]) -> list[dict[str, Any]]:
    """Under the word of their kind, each in Vietnamese order; the way out stands at the end."""
    groups = [
        {
            "label": say(request, word),
            "options": [
                {"value": ward.id, "label": ward.name} for ward in wards if ward.kind == kind
            ],
        }
        for kind, word in _KIND_WORDS.items()
    ]
    elsewhere = {"value": OTHER_WARD, "label": say(request, _ELSEWHERE)}
    return [*(group for group in groups if group["options"]), elsewhere]
