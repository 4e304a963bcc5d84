"""What we told a person."""

from litestar import Controller, Response, get

from app import addresses
from app.edge.request import VicinoRequest
from app.views import render
from app.views.message import MessagesPage


class MessageController(Controller):
    @get(addresses.path("messages"))
    async def index(self, request: VicinoRequest) -> Response[bytes]:
        form = request.empty_form()
        number = form.whole("pagina", least=1, most=1000, required=False)
        return render(request, await MessagesPage.load(request.here, number))
