"""The public method: its example follows the rules of the edition."""

from typing import Any

import pytest

from tests.site import Site
from tests.standings.explained import words


@pytest.mark.parametrize(
    ("rules", "place", "total"),
    [
        ({}, 3, "1 + 1 + 1 = 3"),
        ({"prediction": {"kind": "none"}, "chain": ["score"]}, 1, "3 người khác bằng Chi"),
        ({"prediction": {"kind": "none"}, "chain": ["score", "time"]}, 3, "2 + 1 = 3"),
        ({"prediction": {"kind": "none"}, "chain": ["score", "submitted"]}, 3, "2 + 1 = 3"),
        (
            {
                "prediction": {
                    "kind": "perfect-percent",
                    "question": {"vi": "Bao nhiêu?", "en": "How many?"},
                },
                "chain": ["score", "distance"],
            },
            2,
            "1 + 1 = 2",
        ),
    ],
    ids=["usual", "score-alone", "time", "submitted", "percent"],
)
def test_the_method_page_explains_its_example_by_the_editions_chain(
    site: Site, rules: Any, place: int, total: str
) -> None:
    site.world.open_edition(**rules)

    for path in ("/cach-xep-hang", "/cach-xep-hang?ky=thu-nghiem"):
        page = site.visitor().get(path)
        assert page.status_code == 200
        said = words(page.text)
        assert f"Vì sao Chi đứng thứ {place}?" in said
        assert total in said
    assert site.visitor().get("/cach-xep-hang?ky=khong-co").status_code == 404
