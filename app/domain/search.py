"""Finding by need: what people say, matched on folded stems and ranked by our own weights.

A query is read in several ways: as its own words, and as what staff say such words mean (synonyms, edited as data).
A service counts by the best way: first how much of the need it covers, then where the words stand.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app import database
from app.domain import content
from app.domain.search_text import all_tokens, forgiven, tokens

WEIGHTS = {"name": 40, "summary": 15, "category": 8, "text": 3}
LONGEST_QUERY = 120
MOST = 1_000


@dataclass(frozen=True, slots=True)
class NotOfferedFacts:
    answer: str
    phone: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to understand a query."""

    language: str
    tokens: tuple[str, ...]
    is_meant: bool = False


@dataclass(frozen=True, slots=True)
class Understood:
    """`words` are those of the query that the catalogue knows, never the query itself."""

    readings: tuple[Reading, ...]
    not_offered: tuple[NotOfferedFacts, ...]
    words: tuple[str, ...]
    is_forgiven: bool


@dataclass(frozen=True, slots=True)
class Found:
    """The services asked for, best first, of `total` that there are."""

    service_ids: tuple[int, ...] = ()
    total: int = 0


@dataclass(frozen=True, slots=True)
class Among:
    """Which services count: more joins to a service `s` of category `c`, more conditions, their values."""

    joins: str = ""
    conditions: str = ""
    values: tuple[Any, ...] = ()


EVERYTHING = Among()


@dataclass(frozen=True, slots=True)
class Phrase:
    """What people say: a synonym (`meant`) or a need nobody serves (`answer`)."""

    tokens: frozenset[str]
    meant: tuple[str, ...]
    answer: NotOfferedFacts | None


@dataclass(frozen=True, slots=True)
class Heard:
    """What a territory understands: its phrases, and every word of them and of its services."""

    phrases: tuple[Phrase, ...]
    words: frozenset[str]


async def index(service_id: int) -> None:
    """Writes the words of a service anew, inside the caller's transaction."""
    await database.execute("DELETE FROM search_word WHERE service_id = {}", service_id)
    for text in await database.rows(
        "SELECT t.*, c.name_it, c.name_en, p.name AS provider FROM service_text t "
        "JOIN service s ON s.id = t.service_id JOIN category c ON c.id = s.category_id "
        "JOIN provider p ON p.id = s.provider_id WHERE t.service_id = {}",
        service_id,
    ):
        for word, weight in sorted(_weights(text).items()):
            await database.execute(
                "INSERT INTO search_word (word, service_id, language, weight) VALUES ({}, {}, {}, {})",
                *(word, service_id, text["language"], weight),
            )


async def find(territory_id: int, query: str, language: str, among: Among = EVERYTHING) -> Found:
    """The first thousand at most."""
    said = await understand(territory_id, query, language)
    return await best(territory_id, said.readings, among)


async def understand(territory_id: int, query: str, language: str) -> Understood:
    here = await content.kept(("heard", territory_id), lambda: _heard(territory_id))
    query = query[:LONGEST_QUERY]
    said = Said(query, language, here.phrases)
    mended = {slip: near[0] for slip in said.own_tokens - here.words if (near := forgiven(slip, here.words, cut=1))}
    if mended:
        said = Said(query, language, here.phrases, mended)
    answers = tuple(dict.fromkeys(phrase.answer for phrase in said.phrases if phrase.answer))
    return Understood(said.readings, answers, tuple(sorted(said.own_tokens & here.words)), bool(mended))


async def best(
    territory_id: int, readings: Sequence[Reading], among: Among = EVERYTHING, *, limit: int = MOST, offset: int = 0
) -> Found:
    """Best cover first, then weight, then the older service: the same order each time, on both engines."""
    if not readings:
        return Found()
    joins = f"JOIN service s ON s.id = l.id JOIN category c ON c.id = s.category_id {among.joins}"
    rows = await database.rows(
        f"WITH {_listed(readings)} SELECT l.id, count(*) OVER () AS total FROM listed l "
        f"{joins if among.conditions else ''} WHERE l.score / {COVER} > (SELECT max(score) FROM listed) / {COVER} / 2"
        f"{among.conditions} ORDER BY l.score DESC, l.id LIMIT {{}} OFFSET {{}}",
        *(value for reading in readings for value in (reading.language, *reading.tokens)),
        *(territory_id, *among.values, limit, offset),
    )
    if not rows and offset:
        return Found(total=(await best(territory_id, readings, among, limit=1)).total)
    return Found(tuple(row["id"] for row in rows), rows[0]["total"] if rows else 0)


