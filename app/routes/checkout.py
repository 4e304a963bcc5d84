"""From a held time to the booking, one thing a page."""

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from app import addresses
from app.domain import booking, checkout, for_whom, pin, slot_hold
from app.domain.errors import Refusal
from app.edge.form import Form
from app.edge.request import VicinoRequest
from app.views import redirect, render
from app.views.checkout import (
    Asked,
    DetailsPage,
    ForWhomPage,
    GuestPage,
    may_choose,
    next_step,
    read_answers,
    step_after,
)
from app.views.receiver import read as read_receiver
from app.views.summary import SplitPage, SummaryPage

Step = ForWhomPage | GuestPage | DetailsPage | SplitPage | SummaryPage


class CheckoutController(Controller):
    @get(addresses.path("for_whom"))
    async def for_whom(self, request: VicinoRequest, hold: FromPath[int]) -> Response[bytes]:
        here = request.here
        if here.actor.kind == "person" and not await may_choose(here):
            return redirect(request, await next_step(here, hold), hold=hold)
        return render(request, await ForWhomPage.load(here, hold, request.empty_form()))

    @post(addresses.path("for_whom"))
    async def choose_receiver(self, request: VicinoRequest, hold: FromPath[int]) -> Response[bytes]:
        form, here = await request.read_form(), request.here
        if form.value("altro_tempo"):
            return await _more_time(request, hold, form, ForWhomPage)
        receiver = await read_receiver(form, here)
        if form.is_valid:
            try:
                await for_whom.choose(hold, receiver, actor=here.actor, now=here.now, key=form.key)
                return redirect(request, await step_after(here, hold), hold=hold)
            except Refusal as refusal:
                form.refuse(refusal)
        return render(request, await ForWhomPage.load(here, hold, form), status=422)

    @get(addresses.path("guest"))
    async def guest(self, request: VicinoRequest, hold: FromPath[int]) -> Response[bytes]:
        return render(request, await GuestPage.load(request.here, hold, request.empty_form()))

    @post(addresses.path("guest"))
    async def be_guest(self, request: VicinoRequest, hold: FromPath[int]) -> Response[bytes]:
        form, here = await request.read_form(), request.here
        if form.value("altro_tempo"):
            return await _more_time(request, hold, form, GuestPage)
        name, phone = form.full_name("nome"), form.phone("telefono")
        if form.is_valid:
            try:
                await checkout.as_guest(
                    hold, name, phone, language=here.language, actor=here.actor, now=here.now, key=form.key
                )
                return redirect(request, await step_after(here, hold), hold=hold)
            except Refusal as refusal:
                form.refuse(refusal)
        return render(request, await GuestPage.load(here, hold, form), status=422)

    @get(addresses.path("details"))
    async def details(self, request: VicinoRequest, hold: FromPath[int]) -> Response[bytes]:
        return render(request, await DetailsPage.load(request.here, hold, request.empty_form()))

    @post(addresses.path("details"))
    async def answer(self, request: VicinoRequest, hold: FromPath[int]) -> Response[bytes]:
        form, here = await request.read_form(), request.here
        if form.value("altro_tempo"):
            return await _more_time(request, hold, form, DetailsPage)
        page = await DetailsPage.load(here, hold, form)
        answers = read_answers(form, page.questions, at_home=page.at_home)
        if form.is_valid:
            try:
                await checkout.answer(hold, answers, actor=here.actor, now=here.now, key=form.key)
                return redirect(request, "summary", hold=hold)
            except Refusal as refusal:
                form.refuse(refusal)
        return render(request, await DetailsPage.load(here, hold, form), status=422)

    @get(addresses.path("split"))
    async def split(self, request: VicinoRequest, hold: FromPath[int]) -> Response[bytes]:
        return render(request, await SplitPage.load(request.here, hold, request.empty_form()))

    @post(addresses.path("split"))
    async def choose_purses(self, request: VicinoRequest, hold: FromPath[int]) -> Response[bytes]:
        form, here = await request.read_form(), request.here
        if form.value("altro_tempo"):
            return await _more_time(request, hold, form, SplitPage)
        chosen = [int(purse) for purse in form.values("credito") if purse.isdecimal() and len(purse) < 19]
        try:
            await checkout.choose_purses(hold, chosen, actor=here.actor, now=here.now, key=form.key)
            return redirect(request, "summary", hold=hold)
        except Refusal as refusal:
            form.refuse(refusal)
        return render(request, await SplitPage.load(here, hold, form), status=422)

    @get(addresses.path("summary"))
    async def summary(self, request: VicinoRequest, hold: FromPath[int]) -> Response[bytes]:
        here = request.here
        standing = await checkout.load(hold, actor=here.actor, now=here.now)
        asked = await Asked.of(standing, here) if standing.parties else None
        if asked is None or asked.is_open(standing):
            return redirect(request, await next_step(here, hold), hold=hold)
        return render(request, await SummaryPage.of(standing, here, request.empty_form(), asked))

    @post(addresses.path("summary"))
    async def confirm(self, request: VicinoRequest, hold: FromPath[int]) -> Response[bytes]:
        form, here = await request.read_form(), request.here
        if form.value("altro_tempo"):
            return await _more_time(request, hold, form, SummaryPage)
        try:
            if form.value("pin"):
                await pin.confirm(form.value("pin"), actor=here.actor, now=here.now)
            code = await booking.book(hold, form.value("visto"), actor=here.actor, now=here.now, key=form.key)
            return redirect(request, "booking", code=code)
        except Refusal as refusal:
            form.refuse(refusal)
        return render(request, await SummaryPage.load(here, hold, form), status=422)


async def _more_time(request: VicinoRequest, hold: int, form: Form, page: type[Step]) -> Response[bytes]:
    """The same page with all that was typed and the new time. Claims no key: twice is as good as once."""
    here = request.here
    form.require_key()
    await slot_hold.extend(hold, actor=here.actor, now=here.now)
    return render(request, await page.load(here, hold, form))
