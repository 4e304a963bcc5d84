"""One booking at the desk, and every decision about it."""

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from app import addresses
from app.domain import desk
from app.domain.errors import Refusal
from app.edge.press import PRESSES
from app.edge.request import VicinoRequest
from app.views import redirect, render
from app.views.desk_booking import DeskBookingPage


class DeskBookingController(Controller):
    path = addresses.path("desk_booking")

    @get()
    async def show(self, request: VicinoRequest, code: FromPath[str]) -> Response[bytes]:
        return render(request, await DeskBookingPage.load(request.here, code, request.empty_form()))

    @post()
    async def decide(self, request: VicinoRequest, code: FromPath[str]) -> Response[bytes] | Redirect:
        here, form = request.here, await request.read_form()
        line = await desk.line(await desk.scope(here.actor, here.place.id), code)
        pressed = form.choice("fai", PRESSES)
        try:
            if pressed:
                await PRESSES[pressed](line, form, here)
        except Refusal as refusal:
            form.refuse(refusal)
        if form.is_valid:
            return redirect(request, "desk_booking", code=line.code)
        return render(request, await DeskBookingPage.load(here, line.code, form), status=422)
