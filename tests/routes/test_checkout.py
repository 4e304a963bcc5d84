"""From the free time to the code, as people do it: every answer on the way is linted by the visitor."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from app import database
from app.domain.service import DraftQuestion
from tests import timetable
from tests.pages.answer import words
from tests.people import PIN, Cast
from tests.timetable import Timetable
from tests.visitor import ORIGIN, Page, Visitor

pytestmark = pytest.mark.anyio
QUESTION = DraftQuestion("Che scuola fa?", "Per preparare i libri.", "Chi fa i compiti", True, ("Primaria", "Media"))
GUEST = {"nome": "Carla Neri", "telefono": "300 0000 077"}


@pytest.fixture
async def town(visitor: Visitor, cast: Cast) -> Timetable:
    return await Timetable(cast).open()


class Walk:
    """Counts what somebody presses."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.presses = 0

    async def press(self, page: Page, action: str, **values: str) -> Page:
        self.presses += 1
        done = await self.visitor.submit(page.form(action), **values)
        return await self.visitor.follow(done) if done.location else done


async def choose(visitor: Visitor, slug: str = "compiti") -> tuple[Walk, Page]:
    """The page after a time was chosen: the first one, as it stands ticked."""
    walk = Walk(visitor)
    return walk, await walk.press(await visitor.get(f"/tradate/prenota/{slug}"), "/orario")


async def test_without_a_card_in_five_presses(visitor: Visitor, town: Timetable) -> None:
    await town.service(questions=(QUESTION,))
    walk, page = await choose(visitor)
    assert page.title == "Per chi è?" and page.says("Teniamo questo orario per te fino alle 12.15.")
    page = await visitor.get(page.link("Non ho la tessera"))
    page = await walk.press(page, "/senza-tessera", **GUEST)
    assert page.title == "Ultime domande" and page.says("Per preparare i libri. Lo vede: chi fa i compiti.")
    name = str(page.all("//main//input[@type='radio']/@name")[0])
    page = await walk.press(page, "/dettagli", **{name: "Media"})
    assert page.title == "Controlla e conferma" and page.says("Carla Neri") and page.says("25,00 €")
    page = await walk.press(page, "/riepilogo")
    assert page.title == "È prenotato" and walk.presses <= 5
    assert page.says("Paghi tu, al centro, quel giorno: 25,00 €") and page.says("Lo zaino con i libri.")


async def test_the_same_without_a_word_from_the_browser(visitor: Visitor, town: Timetable) -> None:
    """No Sec-Fetch-Site, no Origin: the token in the form is the proof; nobody had a cookie before."""
    await town.service()
    old = Visitor(visitor.clock, is_old=True)
    walk, page = await choose(old)
    page = await walk.press(await old.get(page.link("Non ho la tessera")), "/senza-tessera", **GUEST)
    page = await walk.press(page, "/riepilogo")
    assert page.title == "È prenotato"
    forged = Visitor(visitor.clock, is_old=True)
    assert (await forged.post("/tradate/prenota/compiti/orario", {"orario": "x"})).status == 403


async def test_signed_in_in_two_presses(visitor: Visitor, town: Timetable) -> None:
    await town.service(cancel_hours=2)
    await town.credit(town.cast.rosa.id, 900)
    await visitor.as_person(town.cast.rosa)
    walk, page = await choose(visitor)
    assert page.title == "Controlla e conferma" and page.says("Rosa Colombo")
    assert page.says("Ufficio di Piano così lo hai usato tutto − 9,00 €")
    assert page.says("Paghi tu, al centro, quel giorno: 16,00 €") and page.says("Annulli gratis. Hai tempo fino a")
    page = await walk.press(page, "/riepilogo")
    assert page.title == "È prenotato" and walk.presses == 2
    for address, told in (
        ("/tradate/io", "9,00 € sono già impegnati"),
        ("/tradate/io/borsellino", "Già impegnati: 9,00 €"),
    ):
        assert (await visitor.get(address)).says(told)


