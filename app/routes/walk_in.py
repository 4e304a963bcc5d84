"""Somebody who comes without a booking."""

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from app import addresses
from app.domain import desk, walk_in
from app.domain.errors import Refusal
from app.edge.press import nonce
from app.edge.request import VicinoRequest
from app.views import redirect, render
from app.views.walk_in import Door, WalkInPage


class WalkInController(Controller):
    path = addresses.path("walk_in")

    @get()
    async def show(self, request: VicinoRequest, person: FromPath[int], slug: FromPath[str]) -> Response[bytes]:
        here, form = request.here, request.empty_form()
        return render(request, await WalkInPage.load(here, await Door.of(here, person, slug, form), form))

    @post()
    async def create(
        self, request: VicinoRequest, person: FromPath[int], slug: FromPath[str]
    ) -> Response[bytes] | Redirect:
        here, form = request.here, await request.read_form()
        door = await Door.of(here, person, slug, form)
        wish = door.read(form)
        if form.is_valid:
            try:
                within = await desk.scope(here.actor, here.place.id)
                code = await walk_in.arrive(
                    wish,
                    form.value("visto"),
                    nonce=nonce(form, here),
                    within=within,
                    actor=here.actor,
                    now=here.now,
                    key=form.key,
                )
                return redirect(request, "desk_booking", code=code)
            except Refusal as refusal:
                form.refuse(refusal)
        return render(request, await WalkInPage.load(here, door, form), status=422)
