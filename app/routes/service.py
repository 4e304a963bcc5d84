"""One service."""

from litestar import Controller, Response, get
from litestar.params import FromPath

from app import addresses
from app.edge.request import VicinoRequest
from app.views import render
from app.views.service import ServicePage


class ServiceController(Controller):
    @get(addresses.path("service"))
    async def show(self, request: VicinoRequest, slug: FromPath[str]) -> Response[bytes]:
        return render(request, await ServicePage.load(request.here, slug))
