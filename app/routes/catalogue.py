"""All services of a territory."""

from litestar import Controller, Response, get

from app import addresses
from app.edge.request import VicinoRequest
from app.views import render
from app.views.catalogue import CataloguePage


class CatalogueController(Controller):
    @get(addresses.path("catalogue"))
    async def index(self, request: VicinoRequest) -> Response[bytes]:
        return render(request, await CataloguePage.load(request.here, request.empty_form()))