@pytest.mark.parametrize(
    ("who", "receives"),
    [("rosa", "rosa"), ("omar", "omar"), ("amina", "yusuf"), ("amina", "amina"), ("elena", "rosa"), ("paolo", "luca")],
)
async def test_who_returns_books_the_first_free_time_in_two_presses(
    visitor: Visitor, town: Timetable, who: str, receives: str
) -> None:
    """A parent, a delegate and an amministratore di sostegno too: for whom it was the last time stands ticked."""
    cast, place = town.cast, await town.service()
    books, receiver = getattr(cast, who).id, getattr(cast, receives).id
    await timetable.book(place, timetable.ELEVEN, await timetable.person(books), receiver)
    await visitor.as_person(books)
    walk, page = await choose(visitor)
    assert page.title == "Controlla e conferma"
    page = await walk.press(page, "/riepilogo")
    assert page.title == "È prenotato" and page.says(f"Per chi {receives.capitalize()}") and walk.presses == 2


async def test_the_first_time_nobody_is_guessed(visitor: Visitor, town: Timetable) -> None:
    """Time and person on one page: who forgot one keeps the other, and finds the error beside it."""
    await town.service(hours=("09:00", "18:00"))
    await visitor.as_person(town.cast.amina)
    first = await visitor.get("/tradate/prenota/compiti")
    later = await visitor.get(first.link("Altri giorni"))
    assert not later.all("//input[@name='chi'][@checked]") and later.says("Yusuf per mio figlio o mia figlia")
    time = str(later.all("//input[@name='orario']/@value")[-1])
    silent = await visitor.submit(later.form("/orario"), orario=time)
    assert silent.status == 422 and "Scegli per chi è." in str(silent.all("//*[@id='chi-error']/text()"))
    assert [str(kept) for kept in silent.all("//input[@name='orario'][@checked]/@value")] == [time]
    page = await visitor.follow(await visitor.submit(silent.form("/orario"), chi=str(town.cast.yusuf.id)))
    assert page.title == "Controlla e conferma" and page.says("Yusuf Haddad")
    other = await visitor.get(page.path.replace("riepilogo", "per-chi"))
    assert [str(kept) for kept in other.all("//input[@name='chi'][@checked]/@value")] == [str(town.cast.yusuf.id)]
    page = await visitor.follow(await visitor.submit(other.form("/per-chi"), chi=str(town.cast.amina.id)))
    assert page.says("Amina Haddad")
    again = await visitor.get(page.link("Cambia quando"))
    assert [str(kept) for kept in again.all("//input[@name='chi'][@checked]/@value")] == [str(town.cast.amina.id)]


async def test_only_those_it_is_meant_for(visitor: Visitor, town: Timetable) -> None:
    """The others are named with the reason; a form of another time or page gets the same answer."""
    await town.service(max_age=14)
    await town.service("anziani", min_age=65)
    await visitor.as_person(town.cast.amina)
    page = await visitor.get("/tradate/prenota/compiti")
    assert page.says("Amina: Questo servizio è per un'altra età.")
    yusuf = str(town.cast.yusuf.id)
    assert [str(one) for one in page.all("//input[@name='chi'][@checked]/@value")] == [yusuf]
    refused = await visitor.submit(page.form("/orario"), chi=str(town.cast.amina.id))
    assert refused.status == 422 and refused.says("Questo servizio è per un'altra età.")
    stranger = await visitor.submit(page.form("/orario"), chi=str(town.cast.giada.id))
    assert stranger.status == 422 and stranger.all("//*[@id='chi-error']")
    assert await database.scalar("SELECT count(*) FROM slot_hold") == 0
    nobody = await visitor.get("/tradate/prenota/anziani")
    assert nobody.says("Yusuf: Questo servizio è per un'altra età.") and not nobody.all("//input[@name='orario']")


async def test_nothing_of_a_confidential_service_is_remembered(visitor: Visitor, town: Timetable) -> None:
    place = await town.service("ascolto", is_confidential=True)
    await timetable.book(place, timetable.ELEVEN, await timetable.person(town.cast.elena.id), town.cast.rosa.id)
    await visitor.as_person(town.cast.elena)
    page = await visitor.get("/tradate/prenota/ascolto")
    assert page.says("Rosa per chi mi ha dato la delega") and not page.all("//input[@name='chi'][@checked]")


async def test_with_a_card_for_the_first_time_in_five_presses(visitor: Visitor, town: Timetable) -> None:
    await town.service(questions=(QUESTION,))
    walk, page = await choose(visitor)
    page = await visitor.get(page.link("Ho la tessera"))
    page = await walk.press(page, "/entra", card=town.cast.amina.card, pin=PIN, phone="mine")
    assert page.title == "Per chi è?" and page.says("Yusuf")
    page = await walk.press(page, "/per-chi", chi=str(town.cast.yusuf.id))
    page = await walk.press(page, "/dettagli", **{str(page.all("//main//input[@type='radio']/@name")[0]): "Media"})
    page = await walk.press(page, "/riepilogo")
    assert page.title == "È prenotato" and page.says("Yusuf Haddad") and walk.presses <= 5


