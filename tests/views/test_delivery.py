"""What messages say: short, plain, in the person's language, and nothing where others look."""

from collections.abc import AsyncIterator
from dataclasses import replace
from types import ModuleType
from typing import Any, get_args

import pytest

from app.domain.message import Kind
from app.domain.readability import gulpease
from app.views import gsm
from app.views.delivery import Facts, Told, facts, word
from tests.appointments import NOW, START, Diary
from tests.rows import insert

pytestmark = pytest.mark.anyio
FACTS = Facts(
    id=1,
    kind="reminder",
    lead_hours=48,
    person_id=1,
    language="it",
    given_name="Amina",
    code="K7M2PQRS",
    state="confirmed",
    answer_by=None,
    booked_by=1,
    receiver_id=1,
    receiver_name="Amina",
    service="Aiuto compiti",
    is_confidential=False,
    mode="centre",
    cancel_hours=24,
    bring="Il diario.",
    own=300,
    starts_at=START,
    place="Centro La Quercia",
    place_address="Via dei Prati 3, Tradate",
    slug="tradate",
    territory="Tradate",
    zone="Europe/Rome",
    phone="0331 000 001",
    phone_cost="",
)
KINDS: tuple[Kind, ...] = get_args(Kind)
STATES: dict[str, str] = {"cancelled": "cancelled", "answered": "refused"}
NAMES = ("Aiuto compiti", "Quercia", "Prati", "Tradate")


def told(kind: Kind = "reminder", **changed: object) -> Told:
    known = replace(FACTS, kind=kind, state=STATES.get(kind, "confirmed"))
    return word(replace(known, **changed), NOW)  # type: ignore[arg-type]


def test_a_reminder_as_each_channel_says_it() -> None:
    said = told()
    assert said.sms == (
        "Vicino: Ti ricordiamo l'appuntamento di martedì 24 novembre alle 9.30. "
        "Annulla o sposta: http://127.0.0.1:8000/tradate/p/K7M2PQRS Tel. 0331 000 001"
    )
    assert said.push["body"] == "Promemoria: martedì 24 novembre. Tocca per leggere."
    assert said.subject == "Promemoria: martedì 24 novembre"
    assert said.call == [
        "Buongiorno, chiamo da Vicino, Tradate. Parlo con Amina?",
        "Ti ricordiamo l'appuntamento di martedì 24 novembre alle 9.30. Aiuto compiti, "
        "Centro La Quercia, Via dei Prati 3, Tradate.",
        "Puoi venire?",
    ]
    assert "Dove: Centro La Quercia, Via dei Prati 3, Tradate" in said.text
    assert "Paghi tu, al centro: 3,00" in said.text
    assert "Annulli gratis. Hai tempo fino a lunedì 23 novembre alle 9.30." in said.text
    assert "Annulla: http://127.0.0.1:8000/tradate/prenotazioni/K7M2PQRS/annulla\n" in said.text
    assert '<a href="http://127.0.0.1:8000/tradate/prenotazioni/K7M2PQRS/sposta">Sposta</a>' in said.html
    assert "http://127.0.0.1:8000/tradate/io/messaggi" in said.text
    assert said.address == "/tradate/prenotazioni/K7M2PQRS"
    assert said.buttons == [("Annulla", "/annulla"), ("Sposta", "/sposta")]


@pytest.mark.parametrize("changed", [{"cancel_hours": 96}, {"person_id": 9}, {"state": "arrived"}])
def test_nothing_is_offered_that_cannot_be_done(changed: dict[str, Any]) -> None:
    """Too late, another's, over: the centre's name has the room in the text message."""
    said = told(**changed)
    assert said.buttons == [] and "/annulla" not in said.text and "/p/" not in said.sms
    assert "Aiuto compiti. Centro La Quercia. Tel. 0331 000 001" in said.sms


def test_a_link_too_long_for_a_text_message_gives_way_to_the_names() -> None:
    said = told(slug="unione-dei-comuni-del-basso-ferrarese")
    assert "/p/" not in said.sms and "Aiuto compiti" in said.sms


