import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from dateutil.rrule import rrulestr
from stdnum.it import codicefiscale

from app.domain.readability import gulpease, sentences_of, words_of
from app.domain.target import Target
from app.seed import content
from app.seed.content import TERRITORIES, ContentError, Service, ServiceText, TerritoryContent
from app.seed.content_checks import check_territory

FORBIDDEN = re.compile(
    r"\b(utent[ei]|beneficiari[oae]?|assistit[oaie]|lorem|users?|beneficiar(?:y|ies))\b", re.IGNORECASE
)
FICTIONAL_PHONE = re.compile(r"0\d{1,3} 000 0\d\d|300 0000 \d{3}")
EMERGENCY_PHONES = {"", "112", "114", "1522", "116117"}
FAMILIES = {"childhood", "elderly", "disability"}


def territories() -> list[TerritoryContent]:
    return [content.load(territory) for territory in TERRITORIES]


def services() -> list[tuple[str, Service]]:
    return [(each.territory.slug, service) for each in territories() for service in each.services]


def italian_texts() -> Iterator[tuple[str, str]]:
    for territory, service in services():
        for field, text in asdict(service.it).items():
            if text:
                yield f"{territory}/{service.slug}.{field}", text
        yield from ((f"{territory}/{service.slug} question", question.why) for question in service.questions)
        yield from ((f"{territory}/{service.slug} {one.slug}", one.text) for one in service.materials)
    for each in content.load_synonyms().not_offered:
        yield f"not_offered {each.said[0]}", each.answer
    for each_territory in territories():
        for provider in each_territory.providers:
            yield f"provider {provider.slug}", provider.about


def test_it_is_large_enough_to_be_believed() -> None:
    sizes = {each.territory.slug: len(each.services) for each in territories()}
    assert sizes["tradate"] >= 38
    assert sum(sizes.values()) >= 65
    assert all(5 <= size <= 8 for slug, size in sizes.items() if slug != "tradate")
    assert 12 <= len(content.load("tradate").providers) <= 14
    assert len(content.load("tradate").social_points) == 4
    assert len(content.load_people().people) >= 90


@pytest.mark.parametrize("territory", TERRITORIES)
def test_each_family_is_served_in_each_territory(territory: str) -> None:
    assert {family for service in content.load(territory).services for family in service.families} == FAMILIES


def test_every_service_can_be_acted_on() -> None:
    for where, service in services():
        assert service.places and all(place.plans for place in service.places), (where, service.slug)
        assert service.owner and service.families and service.price_cents >= 0, (where, service.slug)
        assert bool(service.call_phone) == (service.action == "call"), (where, service.slug)


def test_tradate_offers_every_way_to_act_and_every_mode() -> None:
    offer = content.load("tradate").services
    assert {service.action for service in offer} == {"book", "request", "call"}
    assert {service.mode for service in offer} == {"centre", "home", "online", "phone"}
    assert {service.unit for service in offer} >= {"visit", "hour", "meal", "km", "person"}


@pytest.mark.parametrize("category", ["home-care", "homework"])
def test_providers_compete_on_price(category: str) -> None:
    offer = [service for service in content.load("tradate").services if service.category == category]
    assert len({service.provider for service in offer}) >= 2
    assert len({service.price_cents for service in offer}) >= 2


def test_a_plan_has_a_slot_within_its_horizon_on_any_day_of_the_year() -> None:
    for where, service in services():
        rules = [rrulestr(plan.rule, dtstart=_midnight(date(2026, 1, 7))) for at in service.places for plan in at.plans]
        for today in (date(2026, 11, 22), date(2027, 8, 15), date(2028, 2, 29)):
            last = today + timedelta(days=service.horizon_days)
            assert any(rule.between(_midnight(today), _midnight(last)) for rule in rules), (where, service.slug, today)


def test_a_plan_is_long_enough_for_its_service() -> None:
    for where, service in services():
        for plan in (plan for place in service.places for plan in place.plans):
            assert _minutes(plan.ends) - _minutes(plan.starts) >= service.minutes, (where, service.slug)


def test_weeks_are_not_all_alike() -> None:
    plans = {(plan.rule, plan.starts) for _, service in services() for place in service.places for plan in place.plans}
    assert len(plans) >= 80
    assert any("SU" in rule for rule, _ in plans)
    assert {service.capacity for _, service in services()} >= {1, 3, 6, 10, 14, 15}


def test_every_italian_text_is_easy_to_read() -> None:
    scores = {where: gulpease(text) for where, text in italian_texts()}
    assert {where: round(score) for where, score in scores.items() if score < 60} == {}
    assert sum(scores.values()) / len(scores) >= 75


