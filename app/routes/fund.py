"""A fund's accounts as its funder reads them, and the same as a file."""

from litestar import Controller, Response, get
from litestar.params import FromPath

from app import addresses
from app.edge.headers import cache_control
from app.edge.request import VicinoRequest
from app.views import render
from app.views.csv import fund_movements
from app.views.fund import FundPage


class FundController(Controller):
    @get(addresses.path("fund"))
    async def show(self, request: VicinoRequest, fund: FromPath[str]) -> Response[bytes]:
        return render(request, await FundPage.load(request.here, fund))

    @get(addresses.path("fund_csv"))
    async def movements(self, request: VicinoRequest, fund: FromPath[str]) -> Response[bytes]:
        body = await fund_movements(request.here, fund)
        day = request.here.now.astimezone(request.here.zone).date()
        headers = {
            "cache-control": cache_control("never"),
            "content-disposition": f'attachment; filename="{fund}-{day}.csv"',
        }
        return Response(body, media_type="text/csv", headers=headers)
