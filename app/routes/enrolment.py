"""At the Social Point: a person, a card, and a PIN that only the person knows."""

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from app import addresses, i18n
from app.domain import access, card, identity, municipality, person, pin
from app.domain.errors import AlreadyEnrolled, Refusal
from app.edge.request import VicinoRequest
from app.views import redirect, render, tick
from app.views.enrolment import CardSheetPage, EnrolmentPage, FirstPinPage, ReissuePage
from app.views.enrolment_form import note_refusal, read_card, read_person, read_pin


def _require_desk(request: VicinoRequest) -> None:
    here = request.here
    access.require(here.actor, *access.ENROLLING, scope_kind="territory", scope_id=here.place.id)


class EnrolmentController(Controller):
    @get(addresses.path("enrolment"))
    async def show(self, request: VicinoRequest) -> Response[bytes]:
        _require_desk(request)
        return render(request, await EnrolmentPage.load(request.here, request.empty_form()))

    @post(addresses.path("enrolment"))
    async def create(self, request: VicinoRequest) -> Response[bytes] | Redirect:
        _require_desk(request)
        here = request.here
        form = await request.read_form()
        new = read_person(form, here, await municipality.of_territory(here.place.id))
        card_code = read_card(form)
        if form.is_valid:
            try:
                number = await person.enrol(
                    new, territory_id=here.place.id, card_code=card_code, actor=here.actor, now=here.now, key=form.key
                )
                return await _to_first_pin(request, number)
            except Refusal as refusal:
                note_refusal(form, refusal, here)
                known = refusal.arguments.get("person_id") if isinstance(refusal, AlreadyEnrolled) else 0
                return render(request, await EnrolmentPage.load(here, form, known=int(str(known or 0))), status=422)
        return render(request, await EnrolmentPage.load(here, form), status=422)


class FirstPinController(Controller):
    @get(addresses.path("first_pin"))
    async def show(self, request: VicinoRequest, person: FromPath[int]) -> Response[bytes]:
        await _look(request, person)
        return render(request, await FirstPinPage.load(request.here, person, request.empty_form()))

    @post(addresses.path("first_pin"))
    async def create(self, request: VicinoRequest, person: FromPath[int]) -> Response[bytes] | Redirect:
        await _look(request, person)
        here = request.here
        form = await request.read_form()
        typed = read_pin(form)
        if form.is_valid:
            try:
                await pin.choose(person, typed, actor=here.actor, now=here.now, key=form.key)
                return redirect(request, "card_sheet", person=person)
            except Refusal as refusal:
                note_refusal(form, refusal, here)
        return render(request, await FirstPinPage.load(here, person, form), status=422)


class CardController(Controller):
    @get(addresses.path("card_sheet"))
    async def show(self, request: VicinoRequest, person: FromPath[int]) -> Response[bytes]:
        await _look(request, person)
        return render(request, await CardSheetPage.load(request.here, person))

    @get(addresses.path("card_reissue"))
    async def show_reissue(self, request: VicinoRequest, person: FromPath[int]) -> Response[bytes]:
        await _look(request, person)
        return render(request, await ReissuePage.load(request.here, person, request.empty_form()))

    @post(addresses.path("card_reissue"))
    async def reissue(self, request: VicinoRequest, person: FromPath[int]) -> Response[bytes] | Redirect:
        await _look(request, person)
        here = request.here
        form = await request.read_form()
        tick.saw_document(form)
        card_code = read_card(form)
        if form.is_valid:
            try:
                await card.reissue(person, card_code=card_code, actor=here.actor, now=here.now, key=form.key)
                return await _to_first_pin(request, person)
            except Refusal as refusal:
                note_refusal(form, refusal, here)
        return render(request, await ReissuePage.load(here, person, form), status=422)


async def _look(request: VicinoRequest, number: int) -> None:
    """Only staff who enrol people here, and the person reads later that they looked."""
    _require_desk(request)
    await access.look(number, "card", actor=request.here.actor, now=request.here.now)


async def _to_first_pin(request: VicinoRequest, number: int) -> Redirect:
    """The screen is turned to the person: from here in their language."""
    language = i18n.shipped((await identity.facts_of([number]))[number].language)
    place = request.here.place.slug
    return Redirect(addresses.url("first_pin", language=language, territory=place, person=number), status_code=303)
