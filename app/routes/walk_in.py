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
from app.views.desk_person_book import look, receivers
from app.views.walk_in import WalkInPage, walkable


class WalkInController(Controller):
    path = addresses.path("walk_in")

    @get()
    async def show(self, request: VicinoRequest, person: FromPath[int], slug: FromPath[str]) -> Response[bytes]:
        return render(request, await WalkInPage.load(request.here, person, slug, request.empty_form()))

    @post()
    async def create(
        self, request: VicinoRequest, person: FromPath[int], slug: FromPath[str]
    ) -> Response[bytes] | Redirect:
        here, form = request.here, await request.read_form()
        offered = await walkable(here, slug)
        await look(here, person)
        receiver = form.choice("chi", dict(await receivers(here, person)))
        if form.is_valid:
            try:
                code = await walk_in.arrive(
                    person,
                    int(receiver),
                    offered.service_place_id,
                    form.value("visto"),
                    nonce=nonce(form, here),
                    within=await desk.scope(here.actor, here.place.id),
                    actor=here.actor,
                    now=here.now,
                    key=form.key,
                )
                return redirect(request, "desk_booking", code=code)
            except Refusal as refusal:
                form.refuse(refusal)
        return render(request, await WalkInPage.load(here, person, slug, form), status=422)
