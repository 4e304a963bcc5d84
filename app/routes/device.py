"""Where a person is signed in, and how to end each."""

from litestar import Controller, Response, get, post
from litestar.response import Redirect

from app import addresses
from app.domain import device
from app.edge.request import VicinoRequest
from app.views import redirect, render
from app.views.device import DevicesPage


class DeviceController(Controller):
    @get(addresses.path("devices"))
    async def show(self, request: VicinoRequest) -> Response[bytes]:
        return render(request, await DevicesPage.load(request.here))

    @post(addresses.path("devices"))
    async def end(self, request: VicinoRequest) -> Response[bytes] | Redirect:
        here = request.here
        form = await request.read_form()
        device_id = form.whole("device", least=0, most=2**53, required=False)
        session_id = form.whole("session", least=0, most=2**53, required=False)
        if not form.is_valid or not (device_id or session_id):
            return render(request, await DevicesPage.load(here), status=422)
        if device_id:
            await device.end(device_id, actor=here.actor, now=here.now, key=form.key)
        else:
            await device.end_session(session_id, actor=here.actor, now=here.now, key=form.key)
        return redirect(request, "devices")
