"""Calling a booking off."""

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from app import addresses
from app.domain import cancellation
from app.domain.errors import Refusal
from app.edge.request import VicinoRequest
from app.views import redirect, render
from app.views.cancellation import CancelPage


class CancellationController(Controller):
    path = addresses.path("cancellation")

    @get()
    async def show(self, request: VicinoRequest, code: FromPath[str]) -> Response[bytes]:
        return render(request, await CancelPage.load(request.here, code, request.empty_form()))

    @post()
    async def create(self, request: VicinoRequest, code: FromPath[str]) -> Response[bytes]:
        form, here = await request.read_form(), request.here
        reason = form.choice("motivo", cancellation.REASONS)
        if form.is_valid:
            try:
                await cancellation.cancel(code, reason, actor=here.actor, now=here.now, key=form.key)
                return redirect(request, "booking", code=code)
            except Refusal as refusal:
                form.refuse(refusal)
        return render(request, await CancelPage.load(here, code, form), status=422)