def test_another_language() -> None:
    said = told(language="en")
    assert said.sms.startswith("Vicino: You have an appointment on Tuesday 24 November")
    assert said.push["body"] == "Reminder: Tuesday 24 November. Tap to read."
    assert "http://127.0.0.1:8000/en/tradate/io/messaggi" in said.text
    assert "Cancel: http://127.0.0.1:8000/en/tradate/prenotazioni/K7M2PQRS/annulla" in said.text
    assert 'lang="en"' in said.html
    assert told(language="ar").sms == told().sms, "a language we do not have yet is Italian, dates too"


@pytest.mark.parametrize("language", ["it", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_on_every_channel(kind: Kind, language: str) -> None:
    said = told(kind, language=language, service="Laboratorio di cucina e di teatro per ragazzi e famiglie insieme")
    assert gsm.is_plain(said.sms)
    assert gsm.length(said.sms) <= gsm.LIMIT
    assert said.sms.endswith("Tel. 0331 000 001")
    assert said.push["title"] == "Vicino"
    assert not any(name in said.push["body"] + said.subject for name in NAMES), "a locked screen is read by anybody"
    assert said.lead in said.text
    assert said.text.count("PIN") == 1


@pytest.mark.parametrize("kind", KINDS)
def test_plain_words(kind: Kind) -> None:
    said = told(kind)
    assert gulpease(" ".join([said.lead, *said.todo])) >= 80


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("new_device", "credit_given")])
def test_a_confidential_service_is_named_nowhere(kind: Kind) -> None:
    said = told(kind, is_confidential=True)
    everything = " ".join([said.text, said.html, said.sms, said.push["body"], *said.call[1:]])
    assert not any(name in everything for name in NAMES[:3])


def test_for_somebody_else_it_says_for_whom() -> None:
    assert told(receiver_id=2, receiver_name="Yusuf").sms.startswith(
        "Vicino: Ti ricordiamo l'appuntamento di martedì 24 novembre alle 9.30. È per Yusuf.".replace("È", "E'")
    )


def test_an_answer_stays_what_it_was() -> None:
    for state in ("confirmed", "arrived", "cancelled"):
        assert told("answered", state=state).lead == "La risposta è sì."
    assert told("answered", state="refused").lead == "Purtroppo questa volta non si può."


def test_the_first_of_a_month_is_read_as_people_read_it() -> None:
    first = told(starts_at=START.replace(month=12, day=1))
    assert "martedì 1º dicembre alle 9.30" in first.text
    assert "martedì 1 dicembre alle 9.30" in first.sms, "a text message keeps to its alphabet"
    assert "Tuesday 1 December" in told(starts_at=START.replace(month=12, day=1), language="en").text


def test_mail_says_what_was_typed_as_text_only() -> None:
    assert "<b>" not in told(given_name="<b>Amina</b>").html


def test_the_plain_alphabet() -> None:
    assert gsm.plain("«È» 5,00\N{NO-BREAK SPACE}€ – c’è") == "\"E'\" 5,00 € - c'è"
    assert gsm.length("5 €") == 4
    assert not gsm.is_plain("ł")
    assert gsm.fitted("a" * 100, ["b" * 80, "c" * 20], "d") == "a" * 100 + " " + "c" * 20 + ". d"


@pytest.fixture
async def diary(database: ModuleType) -> AsyncIterator[Diary]:
    yield await Diary().open()


async def test_facts_of_a_booking_and_of_none(diary: Diary) -> None:
    person = await diary.person("amina", "sms")
    times = dict.fromkeys(("due_at", "useless_after", "created_at"), NOW)
    about = {"person_id": person, "state": "due", **times}
    booked = await insert("message", kind="reminder", lead_hours=3, booking_id=await diary.book("amina"), **about)
    alone = await insert("message", kind="credit_given", **about)
    found = await facts([booked, alone])
    assert (found[booked].service, found[booked].place, found[booked].starts_at) == (
        "Aiuto compiti",
        "Centro La Quercia",
        START,
    )
    assert (found[alone].service, found[alone].slug, found[alone].starts_at) == ("", "tradate", None)
    assert word(found[alone], NOW).links == [("Apri la tua pagina", "http://127.0.0.1:8000/tradate/io/borsellino")]
    assert await facts([]) == {}
