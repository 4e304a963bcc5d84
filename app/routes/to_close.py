"""Bookings whose end has passed without a decision."""

from litestar import Controller, Response, get

from app import addresses
from app.edge.request import VicinoRequest
from app.views import render
from app.views.to_close import ToClosePage


class ToCloseController(Controller):
    @get(addresses.path("to_close"))
    async def show(self, request: VicinoRequest) -> Response[bytes]:
        return render(request, await ToClosePage.load(request.here, request.empty_form()))
