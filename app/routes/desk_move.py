"""Somebody's booking gets another time at the desk."""

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from app import addresses
from app.domain import move
from app.domain.errors import Refusal
from app.edge.request import VicinoRequest
from app.views import redirect, render
from app.views.desk_move import DeskMovePage
from app.views.slot import read_start


class DeskMoveController(Controller):
    path = addresses.path("desk_move")

    @get()
    async def show(self, request: VicinoRequest, person: FromPath[int], code: FromPath[str]) -> Response[bytes]:
        return render(request, await DeskMovePage.load(request.here, person, code, request.empty_form()))

    @post()
    async def create(
        self, request: VicinoRequest, person: FromPath[int], code: FromPath[str]
    ) -> Response[bytes] | Redirect:
        here, form = request.here, await request.read_form()
        page = await DeskMovePage.load(here, person, code, form)
        starts_at, reason = read_start(form, here), form.choice("motivo", move.REASONS)
        if form.is_valid and starts_at is not None:
            try:
                await move.move(page.code, starts_at, reason=reason, actor=here.actor, now=here.now, key=form.key)
                return redirect(request, "desk_booking", code=page.code)
            except Refusal as refusal:
                form.refuse(refusal)
        return render(request, page, status=422)