def test_no_sentence_is_long() -> None:
    long = [
        (where, sentence)
        for where, text in italian_texts()
        for sentence in sentences_of(text)
        if len(sentence.split()) >= 20
    ]
    assert long == []


@pytest.mark.parametrize("language", ["it", "en"])
def test_no_sentence_is_repeated_across_services(language: str) -> None:
    said: Counter[str] = Counter()
    for _, service in services():
        prose = {**asdict(service.texts[language]), "name": ""}
        said.update({sentence.lower() for text in prose.values() for sentence in sentences_of(text)})
    assert [sentence for sentence, times in said.items() if times > 1 and len(words_of(sentence)) > 2] == []


def test_english_is_complete() -> None:
    for where, service in services():
        for field in ServiceText.__dataclass_fields__:
            assert bool(getattr(service.it, field)) == bool(getattr(service.en, field)), (where, service.slug, field)


def test_people_are_never_called_by_a_file_word() -> None:
    for where, service in services():
        for text in [*asdict(service.it).values(), *asdict(service.en).values()]:
            assert not FORBIDDEN.search(text), (where, service.slug, text)
    for where, text in italian_texts():
        assert not FORBIDDEN.search(text), (where, text)


def test_no_telephone_can_ring_a_stranger() -> None:
    phones = [
        contact.value
        for person in content.load_people().people
        for contact in person.contacts
        if contact.channel in ("sms", "call")
    ]
    for each in territories():
        phones += [each.territory.phone, *(provider.phone for provider in each.providers)]
        phones += [point.phone for point in each.social_points]
        phones += [service.call_phone for service in each.services if service.call_phone]
    assert [phone for phone in phones if not FICTIONAL_PHONE.fullmatch(phone)] == []
    assert {answer.phone for answer in content.load_synonyms().not_offered} <= EMERGENCY_PHONES


def test_no_mail_can_reach_a_stranger() -> None:
    mails = [
        contact.value
        for person in content.load_people().people
        for contact in person.contacts
        if contact.channel == "email"
    ]
    mails += [provider.email for each in territories() for provider in each.providers]
    assert mails and all(re.fullmatch(r"[a-z]+@[a-z-]+\.example", mail) for mail in mails)


def test_codici_fiscali_are_right_and_belong_to_nobody() -> None:
    for person in content.load_people().people:
        assert codicefiscale.is_valid(person.fiscal_code), person.code
        if len(person.fiscal_code) == 16:
            assert codicefiscale.get_birth_date(person.fiscal_code, 1930) == person.born_on, person.code
            assert person.fiscal_code[11:15] in ("M999", "Z999"), person.code
    codes = [person.fiscal_code for person in content.load_people().people]
    assert len(set(codes)) == len(codes)


def test_the_cast_is_as_the_stories_tell() -> None:
    people = {person.code: person for person in content.load_people().people}
    assert [contact.channel for contact in people["rosa"].contacts] == ["call"]
    assert len(people["omar"].fiscal_code) == 11 and people["omar"].language == "en"
    assert people["yusuf"].household == people["amina"].household and people["yusuf"].part == "minor"
    links = {(link.person, link.delegate): link for link in content.load_people().delegations}
    assert links["rosa", "elena"].monthly_limit_cents == 8000
    assert links["luca", "paolo"].until_on == date(2028, 6, 30)
    assert links["luca", "paolo"].kind == "administrator"


def test_every_minor_has_a_parent_and_a_declaration() -> None:
    people = content.load_people()
    minors = {person.code for person in people.people if person.part == "minor"}
    assert {link.person for link in people.delegations if link.kind == "parent"} == minors
    assert {declaration.minor for declaration in people.declarations} == minors


def test_people_and_roles_stand_where_they_can() -> None:
    towns = {town.belfiore: each.territory.slug for each in territories() for town in each.municipalities}
    assert all(towns[person.municipality] == person.territory for person in content.load_people().people)
    scopes = {
        "territory": set(TERRITORIES),
        "provider": {provider.slug for each in territories() for provider in each.providers},
        "funder": {funder.slug for funder in content.load_funds().funders},
    }
    for staff in content.load_people().staff:
        assert all(role.scope in scopes[role.scope_kind] for role in staff.roles), staff.login


@pytest.mark.parametrize(
    ("slug", "price", "unit"),
    [
        ("aiuto-in-casa", 1800, "hour"),
        ("aiuto-compiti", 1200, "visit"),
        ("corso-di-nuoto", 8000, "visit"),
        ("psicologo-online", 6000, "visit"),
        ("italiano-a1", 0, "visit"),
        ("pasti-a-casa", 900, "meal"),
        ("laboratorio-pane", 1800, "visit"),
        ("uscite-accompagnate", 3000, "visit"),
    ],
)
def test_prices_are_those_of_the_stories(slug: str, price: int, unit: str) -> None:
    service = _service("tradate", slug)
    assert (service.price_cents, service.unit) == (price, unit)


