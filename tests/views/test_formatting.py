"""Days as people read them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from app import i18n
from app.views.formatting import when_near

NOW = datetime(2027, 1, 3, 23, 30, tzinfo=UTC)  # Monday 4 January, half past midnight in Italy
SAID = {
    "oggi alle 9.00": datetime(2027, 1, 4, 8, tzinfo=UTC),
    "domani alle 9.00": datetime(2027, 1, 5, 8, tzinfo=UTC),
    "lunedì 1º febbraio alle 9.00": datetime(2027, 2, 1, 8, tzinfo=UTC),
    "31 dicembre 2026 alle 9.00": datetime(2026, 12, 31, 8, tzinfo=UTC),
    "1º gennaio 2026 alle 0.30": datetime(2025, 12, 31, 23, 30, tzinfo=UTC),
}


@pytest.mark.parametrize("said", SAID)
def test_a_day_is_told_as_one_would_say_it_today(said: str) -> None:
    assert when_near(SAID[said], NOW, ZoneInfo("Europe/Rome"), i18n.words("it")) == said
