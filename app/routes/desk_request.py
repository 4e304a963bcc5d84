"""The queue of requests and of calls we promised."""

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from app import addresses
from app.domain import desk
from app.domain.callback import OUTCOMES, close, find
from app.domain.errors import Refusal
from app.edge.request import VicinoRequest
from app.views import redirect, render
from app.views.desk_person_book import require_guide
from app.views.desk_request import DeskRequestsPage


class DeskRequestController(Controller):
    @get(addresses.path("desk_requests"))
    async def show(self, request: VicinoRequest) -> Response[bytes]:
        return render(request, await DeskRequestsPage.load(request.here, request.empty_form()))

    @post(addresses.path("desk_callback"))
    async def call(self, request: VicinoRequest, callback: FromPath[int]) -> Response[bytes] | Redirect:
        here, form = request.here, await request.read_form()
        await desk.scope(here.actor, here.place.id)
        require_guide(here)
        await find(callback, here.place.id)
        outcome = form.choice("esito", OUTCOMES)
        if form.is_valid:
            try:
                await close(callback, outcome, actor=here.actor, now=here.now, key=form.key)
                return redirect(request, "desk_requests")
            except Refusal as refusal:
                form.refuse(refusal)
        return render(request, await DeskRequestsPage.load(here, form), status=422)
