"""A person's own first page."""

from litestar import Controller, Response, get

from app import addresses
from app.edge.request import VicinoRequest
from app.views import render
from app.views.me import MePage


class MeController(Controller):
    @get(addresses.path("me"))
    async def show(self, request: VicinoRequest) -> Response[bytes]:
        return render(request, await MePage.load(request.here))
