"""Finding by need: what people say, matched on folded stems and ranked by our own weights.

A query is read in several ways: as its own words, and as what staff say such words mean (synonyms, edited as data).
A service counts by the best way: first how much of the need it covers, then where the words stand.

A word that up to five hundred services of the territory say is read whole. Of one that more say, only those that say it
most strongly are candidates; so the cost of a search stands still however much is offered.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app import database
from app.domain import content
from app.domain.search_text import all_tokens, forgiven, tokens

WEIGHTS = {"name": 40, "summary": 15, "category": 8, "text": 3}
LONGEST_QUERY = 120
MOST = 500  # services of a word that is read whole
CANDIDATES = 250  # of the words that more say, together


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
    """The services asked for, best first, of `total` that there are; when `is_cut` there may be more, less fitting."""

    service_ids: tuple[int, ...] = ()
    total: int = 0
    is_cut: bool = False


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
    """Writes the words of a published service anew, inside the caller's transaction."""
    await forget(service_id)
    for text in await database.rows(
        "SELECT t.*, s.territory_id, c.name_it, c.name_en, p.name AS provider FROM service_text t "
        "JOIN service s ON s.id = t.service_id JOIN category c ON c.id = s.category_id "
        "JOIN provider p ON p.id = s.provider_id WHERE t.service_id = {}",
        service_id,
    ):
        words = sorted(_weights(text).items())
        if not words:
            continue
        await database.execute(
            "INSERT INTO search_word (territory_id, service_id, language, word, weight) VALUES "
            + ", ".join(["({}, {}, {}, {}, {})"] * len(words)),
            *(value for said in words for value in (text["territory_id"], service_id, text["language"], *said)),
        )


async def forget(service_id: int) -> None:
    """A service that is not published any more is not found, inside the caller's transaction."""
    await database.execute("DELETE FROM search_word WHERE service_id = {}", service_id)


async def find(territory_id: int, query: str, language: str, among: Among = EVERYTHING) -> Found:
    """The first five hundred at most."""
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
    sizes = await _sizes(territory_id, readings)
    parts = [_covered(territory_id, reading, sizes, among) for reading in readings if _may_be(reading, sizes)]
    if not parts:
        return Found()
    joins = f"JOIN service s ON s.id = l.id JOIN category c ON c.id = s.category_id {among.joins}"
    rows = await database.rows(
        f"WITH covered AS ({' UNION ALL '.join(sql for sql, _ in parts)}), "
        "listed AS (SELECT id, max(score) AS score FROM covered GROUP BY id) "
        "SELECT l.id, count(*) OVER () AS total, "
        f"(SELECT max(score) FROM listed) / {COVER} AS cover FROM listed l {joins if among.conditions else ''} "
        f"WHERE l.score / {COVER} > (SELECT max(score) FROM listed) / {COVER} / 2{among.conditions} "
        "ORDER BY l.score DESC, l.id LIMIT {} OFFSET {}",
        *(value for _, values in parts for value in values),
        *(*among.values, limit, offset),
    )
    if not rows and offset:
        return replace(await best(territory_id, readings, among, limit=1), service_ids=())
    if not rows:
        return Found()
    total, cover = rows[0]["total"], rows[0]["cover"]
    is_cut = any(_may_lack(reading, sizes, total, cover) for reading in readings)
    return Found(tuple(row["id"] for row in rows), total, is_cut)


COVER = 1_000_000  # a percent of cover counts more than any weight
Sizes = Mapping[tuple[str, str], int]  # how many services say a (language, word), counted to one more than MOST
Part = tuple[str, tuple[Any, ...]]  # of a statement, with its values


async def _sizes(territory_id: int, readings: Sequence[Reading]) -> Sizes:
    pairs = list(dict.fromkeys((reading.language, token) for reading in readings for token in reading.tokens))
    if not pairs:
        return {}
    rows = await database.rows(
        f"WITH asked(language, word) AS (VALUES {', '.join(['({}, {})'] * len(pairs))}) "
        "SELECT a.language, a.word, (SELECT count(*) FROM (SELECT 1 FROM search_word w WHERE w.territory_id = {} "
        "AND w.word = a.word AND w.language = a.language LIMIT {}) x) AS size FROM asked a",
        *(value for pair in pairs for value in pair),
        *(territory_id, MOST + 1),
    )
    return {(row["language"], row["word"]): row["size"] for row in rows}


def _may_be(reading: Reading, sizes: Sizes) -> bool:
    """What staff meant is covered whole or not at all; of a person's own words one is enough."""
    said = [sizes[reading.language, token] > 0 for token in reading.tokens]
    return all(said) if reading.is_meant else any(said)


