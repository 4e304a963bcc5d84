"""Social Points: sit down with somebody who helps."""

from litestar import Controller, Response, get

from app import addresses
from app.edge.request import VicinoRequest
from app.views import render
from app.views.social_point import SocialPointsPage


class SocialPointController(Controller):
    @get(addresses.path("social_points"))
    async def index(self, request: VicinoRequest) -> Response[bytes]:
        return render(request, await SocialPointsPage.load(request.here))
