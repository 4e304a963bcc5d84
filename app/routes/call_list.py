"""Calls to people whom no other channel reaches."""

from litestar import Controller, Response, get, post
from litestar.response import Redirect

from app import addresses
from app.domain import desk, message
from app.domain.errors import Refusal
from app.edge.request import VicinoRequest
from app.views import redirect, render
from app.views.call_list import CallListPage, read_outcomes
from app.views.desk_person_book import require_guide


class CallListController(Controller):
    path = addresses.path("call_list")

    @get()
    async def show(self, request: VicinoRequest) -> Response[bytes]:
        return render(request, await CallListPage.load(request.here, request.empty_form()))

    @post()
    async def create(self, request: VicinoRequest) -> Response[bytes] | Redirect:
        here, form = request.here, await request.read_form()
        await desk.scope(here.actor, here.place.id)
        require_guide(here)
        outcomes = read_outcomes(form, here)
        if form.is_valid:
            try:
                await message.record_call(outcomes, actor=here.actor, now=here.now, key=form.key)
                return redirect(request, "call_list")
            except Refusal as refusal:
                form.refuse(refusal)
        return render(request, await CallListPage.load(here, form), status=422)
