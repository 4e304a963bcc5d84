"""What we told a person."""

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from app import addresses
from app.domain import receipt
from app.edge.request import VicinoRequest
from app.views import render
from app.views.message import MessagesPage, read_status


class MessageController(Controller):
    @get(addresses.path("messages"))
    async def index(self, request: VicinoRequest) -> Response[bytes]:
        form = request.empty_form()
        number = form.whole("pagina", least=1, most=1000, required=False)
        return render(request, await MessagesPage.load(request.here, number))

    @post(addresses.path("sms_status"))
    async def report(self, request: VicinoRequest, reference: FromPath[str]) -> Response[None]:
        """From the service that sends texts: the address is its secret, and a repeat is harmless by itself."""
        status = read_status(await request.body())
        await receipt.report(reference, status, actor=request.here.actor, now=request.here.now)
        return Response(None, status_code=204)
