"""Where a funder begins: their funds."""

from litestar import Controller, Response, get

from app import addresses
from app.edge.request import VicinoRequest
from app.views import render
from app.views.funder import FunderPage


class FunderController(Controller):
    @get(addresses.path("funder"))
    async def show(self, request: VicinoRequest) -> Response[bytes]:
        return render(request, await FunderPage.load(request.here))
