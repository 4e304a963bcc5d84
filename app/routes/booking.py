"""A booking's page, its slip on paper and its calendar file."""

from litestar import Controller, Response, get
from litestar.params import FromPath
from litestar.response import Redirect

from app import addresses
from app.domain import booking
from app.edge.headers import cache_control
from app.edge.request import VicinoRequest
from app.views import redirect, render
from app.views.booking import BookingPage, SlipPage
from app.views.ics import calendar_file


class BookingController(Controller):
    @get(addresses.path("booking"))
    async def show(self, request: VicinoRequest, code: FromPath[str]) -> Response[bytes]:
        return render(request, await BookingPage.load(request.here, code))

    @get(addresses.path("booking_short"))
    async def lead(self, request: VicinoRequest, code: FromPath[str]) -> Redirect:
        """From a text message, where every letter counts."""
        found = await booking.visible(code, actor=request.here.actor, now=request.here.now)
        return redirect(request, "booking", code=found.code)

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
