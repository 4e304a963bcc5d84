"""Dove abiti? A municipality leads to its territory, or to a number we call when it joins."""

from litestar import Controller, Response, get, post

from app import addresses
from app.domain import municipality
from app.domain.errors import Refusal
from app.edge.request import VicinoRequest
from app.views import redirect, render
from app.views.start import MissingMunicipalityDonePage, MissingMunicipalityPage, StartPage, destination


class StartController(Controller):
    @get(addresses.path("start"))
    async def show(self, request: VicinoRequest) -> Response[bytes]:
        typed = request.empty_form().value("comune").strip()[:60]
        if typed and (slug := await destination(typed)):
            return redirect(request, "territory", territory=slug)
        return render(request, await StartPage.load(request.here, typed))


class MissingMunicipalityController(Controller):
    @get(addresses.path("missing_municipality"))
    async def show(self, request: VicinoRequest) -> Response[bytes]:
        return render(request, MissingMunicipalityPage.of(request.here, request.empty_form()))

    @post(addresses.path("missing_municipality"))
    async def create(self, request: VicinoRequest) -> Response[bytes]:
        here, form = request.here, await request.read_form()
        name, phone = form.text("comune", longest=60), form.phone("telefono")
        if form.is_valid:
            try:
                await municipality.leave_number(name, phone, actor=here.actor, now=here.now, key=form.key)
                return redirect(request, "missing_municipality_done")
            except Refusal as refusal:
                form.refuse(refusal)
        return render(request, MissingMunicipalityPage.of(here, form), status=422)

    @get(addresses.path("missing_municipality_done"))
    async def done(self, request: VicinoRequest) -> Response[bytes]:
        return render(request, MissingMunicipalityDonePage.of(request.here))