async def test_what_was_typed_stays_and_the_sentence_stands_beside_it(visitor: Visitor, town: Timetable) -> None:
    await town.service()
    _, page = await choose(visitor)
    guest = await visitor.get(page.link("Non ho la tessera"))
    refused = await visitor.submit(guest.form("/senza-tessera"), nome="Carla Neri", telefono="abc")
    assert refused.status == 422 and refused.all("//input[@name='telefono'][@value='abc'][@aria-invalid='true']")
    assert refused.all("//input[@name='nome'][@value='Carla Neri']")
    assert "Scrivi un numero di telefono" in str(refused.all("//*[@id='telefono-error']/text()"))
    refused = await visitor.submit(guest.form("/senza-tessera"), nome="", telefono="300 0000 077")
    assert refused.status == 422 and refused.all("//*[@id='nome-error']")


async def test_pressing_confirm_twice_is_one_booking(visitor: Visitor, town: Timetable) -> None:
    await town.service()
    await visitor.as_person(town.cast.rosa)
    _, page = await choose(visitor)
    form = page.form("/riepilogo")
    first, second = await visitor.submit(form), await visitor.submit(form)
    assert first.status == second.status == 303 and first.location == second.location
    assert await database.scalar("SELECT count(*) FROM booking") == 1


async def test_back_after_booking_leads_to_the_booking(visitor: Visitor, town: Timetable) -> None:
    await town.service()
    await visitor.as_person(town.cast.rosa)
    _, page = await choose(visitor)
    done = await visitor.submit(page.form("/riepilogo"))
    for step in ("riepilogo", "per-chi", "come-si-paga", "dettagli"):
        again = await visitor.get(page.path.replace("riepilogo", step))
        assert again.status == 303 and again.location == done.location
    late = await visitor.post(page.path, {"_key": "another", "visto": "own:2500"})
    assert late.status == 303 and late.location == done.location


async def test_the_same_form_with_other_answers_says_so_and_goes_on_under_a_new_key(
    visitor: Visitor, town: Timetable
) -> None:
    await town.service()
    _, page = await choose(visitor)
    guest = await visitor.get(page.link("Non ho la tessera"))
    form = guest.form("/senza-tessera")
    first = await visitor.submit(form, **GUEST)
    assert (await visitor.submit(form, **GUEST)).location == first.location
    other = await visitor.submit(form, nome="Carla Bianchi", telefono="300 0000 077")
    assert other.status == 422 and other.says("Hai già inviato questa pagina con altre risposte.")
    assert other.link("Guarda che cosa hai già inviato").endswith("/riepilogo")
    assert other.all("//input[@name='nome'][@value='Carla Bianchi']")
    again = other.form("/senza-tessera")
    assert dict(again.fields)["_key"] != dict(form.fields)["_key"]
    summary = await visitor.follow(await visitor.submit(again))
    assert summary.says("Carla Bianchi")


async def test_a_double_click_before_any_cookie(visitor: Visitor, town: Timetable) -> None:
    await town.service(capacity=5)
    page = await visitor.get("/tradate/prenota/compiti")
    form, cookies = page.form("/orario"), []
    answers = []
    for _ in range(2):
        visitor.client.cookies.clear()
        answers.append(await visitor.submit(form))
        cookies.append(visitor.client.cookies["vicino"])
    assert answers[0].location == answers[1].location and cookies[0] == cookies[1]
    assert await database.scalar("SELECT sum(taken) FROM slot") == 1


async def test_others_see_the_same_as_if_there_were_nothing(visitor: Visitor, town: Timetable) -> None:
    await town.service()
    _, page = await choose(visitor)
    other = visitor.somebody_else()
    for step in ("riepilogo", "per-chi", "senza-tessera", "dettagli", "come-si-paga"):
        path = page.path.replace("per-chi", step)
        missing = "/tradate/prenotazione-in-corso/999999/" + step
        found, nothing = await other.get(path), await other.get(missing)
        assert found.status == nothing.status == 404 and found.stable_text.replace(
            path, ""
        ) == nothing.stable_text.replace(missing, "")


