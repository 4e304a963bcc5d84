"""The visitor finds what is wrong: a good page passes, and each rule has a page it refuses."""

from dataclasses import replace

import httpx
import pytest
from babel.messages.catalog import Message

from app.edge import headers, static
from app.edge.csrf import first_cookie_name
from app.edge.headers import Kind
from app.edge.here import Here
from tests.pages import canary, language, rules
from tests.pages.answer import Answer, route_of
from tests.visitor import FilledForm, Visitor, check
from tests.visitor import Page as Seen

pytestmark = pytest.mark.anyio

POLICY = headers.policy_inside(static.critical_css())
KEY = '<input type="hidden" name="_key" value="k">'
GOOD = f"""<!doctype html>
<html lang="it"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}"><title>Orari</title><style>p{{margin:0}}</style></head>
<body><header><a href="/tradate">Vicino</a><a href="/en/cose-da-fare/x/y" hreflang="en" lang="en">English</a></header>
<main id="main"><h1>Orari</h1><img src="/static/x.svg" alt="">
<form method="post" action="/tradate/entra">{KEY}<label for="code">Tessera</label><input id="code" name="code">
<label><input type="checkbox" name="own"> Mio</label><select name="day" aria-label="Giorno"><option>1</option></select>
<button>Entra</button></form></main><footer><a href="#main">Su</a></footer></body></html>"""


def answer(text: str, kind: Kind = "form", *, path: str = "/tradate/entra", status: int = 200, **more: str) -> Seen:
    pairs = [(n.decode(), v.decode()) for n, v in headers.of_document(is_https=False)]
    given = {"content-type": "text/html", "cache-control": headers.cache_control(kind), **dict(pairs), **more}
    return Seen(path, status, httpx.Headers({n.replace("_", "-"): v for n, v in given.items()}), text, sent=len(text))


def test_a_good_page_passes() -> None:
    check(answer(GOOD))


WRONG_MARKUP = [
    ("markup", "</label><input", "</span><input"),
    ("one_heading", "<h1>Orari</h1>", "<h2>Orari</h2>"),
    ("one_heading", "<h1>Orari</h1>", "<h1>Orari</h1><h1>Giorni</h1>"),
    ("title", "<title>Orari</title>", "<title> </title>"),
    ("tongue", 'lang="it"', 'lang="en"'),
    ("landmarks", '<main id="main">', '<main></main><main id="main">'),
    ("landmarks", "footer", "div"),
    ("labels", 'for="code"', 'for="main"'),
    ("labels", ' aria-label="Giorno"', ""),
    ("labels", "<button>Entra", "<button>"),
    ("identities", 'id="code"', 'id="main"'),
    ("identities", 'name="own"', 'name="own" aria-describedby="nowhere"'),
    ("swapping", "<h1>", '<h1 data-hx-get="/tradate">'),
    ("forms", ' action="/tradate/entra"', ""),
    ("forms", KEY, ""),
    ("forms", "<button>Entra</button>", ""),
    ("forms", ' method="post"', ""),
    ("without_script", "<button>", '<button type="button">Altro</button><button>'),
    ("without_script", "<button>", "<button disabled>Altro</button><button>"),
    ("without_script", '<a href="#main"', '<a data-hx-post="/tradate/esci" href="#main"'),
    ("without_script", "<h1>", '<h1 data-hx-get="/tradate">'),
    ("nothing_inline", "<h1>", '<h1 style="color:red">'),
    ("nothing_inline", "<h1>", "<style></style><h1>"),
    ("nothing_inline", "<h1>", "<script>1</script><h1>"),
    ("nothing_inline", "<h1>", '<h1 onclick="go()">'),
    ("nothing_inline", "<form", '<form hx-post="/tradate/entra"'),
    ("nothing_inline", "<img", "<big>x</big><img"),
    ("named_errors", "<h1>", '<div id="problem"><ul><li><a href="#code">Tessera: manca</a></ul></div><h1>'),
    ("nodes", "<h1>", f"{'<br>' * 250}<h1>"),
    ("pictures", ' alt=""', ""),
    ("links", 'href="#main"', 'href="#nowhere"'),
    ("links", 'href="/tradate"', 'href="/tradate/cose-da-fare/x"'),
    ("links", 'href="/tradate"', 'href="javascript:go()"'),
]


@pytest.mark.parametrize(("rule", "right", "wrong"), WRONG_MARKUP)
def test_wrong_markup_is_found(rule: str, right: str, wrong: str) -> None:
    assert right in GOOD
    assert rule in _rules_broken(answer(GOOD.replace(right, wrong)))


