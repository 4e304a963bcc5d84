"""The page the service worker keeps for when the line is gone."""

from litestar import Controller, Response, get

from app import addresses
from app.edge.request import VicinoRequest
from app.views import render
from app.views.offline import OfflinePage


class OfflineController(Controller):
    @get(addresses.path("offline"))
    async def show(self, request: VicinoRequest) -> Response[bytes]:
        return render(request, await OfflinePage.load(request.here))
