"""A visitor: fetches pages of the real application and checks every answer, whatever the test is about.

    await visitor.as_person(amina)
    page = await visitor.get("/tradate/io")
    done = await visitor.submit(page.form("/tradate/prenotazioni/ABC/annulla"), reason="ill")
    page = await visitor.follow(done)

The clock stands still until `visitor.clock.move(hours=2)`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Literal, Protocol
from urllib.parse import urlencode

import httpx
from litestar.types import ASGIApp
from lxml import etree

from app import database, i18n
from app.domain import session
from app.edge.session import cookie_name
from app.main import create_app
from tests.pages import canary, rules
from tests.pages.answer import Answer, words

NOON = datetime(2026, 11, 24, 11, tzinfo=UTC)  # a Tuesday, 12 o'clock in Italy
ORIGIN = "http://127.0.0.1:8000"
OWN_PAGE = {"sec-fetch-site": "same-origin"}
SHORTEST = 8  # signs; shorter ones may be a word of another language by chance
_FIELDS = ("summary", "for_whom", "how_to", "needed", "obtained", "times", "conditions", "bring")
_ITALIAN_ALONE = " UNION ".join(
    [
        "SELECT directions AS said FROM place UNION SELECT accessibility FROM place UNION SELECT about FROM provider",
        "SELECT directions FROM social_point UNION SELECT phone_cost FROM territory UNION SELECT name FROM price_class",
        "SELECT status_reason FROM service UNION SELECT wording FROM question UNION SELECT why FROM question",
        "SELECT title FROM material",
        *(
            f"SELECT {name} FROM service_text x WHERE language = 'it' AND NOT EXISTS (SELECT 1 FROM service_text own "
            "WHERE own.service_id = x.service_id AND own.language = 'en')"
            for name in _FIELDS
        ),
    ]
)
Values = Mapping[str, str | Sequence[str]]
Who = Literal["person", "staff"]


class Clock:
    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


class HasId(Protocol):
    @property
    def id(self) -> int: ...


@dataclass(frozen=True)
class FilledForm:
    """A form as the browser has it: where it goes, and what stands in it before anything is typed."""

    method: str
    action: str
    fields: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, form: etree._Element) -> "FilledForm":
        pairs = [pair for control in form.iter("input", "select", "textarea") for pair in _sent(control)]
        return cls((form.get("method") or "get").lower(), form.get("action") or "", tuple(pairs))

    def typed(self, values: Values) -> list[tuple[str, str]]:
        """What is given replaces what stands there; everything else, hidden fields too, stays."""
        kept = [pair for pair in self.fields if pair[0] not in values]
        return kept + [(name, one) for name, given in values.items() for one in _several(given)]


@dataclass(frozen=True)
class Page(Answer):
    """An answer with the questions a test asks of it."""

    @property
    def title(self) -> str:
        return words(self.all("//h1")[0])

    def says(self, text: str) -> bool:
        return " ".join(text.split()) in self.visible_text

    def forms(self, path: str = "//form") -> list[FilledForm]:
        """With their keys and tokens, which `all` leaves out."""
        drawn = self.page_with_keys.xpath(path)
        return [FilledForm.of(form) for form in drawn]  # type: ignore[union-attr, arg-type]

    def form(self, action: str = "", *, method: str = "post") -> FilledForm:
        """The one form of the page, or the one whose address holds `action`; the header's own is not meant."""
        found = self.forms("//form[not(ancestor::header)]")
        fitting = [form for form in found if form.method == method and action in form.action]
        assert len(fitting) == 1, f"{len(fitting)} {method} forms to {action!r} on {self.path}: {found}"
        return fitting[0]

    def link(self, text: str) -> str:
        """Where the link with these words goes."""
        found = {str(a.get("href")) for a in self.all("//a[@href]") if text in words(a)}
        assert len(found) == 1, f"{len(found)} links say {text!r} on {self.path}"
        return found.pop()


