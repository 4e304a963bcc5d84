"""'Chiamatemi voi': whoever does not want to do it here is called."""

from litestar import Controller, Response, get, post

from app import addresses
from app.domain import callback, offered_service
from app.domain.errors import NotFound, Refusal
from app.edge.here import Here
from app.edge.request import VicinoRequest
from app.views import redirect, render
from app.views.callback import CallbackDonePage, CallbackPage


class CallbackController(Controller):
    @get(addresses.path("callback"))
    async def show(self, request: VicinoRequest) -> Response[bytes]:
        return render(request, CallbackPage.of(request.here, request.empty_form()))

    @post(addresses.path("callback"))
    async def create(self, request: VicinoRequest) -> Response[bytes]:
        here, form = request.here, await request.read_form()
        name, phone = form.full_name("nome"), form.phone("telefono")
        wished = form.choice("quando", callback.WISHES)
        if form.is_valid:
            about = await _service_id(here, form.value("servizio"))
            facts = {"name": name, "phone": phone, "wished": wished, "language": here.language}
            try:
                await callback.ask(here.place, **facts, service_id=about, actor=here.actor, now=here.now, key=form.key)
                return redirect(request, "callback_done")
            except Refusal as refusal:
                form.refuse(refusal)
        return render(request, CallbackPage.of(here, form), status=422)

    @get(addresses.path("callback_done"))
    async def done(self, request: VicinoRequest) -> Response[bytes]:
        return render(request, CallbackDonePage.of(request.here))


async def _service_id(here: Here, slug: str) -> int | None:
    """The service they were looking at, if any."""
    try:
        return (await offered_service.load(here.place, slug, here.language)).id if slug else None
    except NotFound:
        return None
