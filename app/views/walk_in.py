"""Who comes without a booking: is there a place now, and who pays what."""

from dataclasses import dataclass
from typing import ClassVar, Self

from app.domain import desk, desk_person, walk_in
from app.domain.desk_person import Walkable
from app.domain.split import Line, Split
from app.edge.form import Form
from app.edge.here import Here
from app.views import Kind, Page
from app.views.desk_person_book import look, receivers
from app.views.formatting import MINUS, clock, money, when_near


@dataclass(frozen=True)
class WalkInPage(Page):
    """`free` is '' when there is no place now."""

    template: ClassVar[str] = "walk_in/show.html"
    kind: ClassVar[Kind] = "form"
    service: str
    person: int
    slug: str
    receivers: list[tuple[str, str]]
    receiver: str
    free: str
    money_lines: list[tuple[str, str]]
    own: tuple[str, str]
    shown: str
    form: Form

    @classmethod
    async def load(cls, here: Here, person: int, slug: str, form: Form) -> Self:
        _ = here.words.gettext
        await look(here, person)
        offered = await walkable(here, slug)
        who = await receivers(here, person)
        receiver = form.value("chi") if form.value("chi") in dict(who) else str(person)
        place = offered.service_place_id
        free = await walk_in.now_free(place, now=here.now)
        paid = await walk_in.would_pay(person, int(receiver), offered.service_id, now=here.now)
        until = clock(free.ends_at.astimezone(here.zone), here.language) if free else ""
        return cls(
            title=_("%(name)s è qui senza prenotazione", name=who[0][1]),
            service=offered.name,
            person=person,
            slug=slug,
            receivers=who if len(who) > 1 else [],
            receiver=receiver,
            free=_(
                "%(when)s, fino alle %(end)s",
                when=when_near(free.starts_at, here.now, here.zone, here.words),
                end=until,
            )
            if free
            else "",
            money_lines=_lines(paid, here),
            own=(_("Da incassare"), money(paid.own_cents, here.language)),
            shown=paid.mark,
            form=form,
        )


async def walkable(here: Here, slug: str) -> Walkable:
    within = await desk.scope(here.actor, here.place.id)
    return await desk_person.walkable(within, slug, here.language)


def _lines(paid: Split, here: Here) -> list[tuple[str, str]]:
    _ = here.words.gettext

    def said(line: Line) -> tuple[str, str]:
        return _("Paga %(fund)s", fund=line.purse.fund_name), f"{MINUS} {money(line.cents, here.language)}"

    return [(_("Il servizio costa"), money(paid.price_cents, here.language)), *(said(line) for line in paid.lines)]
