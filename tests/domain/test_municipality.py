"""A municipality leads to its territory, also when the pen slips."""

import pytest

from app.domain.municipality import MunicipalityFacts, meant, nearest

KNOWN = [
    MunicipalityFacts("Tradate", "VA", "21049", "tradate", "Vicino Tradate"),
    MunicipalityFacts("Venegono Inferiore", "VA", "21040", "tradate", "Vicino Tradate"),
    MunicipalityFacts("Venegono Superiore", "VA", "21040", "tradate", "Vicino Tradate"),
    MunicipalityFacts("Cremona", "CR", "26100", "cremona", "Vicino Cremona"),
    MunicipalityFacts("Forlì", "FC", "47121", "forli", "Vicino Forlì"),
]


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("Tradate", ["Tradate"]),
        ("comune di TRADATE (VA)", ["Tradate"]),
        ("tradat", ["Tradate"]),
        ("trdaate", ["Tradate"]),
        ("21049", ["Tradate"]),
        ("venegono", ["Venegono Inferiore", "Venegono Superiore"]),
        ("venegono superore", ["Venegono Superiore"]),
        ("forli", ["Forlì"]),
        ("Varese", []),
        ("", []),
        ("t", []),
    ],
)
def test_what_is_typed_leads_home(typed: str, names: list[str]) -> None:
    assert [one.name for one in meant(typed, KNOWN)] == names


def test_the_nearest_postcode_comes_first() -> None:
    assert nearest("21052", KNOWN) == ["tradate", "cremona", "forli"]
    assert nearest("26013", KNOWN)[0] == "cremona"
    assert nearest("Varese", KNOWN) == ["cremona", "forli", "tradate"]
