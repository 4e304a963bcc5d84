"""The first page of a territory."""

from litestar import Controller, Response, get

from app import addresses
from app.edge.request import VicinoRequest
from app.views import render
from app.views.territory import TerritoryPage


class TerritoryController(Controller):
    @get(addresses.path("territory"))
    async def show(self, request: VicinoRequest) -> Response[bytes]:
        return render(request, await TerritoryPage.load(request.here))
