"""The page the service worker keeps for when the line is gone, and the one whose place its own list takes."""

from litestar import Controller, Response, get

from app import addresses
from app.edge.request import VicinoRequest
from app.views import render
from app.views.offline import OfflinePage, OutboxPage


class OfflineController(Controller):
    @get(addresses.path("outbox"))
    async def show_outbox(self, request: VicinoRequest) -> Response[bytes]:
        return render(request, OutboxPage.load(request.here))

    @get(addresses.path("offline"))
    async def show(self, request: VicinoRequest) -> Response[bytes]:
        return render(request, await OfflinePage.load(request.here))