async def test_more_time_is_one_press_away(visitor: Visitor, town: Timetable) -> None:
    await town.service()
    walk, page = await choose(visitor)
    visitor.clock.move(minutes=14)
    page = await walk.press(page, "/altro-tempo")
    assert page.says("Teniamo questo orario per te fino alle 12.29.")
    visitor.clock.move(minutes=20)
    page = await visitor.get(page.path)
    assert page.says("Il tempo è passato, ma l'orario è ancora libero.")


async def more_time(visitor: Visitor, page: Page, **typed: str) -> Page:
    """A form half filled in, and its button for more time."""
    button = page.all("//form//button[@name='altro_tempo']")
    assert len(button) == 1
    shown = await visitor.submit(page.form(page.path), altro_tempo=str(button[0].get("value")), **typed)
    assert shown.status == 200 and shown.path == page.path
    return shown


async def test_more_time_keeps_what_was_typed(visitor: Visitor, town: Timetable) -> None:
    await town.service(
        mode="home", questions=(QUESTION, DraftQuestion("Allergie?", "Per la merenda.", "Chi prepara", True))
    )
    walk, page = await choose(visitor)
    visitor.clock.move(minutes=14)
    page = await more_time(visitor, await visitor.get(page.link("Non ho la tessera")), nome="Carla Neri", telefono="30")
    assert page.says("fino alle 12.29.") and not page.says("Errore")
    assert page.all("//input[@name='nome'][@value='Carla Neri']") and page.all("//input[@name='telefono'][@value='30']")
    page = await walk.press(page, "/senza-tessera", **GUEST)
    visitor.clock.move(minutes=10)
    school, allergy = (
        str(name) for name in page.all("//main//fieldset//@name | //input[starts-with(@id, 'q')]/@name")[1:]
    )
    page = await more_time(visitor, page, indirizzo="Via dei Prati 3", **{school: "Media", allergy: "noci"})
    assert page.says("fino alle 12.39.") and page.all(f"//input[@name='{school}'][@value='Media'][@checked]")
    assert page.all("//input[@value='Via dei Prati 3']") and page.all(f"//input[@name='{allergy}'][@value='noci']")
    page = await walk.press(page, "/dettagli")
    visitor.clock.move(minutes=12)
    page = await more_time(visitor, page)
    assert page.says("fino alle 12.51.") and page.says("Via dei Prati 3")
    assert (await walk.press(page, "/riepilogo")).title == "È prenotato"


async def test_more_time_keeps_whom_and_which_credit(visitor: Visitor, town: Timetable) -> None:
    place = await town.service()
    await timetable.book(place, timetable.ELEVEN, await timetable.person(town.cast.amina.id))
    await town.credit(town.cast.amina.id, 900)
    await visitor.as_person(town.cast.amina)
    _, summary = await choose(visitor)
    yusuf = str(town.cast.yusuf.id)
    page = await more_time(visitor, await visitor.get(summary.path.replace("riepilogo", "per-chi")), chi=yusuf)
    assert [str(kept) for kept in page.all("//input[@name='chi'][@checked]/@value")] == [yusuf]
    assert (await visitor.get(summary.path)).says("Amina Haddad")
    split = await visitor.get(summary.path.replace("riepilogo", "come-si-paga"))
    page = await visitor.submit(split.form(split.path), altro_tempo="15", credito=[])
    assert page.all("//input[@name='credito']") and not page.all("//input[@name='credito'][@checked]")
    keyless = await visitor.post(split.path, {"altro_tempo": "15"})
    assert keyless.status == 422


async def test_the_summary_of_errors_names_each_field(visitor: Visitor, town: Timetable) -> None:
    """Three empty answers are three different sentences, each leading to its field."""
    await town.service(
        mode="home", questions=(QUESTION, DraftQuestion("Allergie?", "Per la merenda.", "Chi prepara", True))
    )
    _, page = await choose(visitor)
    guest = await visitor.get(page.link("Non ho la tessera"))
    refused = await visitor.submit(guest.form("/senza-tessera"), nome="", telefono="")
    assert refused.says("Nome e cognome: scrivi nome e cognome.") and refused.says("Telefono: scrivi un numero")
    page = await visitor.follow(await visitor.submit(refused.form("/senza-tessera"), **GUEST))
    refused = await visitor.submit(page.form("/dettagli"), indirizzo="")
    told = [words(link) for link in refused.all("//*[@id='problem']//a")]
    assert told == [
        "A quale indirizzo? Scrivi una risposta.",
        "Che scuola fa? Scegli una delle risposte.",
        "Allergie? Scrivi una risposta.",
    ]


