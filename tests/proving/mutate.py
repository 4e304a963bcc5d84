"""A form as a page draws it, with something wrong: what of its fields no browser sends, and headers that do not fit."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from urllib.parse import urlencode

from app.edge.form import KEY, TOKEN
from tests.pages.junk import NAMES, TYPED

Pairs = list[tuple[str, str]]
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
OTHERS = ("text/plain", JSON, "multipart/form-data; boundary=x", f"{FORM}; charset=utf-16", "", "x/y;;=")
VALUES = (
    *TYPED,
    *("-1", "0", "1e9", "-99999999999999999999", "18446744073709551616", "٣", "1_000", "0x10", " 7 ", "+7", "1,5"),
    *("31/02/2026", "29/02/2023", "00/00/0000", "1/1/1", "24/11/12026", "2026-11-24T10:00:00+99:99", "24.11.-2026"),
    *(
        "\u202egnp.exe",
        "مرحبا بك",
        "a\u0300" * 400,
        "\u200b",
        "﷽" * 200,
        "🏳️‍🌈",
        "ﬀ",
        "İ",
        "\ufeff",
        "\x1b[31m",
        "\r\nSet-Cookie: x=y",
    ),
    *("' OR 1=1 --", "<svg onload=x>", "=1+1", "%(x)s %s {} {0}", "{{ 7*7 }}", "../..", "null", "true", "[]", "on"),
)


@dataclass
class Pool:
    """What pages of others said in a field of this name, and in the addresses of this route."""

    values: dict[str, list[str]] = field(default_factory=dict)
    paths: dict[str, list[str]] = field(default_factory=dict)

    def learn(self, route: str, path: str, pairs: Pairs) -> None:
        _keep(self.paths.setdefault(route, []), path)
        for name, value in pairs:
            _keep(self.values.setdefault(name, []), value)


@dataclass(frozen=True)
class Sent:
    """A form on its way."""

    route: str
    path: str
    pairs: Pairs
    kind: str = FORM
    headers: tuple[tuple[str, str], ...] = (("Sec-Fetch-Site", "same-origin"),)

    @property
    def body(self) -> bytes:
        if self.kind == JSON:
            return json.dumps(dict(self.pairs)).encode()
        return urlencode(self.pairs, errors="surrogatepass").encode()


def mutated(sent: Sent, pool: Pool, chance: Random) -> Sent:
    """One thing wrong, sometimes more."""
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        sent = chance.choice(_WAYS)(sent, pool, chance)
    return sent


def with_other_input(sent: Sent, chance: Random) -> Sent:
    """The key once more, with something else typed."""
    typed = [number for number, pair in enumerate(sent.pairs) if pair[0] not in (KEY, TOKEN)]
    if not typed:
        return _with(sent, [*sent.pairs, ("altro", "x")])
    return _changed(sent, chance.choice(typed), chance.choice(VALUES))


def _with(sent: Sent, pairs: Pairs) -> Sent:
    return Sent(sent.route, sent.path, pairs, sent.kind, sent.headers)


def _changed(sent: Sent, number: int, value: str) -> Sent:
    return _with(sent, [(n, value) if at == number else (n, v) for at, (n, v) in enumerate(sent.pairs)])


def _junk(sent: Sent, pool: Pool, chance: Random) -> Sent:
    return _changed(sent, _one(sent, chance), chance.choice(VALUES)) if sent.pairs else sent


def _missing(sent: Sent, pool: Pool, chance: Random) -> Sent:
    gone = _one(sent, chance)
    return _with(sent, [pair for at, pair in enumerate(sent.pairs) if at != gone])


def _doubled(sent: Sent, pool: Pool, chance: Random) -> Sent:
    if not sent.pairs:
        return sent
    name, value = chance.choice(sent.pairs)
    return _with(sent, [*sent.pairs, (name, chance.choice((value, *VALUES)))])


def _huge(sent: Sent, pool: Pool, chance: Random) -> Sent:
    return _changed(sent, _one(sent, chance), chance.choice("x9à🐌 ") * chance.choice((501, 5_000, 60_000, 70_000)))


def _of_others(sent: Sent, pool: Pool, chance: Random) -> Sent:
    """What somebody else's page says in this field, or the address of somebody else's object."""
    if chance.random() < 0.4:
        paths = pool.paths.get(sent.route, [sent.path])
        return Sent(sent.route, chance.choice(paths), sent.pairs, sent.kind, sent.headers)
    at = _one(sent, chance)
    return _changed(sent, at, chance.choice(pool.values.get(sent.pairs[at][0], [""]))) if sent.pairs else sent


def _more(sent: Sent, pool: Pool, chance: Random) -> Sent:
    """Fields of other forms."""
    more = [(chance.choice(NAMES), chance.choice(VALUES)) for _ in range(chance.choice((1, 5, 200)))]
    return _with(sent, chance.sample([*sent.pairs, *more], len(sent.pairs) + len(more)))


def _wrong_key(sent: Sent, pool: Pool, chance: Random) -> Sent:
    keys = ("", "x", "k" * 65, "\x00", "é", *pool.values.get(KEY, [])[-20:])
    return _with(sent, [(n, chance.choice(keys) if n == KEY else v) for n, v in sent.pairs])


def from_elsewhere(sent: Sent, pool: Pool, chance: Random) -> Sent:
    """No token, a wrong one, or a browser that says the form came from another site."""
    told = chance.choice(((), (("Sec-Fetch-Site", "cross-site"),), (("Origin", "https://altrove.example"),)))
    token = chance.choice(("", "00" * 32, "zz", *pool.values.get(TOKEN, [])[-20:]))
    return Sent(sent.route, sent.path, [(n, token if n == TOKEN else v) for n, v in sent.pairs], sent.kind, told)


def _other_kind(sent: Sent, pool: Pool, chance: Random) -> Sent:
    return Sent(sent.route, sent.path, sent.pairs, chance.choice(OTHERS), sent.headers)


def _of_a_script(sent: Sent, pool: Pool, chance: Random) -> Sent:
    said = (*sent.headers, ("HX-Request", "true"), ("HX-Request-Type", chance.choice(("partial", "full", "x"))))
    return Sent(
        sent.route, sent.path, sent.pairs, sent.kind, (*said, ("HX-Target", chance.choice(("main", "<x>", "#"))))
    )


def _in_other_words(sent: Sent, pool: Pool, chance: Random) -> Sent:
    """The address in another language, another territory or with a query."""
    path = chance.choice((f"/en{sent.path}", sent.path.replace("/tradate", "/biella"), f"{sent.path}?{KEY}=x&q=%00"))
    return Sent(sent.route, path, sent.pairs, sent.kind, sent.headers)


def _one(sent: Sent, chance: Random) -> int:
    return chance.randrange(max(1, len(sent.pairs)))


def _keep(known: list[str], value: str) -> None:
    """The last two hundred: each round has objects of its own."""
    if value not in known[-50:]:
        known.append(value)
        del known[:-200]


_WAYS: tuple[Callable[[Sent, Pool, Random], Sent], ...] = (
    *(_junk, _junk, _junk, _missing, _doubled, _huge, _of_others, _of_others, _more, _wrong_key, from_elsewhere),
    *(_other_kind, _of_a_script, _in_other_words),
)
