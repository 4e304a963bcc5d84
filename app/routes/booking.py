"""A booking's page, its slip on paper and its calendar file."""

from litestar import Controller, Response, get
from litestar.params import FromPath

from app import addresses
from app.edge.headers import cache_control
from app.edge.request import VicinoRequest
from app.views import render
from app.views.booking import BookingPage, SlipPage
from app.views.ics import calendar_file


class BookingController(Controller):
    @get(addresses.path("booking"))
    async def show(self, request: VicinoRequest, code: FromPath[str]) -> Response[bytes]:
        return render(request, await BookingPage.load(request.here, code))

    @get(addresses.path("booking_slip"))
    async def slip(self, request: VicinoRequest, code: FromPath[str]) -> Response[bytes]:
        return render(request, await SlipPage.load(request.here, code))

    @get(addresses.path("booking_ics"))
    async def calendar(self, request: VicinoRequest, code: FromPath[str]) -> Response[bytes]:
        headers = {
            "cache-control": cache_control("never"),
            "content-disposition": f'attachment; filename="appuntamento-{code}.ics"',
        }
        return Response(await calendar_file(request.here, code), media_type="text/calendar", headers=headers)
