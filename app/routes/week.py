"""The week of a centre, as a page and as a calendar file."""

from litestar import Controller, Response, get
from litestar.params import FromPath

from app import addresses
from app.edge.headers import cache_control
from app.edge.request import VicinoRequest
from app.views import render
from app.views.week import CentresPage, WeekPage, calendar_file


class WeekController(Controller):
    @get(addresses.path("centres"))
    async def index(self, request: VicinoRequest) -> Response[bytes]:
        return render(request, await CentresPage.load(request.here))

    @get(addresses.path("week"))
    async def show(self, request: VicinoRequest, place: FromPath[int]) -> Response[bytes]:
        wished = request.empty_form().value("settimana")
        return render(request, await WeekPage.load(request.here, place, wished))

    @get(addresses.path("week_ics"))
    async def calendar(self, request: VicinoRequest, place: FromPath[int]) -> Response[bytes]:
        headers = {
            "cache-control": cache_control("public"),
            "content-disposition": 'attachment; filename="settimana.ics"',
        }
        body = await calendar_file(request.here, place, request.empty_form().value("settimana"))
        return Response(body, media_type="text/calendar", headers=headers)
