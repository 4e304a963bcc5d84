"""Choosing a place and a time, and having it held."""

from dataclasses import dataclass
from datetime import datetime

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from app import addresses
from app.domain import for_whom, slot_hold, vault
from app.domain.errors import Refusal
from app.edge import session
from app.edge.form import Form
from app.edge.here import Here
from app.edge.request import VicinoRequest
from app.views import redirect, render
from app.views.checkout import next_step, step_after
from app.views.receiver import read as read_receiver
from app.views.slot import ChoosePlacePage, ChooseSlotPage, bookable, chosen_place, read_quantity, read_start


class SlotController(Controller):
    @get(addresses.path("choose_place"))
    async def choose_place(self, request: VicinoRequest, slug: FromPath[str]) -> Response[bytes]:
        return render(request, await ChoosePlacePage.load(request.here, slug))

    @get(addresses.path("choose_slot"))
    async def choose_slot(self, request: VicinoRequest, slug: FromPath[str]) -> Response[bytes]:
        offered = await bookable(request.here, slug)
        form = request.empty_form()
        if len(offered.places) > 1 and not form.value("luogo"):
            return redirect(request, "choose_place", slug=slug)
        return render(request, await ChooseSlotPage.load(request.here, slug, form, offered))

    @post(addresses.path("hold"))
    async def hold(self, request: VicinoRequest, slug: FromPath[str]) -> Response[bytes]:
        form = await request.read_form()
        offered = await bookable(request.here, slug)
        place = chosen_place(form, offered)
        quantity = read_quantity(form, offered)
        starts_at = read_start(form, request.here)
        receiver = await read_receiver(form, request.here) if request.here.actor.kind == "person" else 0
        if form.is_valid and starts_at is not None:
            try:
                return await _held(request, form, Wish(place.id, starts_at, quantity, receiver))
            except Refusal as refusal:
                form.refuse(refusal)
        return render(request, await ChooseSlotPage.load(request.here, slug, form, offered), status=422)

    @post(addresses.path("hold_extension"))
    async def extend(self, request: VicinoRequest, hold: FromPath[int]) -> Response[bytes]:
        form, here = await request.read_form(), request.here
        step = await next_step(here, hold)
        await slot_hold.extend(hold, actor=here.actor, now=here.now, key=form.key)
        return redirect(request, step, hold=hold)

    @post(addresses.path("hold_release"))
    async def release(self, request: VicinoRequest, hold: FromPath[int]) -> Response[bytes]:
        form, here = await request.read_form(), request.here
        slug = await slot_hold.release(hold, actor=here.actor, now=here.now, key=form.key)
        return redirect(request, "choose_slot", slug=slug)


@dataclass(frozen=True, slots=True)
class Wish:
    """`receiver` 0: nobody has said yet for whom."""

    place: int
    starts_at: datetime
    quantity: int
    receiver: int


async def _held(request: VicinoRequest, form: Form, wish: Wish) -> Response[bytes]:
    """Holds the time and goes on to the first page with something to ask."""
    here, token = request.here, session.anonymous_token(form.key)
    if wish.receiver:
        held = await for_whom.hold(
            wish.place, wish.starts_at, wish.quantity, wish.receiver, actor=here.actor, now=here.now, key=form.key
        )
    else:
        held = await _held_for_nobody_yet(here, form, wish, token)
    if here.actor.session_id:
        return redirect(request, await step_after(here, held), hold=held)
    answer = redirect(request, "for_whom", hold=held)
    answer.set_cookie(session.cookie(token, is_https=request.is_https))
    return answer


async def _held_for_nobody_yet(here: Here, form: Form, wish: Wish, token: str) -> int:
    return await slot_hold.hold(
        wish.place,
        wish.starts_at,
        wish.quantity,
        token=token,
        address_hash=vault.peppered("address", here.address) if here.actor.kind == "anonymous" else "",
        actor=here.actor,
        now=here.now,
        key=form.key,
    )
