"""Demo only: the messages as each person got them."""

from litestar import Controller, Response, get

from app import addresses
from app.config import settings
from app.domain.errors import NotFound
from app.edge.request import VicinoRequest
from app.views import render
from app.views.demo_message import DemoMessagesPage


class DemoMessageController(Controller):
    @get(addresses.path("demo_messages"))
    async def index(self, request: VicinoRequest) -> Response[bytes]:
        if not settings().is_demo:
            raise NotFound()
        number = request.empty_form().whole("pagina", least=1, most=1000, required=False)
        return render(request, await DemoMessagesPage.load(request.here, number))
