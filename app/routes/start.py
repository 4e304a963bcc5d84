"""Dove abiti? A municipality leads to its territory."""

from litestar import Controller, Response, get

from app import addresses
from app.edge.request import VicinoRequest
from app.views import render
from app.views.start import StartPage


class StartController(Controller):
    @get(addresses.path("start"))
    async def show(self, request: VicinoRequest) -> Response[bytes]:
        return render(request, await StartPage.load(request.here))


class HealthController(Controller):
    @get(addresses.path("healthz"), media_type="text/plain", sync_to_thread=False)
    def show(self) -> str:
        return "ok"
