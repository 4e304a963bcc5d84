"""Somebody finds a service, books it, sees the booking, cancels it and leaves: by words on the page, in any browser."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from tests import people

Kind = Literal["link", "button", "choice", "field"]
SLUG, GIVEN = "compiti", "Luca"


class Missing(AssertionError):
    """What the journey looks for does not stand on the page, or cannot be reached there."""


class NotHere(Exception):
    """This machine does not have the browser, or a piece that it needs."""


class Browser(Protocol):
    """`name` with its version; `errors` are its complaints to who wrote the page, None where they cannot be heard."""

    name: str
    errors: list[str] | None

    async def open(self, path: str) -> None: ...

    async def reach(self, kind: Kind, words: str, typed: str = "") -> None:
        """Presses what bears these words, or types into the field so called; Missing where nobody could."""

    async def says(self, words: str) -> bool:
        """Whether the page is there, within some seconds, and says so."""

    async def has_worker(self) -> bool | None:
        """Whether the service worker has taken over the pages; None in a browser that runs no scripts."""


@dataclass
class Visit:
    """One journey; `stopped` says at which step and why it went no further."""

    browser: str
    steps: int = 0
    stopped: str = ""
    errors: list[str] | None = None
    has_worker: bool | None = None


Step = tuple[str, Callable[[Browser], Awaitable[None]], str]


def steps(card: str) -> tuple[Step, ...]:
    """What it is called, what is done, and what the page then says."""

    def reach(kind: Kind, words: str, typed: str = "") -> Callable[[Browser], Awaitable[None]]:
        return lambda browser: browser.reach(kind, words, typed)

    return (
        ("open the first page", lambda browser: browser.open("/tradate"), "Guardare è gratis"),
        ("type what is needed", reach("field", "Di cosa hai bisogno?", SLUG), "Guardare è gratis"),
        ("search", reach("button", "Cerca"), "Coop Lanterna"),
        ("open the service", reach("link", "Aiuto compiti"), "Condizioni di servizio"),
        ("see the times", reach("link", "Prenota"), "Scegli il giorno e l'ora"),
        ("choose a time", reach("choice", "dalle 10.00"), "Scegli il giorno e l'ora"),
        ("hold it", reach("button", "Continua"), "Ho la tessera"),
        ("say that there is a card", reach("link", "Ho la tessera"), "Entra con la tessera"),
        ("type the card", reach("field", "Codice della tessera", card), "Entra con la tessera"),
        ("type the PIN", reach("field", "PIN", people.PIN), "Entra con la tessera"),
        ("say whose phone it is", reach("choice", "Questo telefono è mio"), "Entra con la tessera"),
        ("sign in", reach("button", "Entra"), "Conferma e prenota"),
        ("confirm", reach("button", "Conferma e prenota"), "È prenotato"),
        ("open the own page", reach("link", GIVEN), "I prossimi appuntamenti"),
        ("open the booking", reach("link", "Aiuto compiti"), "Codice della prenotazione"),
        ("ask to cancel", reach("link", "Annulla la prenotazione"), "Perché annulli?"),
        ("cancel", reach("button", "Sì, annulla"), "Annullata"),
        ("sign out", reach("button", "Chiudi"), "Entra"),
    )


async def walk(browser: Browser, card: str) -> Visit:
    """As far as it goes."""
    visit = Visit(browser.name)
    for name, act, then in steps(card):
        try:
            await act(browser)
            if not await browser.says(then):
                raise Missing(f"the page does not say: {then}")
        except Missing as missing:
            visit.stopped = f"{name}: {missing}"
            break
        visit.steps += 1
    visit.errors, visit.has_worker = browser.errors, await browser.has_worker()
    return visit
