"""Who looked at my data."""

from litestar import Controller, Response, get

from app import addresses
from app.edge.request import VicinoRequest
from app.views import render
from app.views.look import LooksPage


class LookController(Controller):
    @get(addresses.path("looks"))
    async def show(self, request: VicinoRequest) -> Response[bytes]:
        form = request.empty_form()
        number = form.whole("pagina", least=1, most=1000, required=False)
        return render(request, await LooksPage.load(request.here, number, form.value("di")))