COVER = 1_000_000  # a percent of cover counts more than any weight


def _listed(readings: Sequence[Reading]) -> str:
    """Published services of a territory with their best score over all readings."""
    score, grouped = ("max(k.score)", " GROUP BY k.id") if len(readings) > 1 else ("k.score", "")
    return (
        f"covered AS ({' UNION ALL '.join(map(_covered, readings))}), listed AS (SELECT k.id, {score} AS score "
        f"FROM covered k JOIN service s ON s.id = k.id WHERE s.territory_id = {{}} AND s.status = 'published'{grouped})"
    )


def _covered(reading: Reading) -> str:
    """Services with words of a reading; what staff meant is covered whole or not at all."""
    size = len(reading.tokens)
    named = f"FROM search_word WHERE language = {{}} AND word IN ({', '.join(['{}'] * size)})"
    if size == 1:
        return f"SELECT service_id AS id, {100 * COVER} + weight AS score {named}"
    whole = f" HAVING count(*) = {size}" if reading.is_meant else ""
    score = f"100 * count(*) / {size} * {COVER} + sum(weight)"
    return f"SELECT service_id AS id, {score} AS score {named} GROUP BY service_id{whole}"


class Said:
    """A query and how it may be understood; `phrases` are those heard in it; `mended` replaces slips of the pen."""

    def __init__(
        self, query: str, language: str, phrases: Iterable[Phrase], mended: Mapping[str, str] | None = None
    ) -> None:
        mended = mended or {}
        languages = dict.fromkeys((language, "it"))
        own = [Reading(each, tuple(mended.get(t, t) for t in tokens(query, each))) for each in languages]
        whole = {mended.get(token, token) for token in all_tokens(query, "it")}
        self.phrases = [phrase for phrase in phrases if phrase.tokens <= whole]
        meant = [Reading("it", phrase.meant, is_meant=True) for phrase in self.phrases]
        self.own_tokens = {token for reading in own for token in reading.tokens}
        self.readings = tuple(dict.fromkeys(reading for reading in own + meant if reading.tokens))


def _weights(text: database.Row) -> dict[str, int]:
    language = text["language"]
    fields = {
        "name": text["name"],
        "summary": text["summary"],
        "category": f"{text['name_it'] if language == 'it' else text['name_en']} {text['provider']}",
        "text": " ".join(text[field] for field in ("for_whom", "how_to", "needed", "obtained", "times")),
    }
    found: dict[str, int] = defaultdict(int)
    for field, words in fields.items():
        for token in tokens(words, language):
            found[token] += WEIGHTS[field]
    return found


async def _heard(territory_id: int) -> Heard:
    phrases = tuple(map(_phrase, await database.rows(_PHRASES, territory_id, territory_id)))
    words = {row["word"] for row in await database.rows(_VOCABULARY, territory_id)}
    return Heard(phrases, frozenset(words.union(*(phrase.tokens for phrase in phrases))))


def _phrase(row: database.Row) -> Phrase:
    answer = NotOfferedFacts(row["answer"], row["phone"]) if row["answer"] else None
    return Phrase(frozenset(all_tokens(row["said"], "it")), tuple(tokens(row["meant"], "it")), answer)


_PHRASES = """
SELECT said, meant, '' AS answer, '' AS phone FROM synonym WHERE territory_id IS NULL OR territory_id = {}
UNION ALL SELECT said, '', answer, phone FROM not_offered WHERE territory_id IS NULL OR territory_id = {}
ORDER BY 1, 2, 3
"""
# From word to word along the key: as quick with many services as with few.
_VOCABULARY = """
WITH RECURSIVE vocabulary(word) AS (
  SELECT min(word) FROM search_word
  UNION ALL SELECT (SELECT min(n.word) FROM search_word n WHERE n.word > v.word) FROM vocabulary v
  WHERE v.word IS NOT NULL
)
SELECT v.word FROM vocabulary v WHERE EXISTS (SELECT 1 FROM search_word w JOIN service s ON s.id = w.service_id
  WHERE w.word = v.word AND s.territory_id = {} AND s.status = 'published')
"""