def test_lucas_package_costs_what_the_story_says() -> None:
    workshops, trips = _service("tradate", "laboratorio-pane"), _service("tradate", "uscite-accompagnate")
    assert 8 * workshops.price_cents + 4 * trips.price_cents == 26400
    assert workshops.provider != trips.provider


def test_the_mill_takes_fifteen_people_every_45_minutes() -> None:
    mill = _service("milano", "visita-al-mulino")
    assert (mill.capacity, mill.step_minutes, mill.minutes, mill.price_cents) == (15, 45, 30, 800)
    assert (mill.price_classes[0].price_cents, mill.price_classes[0].max_age) == (0, 5)


def test_shares_make_the_splits_of_the_stories() -> None:
    funds = {fund.slug: fund for fund in content.load_funds().funds}
    (comune,) = (rule for rule in funds["famiglie-2026"].rules if rule.kind == "share")
    assert comune.share_percent is not None and comune.max_cents is not None
    assert min(1200 * comune.share_percent // 100, comune.max_cents) == 900
    assert min(8000 * comune.share_percent // 100, comune.max_cents, 8000 - 3000) == 4000
    employer = funds["officine-bianchi-2026"]
    assert not employer.is_combinable and not employer.allows_own_money
    assert funds["famiglie-2026"].budget_cents == 6000000


def test_every_fund_says_for_whom_in_words_that_are_checked() -> None:
    targets = {fund.slug: Target.read(fund.target) for fund in content.load_funds().funds}
    assert targets["anziani-a-casa"].min_age == 65
    assert targets["famiglie-2026"].max_age == 17


def test_fund_rules_name_what_exists() -> None:
    known: dict[str, set[str]] = {
        "category": {category.code for category in content.load_categories()},
        "provider": {provider.slug for each in territories() for provider in each.providers},
        "provider_kind": {provider.kind for each in territories() for provider in each.providers},
        "territory": set(TERRITORIES),
        "share": {""},
    }
    for fund in content.load_funds().funds:
        assert all(rule.value in known[rule.kind] for rule in fund.rules), fund.slug


def test_every_synonym_leads_somewhere() -> None:
    heads = [f"{service.it.name} {service.it.summary}" for _, service in services()]
    heads += [category.name_it for category in content.load_categories()]
    said = [set(map(str.lower, words_of(head))) for head in heads]
    for synonym in content.load_synonyms().synonyms:
        meant = set(map(str.lower, words_of(synonym.meant)))
        assert any(meant <= words for words in said), synonym


@pytest.mark.parametrize(
    "need",
    [
        "badante",
        "compiti",
        "mia mamma è caduta",
        "pasti a casa",
        "portare il papà in ospedale",
        "centro estivo",
        "non parlo italiano",
        "sono sola",
    ],
)
def test_what_people_say_is_understood(need: str) -> None:
    assert need in {synonym.said for synonym in content.load_synonyms().synonyms}


def test_what_is_not_offered_is_said_once() -> None:
    said = Counter(word for answer in content.load_synonyms().not_offered for word in answer.said)
    assert {"farmaco", "avvocato", "casa popolare", "spid", "pronto soccorso", "violenza"} <= set(said)
    assert max(said.values()) == 1
    assert not set(said) & {synonym.said for synonym in content.load_synonyms().synonyms}


def test_a_wrong_entry_is_named_in_plain_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "categories.toml").write_text('[[category]]\ncode = "sport"\nname_it = "Sport"\ncolour = "red"\n')
    monkeypatch.setattr(content, "FOLDER", tmp_path)
    with pytest.raises(ContentError, match=r"categories\.toml, category 'sport': 'colour' is not a known field"):
        content.load_categories.__wrapped__()


def test_a_wrong_rule_and_an_unknown_place_are_refused() -> None:
    tradate = content.load("tradate")
    service = _service("tradate", "aiuto-in-casa")
    (place,) = service.places
    never = replace(place.plans[0], rule="FREQ=SOMETIMES")
    for wrong, reason in [
        (replace(service, places=(replace(place, plans=(never,)),)), "the rule 'FREQ=SOMETIMES' cannot be read"),
        (replace(service, places=(replace(place, place="altrove"),)), "there is no place of its provider 'altrove'"),
        (replace(service, category="altro"), "there is no category 'altro'"),
    ]:
        with pytest.raises(ContentError, match=re.escape(reason)):
            check_territory(replace(tradate, services=(wrong,), closures=()), {"home-care"}, "tradate.toml")


def _service(territory: str, slug: str) -> Service:
    (found,) = (service for service in content.load(territory).services if service.slug == slug)
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)
