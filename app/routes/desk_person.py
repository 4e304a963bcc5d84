"""A person at the desk: looked at for a reason, and booked for."""

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from app import addresses
from app.domain import booking, checkout, desk_person
from app.domain.errors import AlreadyBooked, Refusal
from app.edge.request import VicinoRequest
from app.views import redirect, render
from app.views.checkout import read_answers
from app.views.desk_person import DeskPersonPage, PurposePage
from app.views.desk_person_book import BookPage, ConfirmPage, ServicesPage, look, receivers, require_guide, standing_for
from app.views.slot import bookable, read_start


class DeskPersonController(Controller):
    @get(addresses.path("desk_person"))
    async def show(self, request: VicinoRequest, person: FromPath[int]) -> Response[bytes]:
        why = request.empty_form().value("motivo")
        if why not in desk_person.PURPOSES:
            return render(request, await PurposePage.load(request.here, person))
        return render(request, await DeskPersonPage.load(request.here, person, why))

    @get(addresses.path("desk_person_services"))
    async def services(self, request: VicinoRequest, person: FromPath[int]) -> Response[bytes]:
        return render(request, await ServicesPage.load(request.here, person, request.empty_form()))


class DeskPersonBookController(Controller):
    path = addresses.path("desk_person_book")

    @get()
    async def show(self, request: VicinoRequest, person: FromPath[int], slug: FromPath[str]) -> Response[bytes]:
        here = request.here
        require_guide(here)
        await look(here, person)
        offered, who = await bookable(here, slug), await receivers(here, person)
        return render(request, await BookPage.load(here, person, slug, request.empty_form(), offered, who))

    @post()
    async def create(
        self, request: VicinoRequest, person: FromPath[int], slug: FromPath[str]
    ) -> Response[bytes] | Redirect:
        require_guide(request.here)
        here, form = request.here, await request.read_form()
        await look(here, person)
        offered, who = await bookable(here, slug), await receivers(here, person)
        place = form.choice("luogo", [str(one.id) for one in offered.places])
        quantity = form.whole("quanti", least=offered.min_quantity, most=offered.max_quantity)
        receiver = form.choice("chi", dict(who))
        starts_at = read_start(form, here)
        if form.is_valid and starts_at is not None:
            try:
                held = await desk_person.hold(
                    person,
                    int(receiver),
                    int(place),
                    starts_at,
                    quantity,
                    actor=here.actor,
                    now=here.now,
                    key=form.key,
                )
                return redirect(request, "desk_person_confirm", person=person, hold=held)
            except Refusal as refusal:
                form.refuse(refusal)
        return render(request, await BookPage.load(here, person, slug, form, offered, who), status=422)


class DeskPersonConfirmController(Controller):
    path = addresses.path("desk_person_confirm")

    @get()
    async def show(self, request: VicinoRequest, person: FromPath[int], hold: FromPath[int]) -> Response[bytes]:
        here = request.here
        require_guide(here)
        standing, asked = await standing_for(here, person, hold)
        return render(request, await ConfirmPage.load(here, standing, asked, request.empty_form()))

    @post()
    async def create(
        self, request: VicinoRequest, person: FromPath[int], hold: FromPath[int]
    ) -> Response[bytes] | Redirect:
        here, form = request.here, await request.read_form()
        require_guide(here)
        try:
            standing, asked = await standing_for(here, person, hold)
        except AlreadyBooked as booked:  # sent twice: the same booking answers
            return redirect(request, "desk_booking", code=booked.arguments["code"])
        answers = read_answers(form, asked.questions, at_home=standing.sold.mode == "home")
        if form.is_valid:
            try:
                await checkout.answer(hold, answers, actor=here.actor, now=here.now)
                code = await booking.book(hold, form.value("visto"), actor=here.actor, now=here.now, key=form.key)
                return redirect(request, "desk_booking", code=code)
            except Refusal as refusal:
                form.refuse(refusal)
        return render(request, await ConfirmPage.load(here, standing, asked, form), status=422)