class Visitor:
    """`is_old` is a browser that says nothing of where a post comes from: it needs the hidden token. `is_hasty`
    looks at status, headers and leaks of another territory only, for walks that ask thousands of times."""

    def __init__(self, clock: Clock | None = None, *, is_old: bool = False, is_hasty: bool = False) -> None:
        self.clock = clock or Clock()
        self.app = _app(self.clock)
        self.is_old = is_old
        self.is_hasty = is_hasty
        self.secrets: frozenset[str] = frozenset()
        self.client = self._client()

    async def get(self, path: str, **headers: str) -> Page:
        page = await self._ask("GET", path, headers=headers)
        if page.is_public and page.is_html and page.status == 200 and self.client.cookies and not self.is_hasty:
            await self._same_for_everybody(page)
        return page

    async def head(self, path: str) -> Page:
        return await self._ask("HEAD", path, headers={})

    async def post(self, path: str, data: Values | None = None, **headers: str) -> Page:
        pairs = [(name, one) for name, given in (data or {}).items() for one in _several(given)]
        return await self._post(path, pairs, headers)

    async def submit(self, form: FilledForm, *, to: str = "", **values: str | Sequence[str]) -> Page:
        """Presses the button of a form: hidden fields go along; `to` is the formaction of another button."""
        pairs = form.typed(values)
        if form.method == "post":
            return await self._post(to or form.action, pairs, {})
        return await self.get(f"{form.action}?{urlencode(pairs)}")

    async def follow(self, page: Page) -> Page:
        """Goes where a redirect leads, to the page at its end."""
        for _ in range(5):
            assert page.location, f"{page.path} answered {page.status} and leads nowhere: {page.visible_text[:400]}"
            page = await self.get(page.location.removeprefix(ORIGIN))
            if not page.location:
                return page
        raise AssertionError(f"too many redirects, the last to {page.location}")

    async def as_person(self, person: HasId | int, *, is_shared: bool = False) -> "Visitor":
        await self._sign_in("person", _id(person), is_shared=is_shared)
        self.secrets = await secrets_of(_id(person))
        return self

    async def as_staff(self, member: HasId | int) -> "Visitor":
        await self._sign_in("staff", _id(member))
        return self

    def as_nobody(self) -> "Visitor":
        """Somebody new: no cookies."""
        self.client, self.secrets = self._client(), frozenset()
        return self

    def somebody_else(self) -> "Visitor":
        """A second browser, at the same clock."""
        return Visitor(self.clock, is_old=self.is_old)

    def carry(self, token: str) -> None:
        """From now on with the session of this token."""
        self.client.cookies.set(cookie_name(False), token, domain="127.0.0.1")

    async def _sign_in(self, who: Who, number: int, *, is_shared: bool = False) -> None:
        self.as_nobody()
        self.carry(await begin_session(who, number, now=self.clock.now, is_shared=is_shared))

    async def _post(self, path: str, pairs: list[tuple[str, str]], headers: Mapping[str, str]) -> Page:
        sent = {"content-type": "application/x-www-form-urlencoded", **headers}
        return await self._ask("POST", path, headers=sent, content=urlencode(pairs))

    async def _ask(self, method: str, path: str, *, headers: Mapping[str, str], content: str = "") -> Page:
        asked = {**({} if self.is_old else OWN_PAGE), **{n.replace("_", "-"): v for n, v in headers.items()}}
        database.counter.reset()
        response = await self.client.request(method, path, headers=asked, content=content or None)
        statements, in_writes = database.counter.statements, database.counter.in_writes
        page = Page.of(response, statements=statements, in_writes=in_writes, secrets=self.secrets)
        if page.language != i18n.DEFAULT and page.is_html and not self.is_hasty:
            page = replace(page, untranslated=await untranslated())
        check(page, is_hasty=self.is_hasty)
        return page

    async def _same_for_everybody(self, page: Page) -> None:
        stranger = await self.somebody_else()._ask("GET", page.path, headers={})
        assert stranger.text == page.text, f"{page.path} is public but differs for who is signed in"

    def _client(self) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.app)  # type: ignore[arg-type]
        return httpx.AsyncClient(transport=transport, base_url=ORIGIN)


@lru_cache(maxsize=8)
def _app(clock: Clock) -> ASGIApp:
    """Browsers at one clock share the application: making it takes longer than most tests. No page is kept ready: tests
    look at what they just wrote; what is kept, and how long, tests/edge asks."""
    return create_app(now=clock, ready_bytes=0)


def check(page: Page, *, is_hasty: bool = False) -> None:
    """Fails with everything that is wrong with this answer."""
    found = rules.problems(page, headers_only=is_hasty) + canary.leaks(page)
    if page.status >= 500 and page.status != 503:
        found.insert(0, "the server failed: see the log")
    assert not found, f"{page.path} ({page.status}):\n" + "\n".join(f"- {problem}" for problem in found)


async def begin_session(who: Who, number: int, *, now: datetime, is_shared: bool = False) -> str:
    """As after signing in, PIN just typed: the token for the cookie."""
    token = ""

    async def start() -> None:
        nonlocal token
        person_id, staff_id = (number, None) if who == "person" else (None, number)
        _, token = await session.start(
            who, now=now, browser="test", person_id=person_id, staff_id=staff_id, is_shared=is_shared
        )

    await database.write(start)
    return token


async def secrets_of(person_id: int) -> frozenset[str]:
    """What no public page may say of a person; what else is theirs shows when a stranger's page is compared."""
    found = await database.rows(
        "SELECT i.given_name || ' ' || i.family_name AS name, c.code FROM identity i "
        "LEFT JOIN card c ON c.person_id = i.person_id WHERE i.person_id = {}",
        person_id,
    )
    return frozenset({row["name"] for row in found} | {row["code"] for row in found if row["code"]})


async def untranslated() -> frozenset[str]:
    """Texts that stand in Italian alone: of places, providers and their questions, and of services without English."""
    found = await database.rows(_ITALIAN_ALONE)
    texts = {" ".join(row["said"].split()).rstrip(".") for row in found}
    return frozenset(text for text in texts if len(text) >= SHORTEST)


def _sent(control: etree._Element) -> list[tuple[str, str]]:
    """What a browser sends of a control that nobody touched."""
    name, kind = control.get("name"), (control.get("type") or "").lower()
    if not name or kind in ("submit", "button") or control.get("disabled") is not None:
        return []
    if control.tag == "textarea":
        return [(name, (control.text or "").removeprefix("\n"))]
    if control.tag == "select":
        options = control.findall(".//option")
        chosen = [o for o in options if o.get("selected") is not None] or options[:1]
        return [(name, o.get("value", o.text or "")) for o in chosen]
    if kind in ("radio", "checkbox") and control.get("checked") is None:
        return []
    return [(name, control.get("value", "on" if kind in ("radio", "checkbox") else ""))]


def _several(given: str | Sequence[str]) -> Sequence[str]:
    return [given] if isinstance(given, str) else given


def _id(who: HasId | int) -> int:
    return who if isinstance(who, int) else who.id
