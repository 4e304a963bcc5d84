"""For whom a fund is: checked when credit is given, never when it is spent.

Written as words that must all hold, such as `min_age=65 territory=tradate`: min_age, max_age, territory (its slug,
by enrolment), municipality (its Belfiore code, where the person lives).
"""

from dataclasses import dataclass, fields
from datetime import date
from typing import Self

from app import database
from app.domain.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Target:
    min_age: int | None = None
    max_age: int | None = None
    territory: str = ""
    municipality: str = ""

    @classmethod
    def read(cls, text: str) -> Self:
        """Raises InvalidInput for what nobody could check."""
        parts = dict(word.partition("=")[::2] for word in text.split())
        if not parts.keys() <= {field.name for field in fields(cls)} or not all(parts.values()):
            raise InvalidInput(field="target")
        try:
            return cls(**{name: int(part) if name.endswith("_age") else part for name, part in parts.items()})  # type: ignore[arg-type]
        except ValueError as wrong:
            raise InvalidInput(field="target") from wrong

    async def fits_one_of(self, people: list[int], today: date) -> bool:
        """A household is meant as soon as one of its members is."""
        for person_id in people:
            if await self.fits(person_id, today):
                return True
        return False

    async def fits(self, person_id: int, today: date) -> bool:
        if self == Target():
            return True
        person = await database.row(
            "SELECT i.born_on, m.belfiore FROM person p LEFT JOIN identity i ON i.person_id = p.id "
            "LEFT JOIN municipality m ON m.id = i.municipality_id WHERE p.id = {}",
            person_id,
        )
        if person is None or not self._fits_age(person["born_on"], today):
            return False
        if self.municipality and person["belfiore"] != self.municipality:
            return False
        return not self.territory or await _is_enrolled(person_id, self.territory)

    def _fits_age(self, born_on: date | None, today: date) -> bool:
        if self.min_age is None and self.max_age is None:
            return True
        if born_on is None:
            return False
        age = today.year - born_on.year - ((today.month, today.day) < (born_on.month, born_on.day))
        return (self.min_age or 0) <= age <= (200 if self.max_age is None else self.max_age)


async def _is_enrolled(person_id: int, territory: str) -> bool:
    found = await database.rows(
        "SELECT e.id FROM enrolment e JOIN territory t ON t.id = e.territory_id WHERE e.person_id = {} AND t.slug = {}",
        *(person_id, territory),
    )
    return bool(found)
