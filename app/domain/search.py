"""Finding by need: what people say, matched on folded stems and ranked by our own weights.

A query is read in several ways: as its own words, and as what staff say such words mean (synonyms, edited as data).
A service counts by the best way: first how much of the need it covers, then where the words stand.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app import database
from app.domain.search_text import all_tokens, forgiven, tokens

WEIGHTS = {"name": 40, "summary": 15, "category": 8, "text": 3}
LONGEST_QUERY = 120


@dataclass(frozen=True, slots=True)
class NotOfferedFacts:
    answer: str
    phone: str


@dataclass(frozen=True, slots=True)
class Found:
    """Services best first; `words` are those of the query that the catalogue knows, never the query itself."""

    service_ids: tuple[int, ...]
    not_offered: tuple[NotOfferedFacts, ...]
    words: tuple[str, ...]
    is_forgiven: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to understand a query."""

    language: str
    tokens: tuple[str, ...]
    is_meant: bool = False


Weights = Mapping[tuple[str, str], Mapping[int, int]]  # (language, word) -> service -> weight


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


async def find(territory_id: int, query: str, language: str) -> Found:
    said = Said(query[:LONGEST_QUERY], language, await _phrases(territory_id))
    weights = await _words(territory_id, said.tokens)
    known = {word for _, word in weights} | {token for phrase in said.phrases for token in phrase["tokens"]}
    mended = await _mended(territory_id, said.own_tokens - known, known) if not said.own_tokens <= known else {}
    if mended:
        said = Said(said.query, language, said.phrases, mended)
        weights = await _words(territory_id, said.tokens)
    words = tuple(sorted(said.own_tokens & (known | set(mended.values()))))
    return Found(_ranked(said.readings, weights), _answers(said.heard), words, bool(mended))


class Said:
    """A query and how it may be understood; `mended` replaces slips of the pen."""

    def __init__(
        self, query: str, language: str, phrases: list[database.Row], mended: Mapping[str, str] | None = None
    ) -> None:
        self.query, self.phrases = query, phrases
        mended = mended or {}
        languages = dict.fromkeys((language, "it"))
        own = [Reading(each, tuple(mended.get(t, t) for t in tokens(query, each))) for each in languages]
        whole = {mended.get(token, token) for token in all_tokens(query, "it")}
        self.heard = [phrase for phrase in phrases if phrase["tokens"] <= whole]
        meant = [Reading("it", tuple(tokens(p["meant"], "it")), is_meant=True) for p in self.heard if p["meant"]]
        self.own_tokens = {token for reading in own for token in reading.tokens}
        self.readings = [reading for reading in own + meant if reading.tokens]
        self.tokens = {token for reading in self.readings for token in reading.tokens}


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


async def _phrases(territory_id: int) -> list[database.Row]:
    """What people say here: synonyms (`meant`) and needs nobody serves (`answer`)."""
    found = await database.rows(
        "SELECT said, meant, '' AS answer, '' AS phone FROM synonym WHERE territory_id IS NULL OR territory_id = {} "
        "UNION ALL SELECT said, '', answer, phone FROM not_offered WHERE territory_id IS NULL OR territory_id = {} "
        "ORDER BY 1, 2, 3",
        territory_id,
        territory_id,
    )
    return [{**phrase, "tokens": set(all_tokens(phrase["said"], "it"))} for phrase in found]


async def _words(territory_id: int, wanted: Iterable[str]) -> Weights:
    words = sorted(wanted)
    if not words:
        return {}
    places = ", ".join(["{}"] * len(words))
    found: dict[tuple[str, str], dict[int, int]] = defaultdict(dict)
    for row in await database.rows(
        f"SELECT w.word, w.language, w.service_id, w.weight FROM search_word w JOIN service s ON s.id = w.service_id "
        f"WHERE w.word IN ({places}) AND s.territory_id = {{}} AND s.status = 'published'",
        *words,
        territory_id,
    ):
        found[row["language"], row["word"]][row["service_id"]] = row["weight"]
    return found


async def _mended(territory_id: int, slips: set[str], known: set[str]) -> dict[str, str]:
    vocabulary = known | {
        row["word"]
        for row in await database.rows(
            # From word to word along the key: as quick with many services as with few.
            "WITH RECURSIVE vocabulary(word) AS (SELECT min(word) FROM search_word UNION ALL "
            "SELECT (SELECT min(n.word) FROM search_word n WHERE n.word > v.word) FROM vocabulary v "
            "WHERE v.word IS NOT NULL) SELECT v.word FROM vocabulary v WHERE EXISTS (SELECT 1 FROM search_word w "
            "JOIN service s ON s.id = w.service_id WHERE w.word = v.word AND s.territory_id = {} "
            "AND s.status = 'published')",
            territory_id,
        )
    }
    nearest = {slip: forgiven(slip, vocabulary, cut=1) for slip in sorted(slips - vocabulary)}
    return {slip: words[0] for slip, words in nearest.items() if words}


def _ranked(readings: list[Reading], weights: Weights) -> tuple[int, ...]:
    """Best cover first, then weight, then the older service: the same order each time, on both engines."""
    best: dict[int, tuple[int, int]] = {}
    for reading in readings:
        for service_id, score in _scores(reading, weights).items():
            best[service_id] = max(best.get(service_id, (0, 0)), score)
    if not best:
        return ()
    least = max(cover for cover, _ in best.values()) // 2
    kept = (service_id for service_id, (cover, _) in best.items() if cover > least)
    return tuple(sorted(kept, key=lambda service_id: (-best[service_id][0], -best[service_id][1], service_id)))


def _scores(reading: Reading, weights: Weights) -> dict[int, tuple[int, int]]:
    """For each service: percent of the words covered, and their weight. What staff meant is covered whole or not."""
    counts: dict[int, int] = defaultdict(int)
    sums: dict[int, int] = defaultdict(int)
    for token in reading.tokens:
        for service_id, weight in weights.get((reading.language, token), {}).items():
            counts[service_id] += 1
            sums[service_id] += weight
    size = len(reading.tokens)
    return {s: (100 * n // size, sums[s]) for s, n in counts.items() if n == size or not reading.is_meant}


def _answers(heard: list[database.Row]) -> tuple[NotOfferedFacts, ...]:
    return tuple(dict.fromkeys(NotOfferedFacts(p["answer"], p["phone"]) for p in heard if p["answer"]))
