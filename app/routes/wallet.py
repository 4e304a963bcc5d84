"""What credit there is, and every movement of it."""

from litestar import Controller, Response, get
from litestar.params import FromPath

from app import addresses
from app.edge.request import VicinoRequest
from app.views import render
from app.views.wallet import PursePage, WalletPage


class WalletController(Controller):
    @get(addresses.path("wallet"))
    async def show(self, request: VicinoRequest) -> Response[bytes]:
        return render(request, await WalletPage.load(request.here))

    @get(addresses.path("purse"))
    async def purse(self, request: VicinoRequest, purse: FromPath[int]) -> Response[bytes]:
        number = request.empty_form().whole("pagina", least=1, most=1000, required=False)
        return render(request, await PursePage.load(request.here, purse, number))