async def test_a_time_somebody_else_took_leads_to_other_times(visitor: Visitor, town: Timetable) -> None:
    await town.service()
    _, page = await choose(visitor)
    visitor.clock.move(minutes=16)
    await choose(visitor.somebody_else())
    gone = await visitor.get(page.path)
    assert gone.status == 422 and gone.says("Il tempo è passato e l'orario non è più tenuto per te.")
    page = await visitor.get(gone.link("Scegli un altro orario"))
    assert page.title == "Scegli il giorno e l'ora"


async def test_other_amounts_than_shown_are_shown_first(visitor: Visitor, town: Timetable) -> None:
    place = await town.service()
    rosa = await timetable.person(town.cast.rosa.id)
    await town.credit(rosa.id, 900)
    await visitor.as_person(town.cast.rosa)
    walk, page = await choose(visitor)
    await timetable.book(place, timetable.ELEVEN + timedelta(days=3), rosa)
    refused = await visitor.submit(page.form("/riepilogo"))
    assert refused.status == 422 and refused.says("Il modo di pagare è cambiato.")
    assert refused.says("Paghi tu, al centro, quel giorno: 25,00 €")
    assert (await walk.press(refused, "/riepilogo")).title == "È prenotato"


async def test_choosing_how_it_is_paid(visitor: Visitor, town: Timetable) -> None:
    await town.service()
    await town.credit(town.cast.rosa.id, 900)
    gone = await town.credit(town.cast.rosa.id, 500, timetable.NOW.date(), fund_name="Fondazione")
    await visitor.as_person(town.cast.rosa)
    walk, page = await choose(visitor)
    split = await visitor.get(page.link("Cambia come si paga"))
    assert split.says("Fondazione (Hai 5,00 €): quel giorno sarà scaduto.")
    form = split.form("/come-si-paga")
    none = await visitor.follow(await visitor.submit(form, credito=[]))
    assert none.says("Paghi tu, al centro, quel giorno: 25,00 €")
    reused = await visitor.submit(form, credito=["²", str(gone)])
    assert reused.status == 422 and reused.link("Guarda che cosa hai già inviato")
    page = await visitor.follow(
        await visitor.submit(reused.form("/come-si-paga"), credito=[p for n, p in form.fields if n == "credito"])
    )
    assert (await walk.press(page, "/riepilogo")).says("9,00 €")


async def test_a_minor_without_declaration_is_told_why(visitor: Visitor, town: Timetable) -> None:
    """And the way to it, and back to the same step."""
    await town.service()
    await visitor.as_person(town.cast.tomas)
    page = await visitor.get("/tradate/prenota/compiti")
    assert page.says("Giada: È un minore: serve il sì di un genitore o del tutore.")
    assert not page.all("//input[@name='chi'][@checked]")
    declared = await visitor.get(page.link("Fai la dichiarazione per Giada"))
    page = await visitor.follow(await visitor.submit(declared.form("/dichiarazione"), declared="yes"))
    assert page.title == "Scegli il giorno e l'ora" and page.says("Giada per mio figlio o mia figlia")
    page = await visitor.follow(await visitor.submit(page.form("/orario"), chi=str(town.cast.giada.id)))
    strange = await visitor.get(page.path.replace("riepilogo", "per-chi"))
    refused = await visitor.submit(strange.form("/per-chi"), chi=str(town.cast.yusuf.id))
    assert refused.status == 422


async def test_in_english(visitor: Visitor, town: Timetable) -> None:
    await town.service()
    walk = Walk(visitor)
    page = await walk.press(await visitor.get("/en/tradate/prenota/compiti"), "/orario")
    assert page.path.startswith("/en/") and page.title == "Who is it for?"
    page = await visitor.get(page.link("I have no card"))
    page = await walk.press(page, "/senza-tessera", **GUEST)
    page = await walk.press(page, "/riepilogo")
    assert page.title == "It is booked" and urlsplit(ORIGIN + page.path).path.startswith("/en/tradate/prenotazioni/")
