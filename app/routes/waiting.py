"""'Avvisatemi': a name and a number on the list of a service without free dates."""

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from app import addresses
from app.domain import observation, offered_service, waiting
from app.domain.errors import Refusal
from app.edge.request import VicinoRequest
from app.views import redirect, render
from app.views.waiting import WaitingDonePage, WaitingPage


class WaitingController(Controller):
    @get(addresses.path("notify_me"))
    async def show(self, request: VicinoRequest, slug: FromPath[str]) -> Response[bytes]:
        return render(request, await WaitingPage.load(request.here, slug, request.empty_form()))

    @post(addresses.path("notify_me"))
    async def create(self, request: VicinoRequest, slug: FromPath[str]) -> Response[bytes]:
        here, form = request.here, await request.read_form()
        one = await offered_service.load(here.place, slug, here.language)
        is_known = here.actor.kind == "person"
        name = form.full_name("nome", required=not is_known)
        phone = form.phone("telefono", required=not is_known)
        if form.is_valid:
            facts = {"name": name, "phone": phone, "language": here.language}
            try:
                await waiting.ask(one.id, **facts, actor=here.actor, now=here.now, key=form.key)
                await observation.count(here.place.id, "waiting", slug, now=here.now)
                return redirect(request, "notify_me_done", slug=slug)
            except Refusal as refusal:
                form.refuse(refusal)
        return render(request, await WaitingPage.load(here, slug, form), status=422)

    @get(addresses.path("notify_me_done"))
    async def done(self, request: VicinoRequest, slug: FromPath[str]) -> Response[bytes]:
        return render(request, await WaitingDonePage.load(request.here, slug))