WRONG_ANSWERS = [
    ("policy", answer(GOOD, content_security_policy="default-src 'none'; style-src 'unsafe-inline'")),
    ("policy", answer(GOOD, content_security_policy="default-src *")),
    ("policy", answer(GOOD, content_security_policy="default-src 'none'")),
    ("policy", answer(GOOD, content_security_policy="")),
    ("policy", answer(GOOD.replace(POLICY, "img-src 'self'"))),
    ("policy", answer(GOOD.replace(POLICY, POLICY + " 'unsafe-inline'"))),
    ("policy", answer(GOOD.replace("<meta charset", "<title>Prima</title><meta charset"))),
    ("policy", answer("<p>", content_security_policy="script-src 'self'")),
    ("policy", answer("", content_security_policy="img-src 'self'")),
    ("other_sites", answer("<p>", x_content_type_options="")),
    ("other_sites", answer("<p>", cross_origin_resource_policy="")),
    ("other_sites", answer(GOOD, cross_origin_opener_policy="")),
    ("other_sites", answer(GOOD, permissions_policy="")),
    ("other_sites", answer(GOOD, referrer_policy="unsafe-url")),
    ("caching", answer(GOOD, cache_control="public, max-age=3600")),
    ("caching", answer(GOOD, "personal", status=422)),
    ("public_answers", answer(GOOD, "public", etag="x", set_cookie="a=b")),
    ("public_answers", answer(GOOD, "public")),
    ("forms", answer(GOOD, "public", etag="x")),
    ("bytes_sent", replace(answer(GOOD), sent=13_700)),
    ("bytes_sent", answer(GOOD, x_long="x" * 550)),
    ("bytes_sent", answer("<p>", content_security_policy="default-src 'none'", x_long="x" * 100)),
    ("when_to_come_back", answer(GOOD, status=429)),
    ("when_to_come_back", answer(GOOD, status=503, retry_after="0")),
    ("when_to_come_back", answer(GOOD, status=429, retry_after="tomorrow")),
    ("when_to_come_back", answer(GOOD, status=429, retry_after="86401")),
    ("statements", replace(answer(GOOD), statements=17)),
    ("statements", replace(answer(GOOD, path="/tradate/servizi?q=compiti"), statements=9)),
    ("secrets", replace(answer(GOOD, "public", etag="x"), secrets=frozenset({"Orari"}))),
    ("tongue", answer(GOOD, path="/en/tradate/entra")),
    ("own_tongue", replace(answer(GOOD), untranslated=frozenset({"Orari"}))),
]


@pytest.mark.parametrize(("rule", "wrong"), WRONG_ANSWERS)
def test_a_wrong_answer_is_found(rule: str, wrong: Answer) -> None:
    assert rule in _rules_broken(wrong)


def test_every_rule_has_something_it_refuses() -> None:
    tried = {rule for rule, *_ in WRONG_MARKUP} | {rule for rule, _ in WRONG_ANSWERS} | {"one_language"}
    assert tried == {rule.__name__ for rule in rules.HEADER_RULES + rules.PAGE_RULES}


def test_words_of_another_language_are_found() -> None:
    known = [
        Message("Ti restano %(money)s", "You have %(money)s left"),
        Message(("%(num)s posto", "%(num)s posti"), ("%(num)s place", "%(num)s places")),
        Message("Tradate", "Tradate"),
    ]
    text = "<h1>Ti restano 12 €</h1><p>3 posti <b>Tradate</b></p><p>3 places<a lang=it>2 posti</a></p>"
    page = answer(f"<!doctype html><html lang=en><title>x</title><body>{text}").page
    assert language.foreign(page, "en", known) == ["3 posti", "Ti restano 12 €"]
    assert language.foreign(page, "it", known) == ["3 places"]


def test_data_in_italian_are_found_where_no_lang_says_so() -> None:
    text = "<p>Address<br>Citofono Arnica.</p><p><span lang=it>Sopra la palestra.</span></p><option>Citofono Arnica"
    page = answer(f"<!doctype html><html lang=en><title>x</title><body>{text}").page
    assert language.unmarked(page, {"Citofono Arnica", "Sopra la palestra"}) == ["Citofono Arnica"]
    assert language.unmarked(page, {"Sopra la palestra"}) == []


def test_a_server_error_is_never_fine() -> None:
    with pytest.raises(AssertionError, match="the server failed"):
        check(answer(GOOD, status=500))


def test_a_route_is_told_by_its_address() -> None:
    assert route_of("/en/tradate/servizi?q=x") == "catalogue"
    assert route_of("/tradate/io/borsellino/12") == "purse"
    assert route_of("/finanziatori") == "funder"
    assert route_of("/en/") == "start"
    assert route_of("/tradate/io/borsellino/dodici") == ""


def test_a_form_is_sent_as_a_browser_sends_it() -> None:
    page = answer(GOOD.replace('name="own"', 'name="own" checked value="yes"'))
    form = page.form("/entra")
    assert form == FilledForm("post", "/tradate/entra", (("_key", "k"), ("code", ""), ("own", "yes"), ("day", "1")))
    typed = form.typed({"code": "ABC", "own": ["a", "b"]})
    assert typed == [("_key", "k"), ("day", "1"), ("code", "ABC"), ("own", "a"), ("own", "b")]


async def test_the_visitor_fetches_real_pages(visitor: Visitor) -> None:
    page = await visitor.get("/")
    assert (page.status, page.title, page.is_public) == (200, "Dove abiti?", True)
    assert 0 < page.statements < 5
    assert 0 < page.sent < len(page.text)
    assert (await visitor.get("/nulla/nulla")).status == 404


async def test_a_page_that_is_public_in_name_only_is_found(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Here, "as_public", lambda here: replace(here, actor_name=here.token_secret))
    visitor.client.cookies.set(first_cookie_name(False), "Rosa", domain="127.0.0.1")
    with pytest.raises(AssertionError, match="differs for who is signed in"):
        await visitor.get("/")


async def test_the_canary_is_heard(visitor: Visitor) -> None:
    with pytest.raises(AssertionError, match="canary"):
        check(answer(GOOD.replace("Orari", f"Orari di {canary.SONG}")))
    assert "Canarino sta qui" in (await visitor.get("/")).text
    with pytest.raises(AssertionError, match="canary"):
        await visitor.get("/canarino/prova-che-non-esiste")


def _rules_broken(seen: Answer) -> set[str]:
    return {problem.partition(":")[0] for problem in rules.problems(seen)}