def _may_lack(reading: Reading, sizes: Sizes, total: int, cover: int) -> bool:
    """Whether a service that was no candidate could stand among `total`, of which the best covers `cover` percent.

    It would say no word that is read whole, so no more of the need than the words that many say.
    """
    size, many = len(reading.tokens), sum(sizes[reading.language, token] > MOST for token in reading.tokens)
    if size == 1:
        return many == 1 and total >= CANDIDATES
    if reading.is_meant:
        return many == size
    return 100 * many // size > cover // 2


def _covered(territory_id: int, reading: Reading, sizes: Sizes, among: Among) -> Part:
    """Services with words of a reading, and their scores."""
    size = len(reading.tokens)
    cut = [token for token in reading.tokens if sizes[reading.language, token] > MOST]
    if size == 1 and cut:
        sql, values = _strongest(territory_id, reading.language, cut[0], CANDIDATES, among)
        return f"SELECT id, {100 * COVER} + weight AS score FROM ({sql}) x", values
    which, told = _candidates(territory_id, reading, sizes, among) if cut else ("territory_id = {}", (territory_id,))
    having = f" HAVING count(*) = {size}" if reading.is_meant else ""
    return (
        f"SELECT service_id AS id, 100 * count(*) / {size} * {COVER} + sum(weight) AS score FROM search_word "
        f"WHERE {which} AND language = {{}} AND word IN ({', '.join(['{}'] * size)}) GROUP BY service_id{having}",
        (*told, reading.language, *reading.tokens),
    )


def _candidates(territory_id: int, reading: Reading, sizes: Sizes, among: Among) -> Part:
    """The condition of being one: where all words are asked for, with the rarest; else with any, a share for each."""
    size_of = {token: sizes[reading.language, token] for token in reading.tokens}
    tokens = [min(size_of, key=size_of.__getitem__)] if reading.is_meant else list(reading.tokens)
    share = CANDIDATES // max(1, sum(size_of[token] > MOST for token in tokens))
    limits = [(token, share if size_of[token] > MOST else MOST) for token in tokens]
    parts = [_strongest(territory_id, reading.language, token, limit, among) for token, limit in limits]
    sql = " UNION ".join(f"SELECT id FROM ({sql}) x" for sql, _ in parts)
    return f"service_id IN ({sql})", tuple(value for _, values in parts for value in values)


def _strongest(territory_id: int, language: str, token: str, limit: int, among: Among) -> Part:
    """Those that say a word most strongly, read along its index until there are enough."""
    joins = f"JOIN service s ON s.id = w.service_id JOIN category c ON c.id = s.category_id {among.joins}"
    return (
        f"SELECT w.service_id AS id, w.weight FROM search_word w {joins if among.conditions else ''} "
        f"WHERE w.territory_id = {{}} AND w.word = {{}} AND w.language = {{}}{among.conditions} "
        "ORDER BY w.weight DESC, w.service_id LIMIT {}",
        (territory_id, token, language, *among.values, limit),
    )


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
    found = await database.rows(_HEARD, *[territory_id] * 4)
    phrases = tuple(_phrase(row) for row in found if row["kind"] == "phrase")
    words = {row["said"] for row in found if row["kind"] == "word"}
    return Heard(phrases, frozenset(words.union(*(phrase.tokens for phrase in phrases))))


def _phrase(row: database.Row) -> Phrase:
    answer = NotOfferedFacts(row["answer"], row["phone"]) if row["answer"] else None
    return Phrase(frozenset(all_tokens(row["said"], "it")), tuple(tokens(row["meant"], "it")), answer)


# From word to word along the index: as quick with many services as with few.
_HEARD = """
WITH RECURSIVE vocabulary(word) AS (
  SELECT min(word) FROM search_word WHERE territory_id = {}
  UNION ALL SELECT (SELECT min(n.word) FROM search_word n WHERE n.territory_id = {} AND n.word > v.word)
  FROM vocabulary v WHERE v.word IS NOT NULL
)
SELECT 'word' AS kind, word AS said, '' AS meant, '' AS answer, '' AS phone FROM vocabulary WHERE word IS NOT NULL
UNION ALL SELECT 'phrase', said, meant, '', '' FROM synonym WHERE territory_id IS NULL OR territory_id = {}
UNION ALL SELECT 'phrase', said, '', answer, phone FROM not_offered WHERE territory_id IS NULL OR territory_id = {}
ORDER BY 1, 2, 3, 4
"""
