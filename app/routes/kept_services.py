"""The services of a territory, kept on a phone when somebody asks for it."""

from litestar import Controller, Response, get

from app import addresses
from app.edge.request import VicinoRequest
from app.views import render
from app.views.kept_services import KeptServicesPage


class KeptServicesController(Controller):
    @get(addresses.path("kept_services"))
    async def show(self, request: VicinoRequest) -> Response[bytes]:
        return render(request, await KeptServicesPage.load(request.here))
