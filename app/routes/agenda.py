"""A person's appointments, all of them."""

from litestar import Controller, Response, get

from app import addresses
from app.edge.request import VicinoRequest
from app.views import render
from app.views.agenda import AgendaPage


class AgendaController(Controller):
    @get(addresses.path("agenda"))
    async def index(self, request: VicinoRequest) -> Response[bytes]:
        number = request.empty_form().whole("pagina", least=1, most=1000, required=False)
        return render(request, await AgendaPage.load(request.here, number))
