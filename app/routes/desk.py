"""The desk's first page, and the field that finds anybody."""

from litestar import Controller, Response, get, post
from litestar.response import Redirect

from app import addresses
from app.domain import desk, desk_search, identity
from app.edge.request import VicinoRequest
from app.views import redirect, render
from app.views.desk import DeskPage, SearchPage, hits_of


class DeskController(Controller):
    @get(addresses.path("desk"))
    async def show(self, request: VicinoRequest) -> Response[bytes]:
        return render(request, await DeskPage.load(request.here, request.empty_form()))


class DeskSearchController(Controller):
    path = addresses.path("desk_search")

    @get()
    async def show(self, request: VicinoRequest) -> Response[bytes]:
        return render(request, await SearchPage.load(request.here, request.empty_form()))

    @post()
    async def find(self, request: VicinoRequest) -> Response[bytes] | Redirect:
        here, form = request.here, await request.read_form()
        within = await desk.scope(here.actor, here.place.id)
        typed = form.text("cerca", longest=200)
        if not form.is_valid:
            return render(request, await SearchPage.load(here, form), status=422)
        found = await desk_search.find(typed, within, here.zone, actor=here.actor, now=here.now)
        if found.booking_code:
            return redirect(request, "desk_booking", code=found.booking_code)
        if len(found.people) == 1:
            return redirect(request, "desk_person", person=found.people[0].person_id)
        is_cut = len(found.people) > identity.FIND_MOST
        hits = hits_of(found.people[: identity.FIND_MOST], here)
        return render(request, await SearchPage.load(here, form, hits, is_cut=is_cut))
