"""Moving a booking to another time."""

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from app import addresses
from app.domain import move
from app.domain.errors import Refusal
from app.edge.request import VicinoRequest
from app.views import redirect, render
from app.views.move import MovePage
from app.views.slot import read_start


class MoveController(Controller):
    path = addresses.path("move")

    @get()
    async def show(self, request: VicinoRequest, code: FromPath[str]) -> Response[bytes]:
        return render(request, await MovePage.load(request.here, code, request.empty_form()))

    @post()
    async def create(self, request: VicinoRequest, code: FromPath[str]) -> Response[bytes]:
        form, here = await request.read_form(), request.here
        starts_at = read_start(form, here)
        if starts_at is not None:
            try:
                await move.move(code, starts_at, actor=here.actor, now=here.now, key=form.key)
                return redirect(request, "booking", code=code)
            except Refusal as refusal:
                form.refuse(refusal)
        return render(request, await MovePage.load(here, code, form), status=422)
