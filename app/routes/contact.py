"""How a person wants to be reached."""

from litestar import Controller, Response, get, post
from litestar.response import Redirect

from app import addresses
from app.domain import contact, pin
from app.domain.contact import Channel
from app.domain.errors import Refusal
from app.edge.form import Form
from app.edge.request import VicinoRequest
from app.views import redirect, render
from app.views.contact import ContactsPage, note_unreadable


class ContactController(Controller):
    @get(addresses.path("contacts"))
    async def show(self, request: VicinoRequest) -> Response[bytes]:
        return render(request, await ContactsPage.load(request.here, request.empty_form()))

    @post(addresses.path("contacts"))
    async def change(self, request: VicinoRequest) -> Response[bytes] | Redirect:
        here, status = request.here, 422
        form = await request.read_form()
        wished = _wished(form)
        first = form.choice("first", contact.CHANNELS)
        typed_pin = "".join(form.text("pin", longest=20).split())
        note_unreadable(form, wished, first, here.words)
        if form.is_valid:
            try:
                await pin.confirm(typed_pin, actor=here.actor, now=here.now)
                await contact.change(here.person_id, wished, first, actor=here.actor, now=here.now, key=form.key)
                return redirect(request, "contacts", query={"fatto": "si"})
            except Refusal as refusal:
                form.refuse(refusal)
                status = refusal.status
        return render(request, await ContactsPage.load(here, form), status=status)


def _wished(form: Form) -> dict[Channel, str]:
    return {
        "sms": form.text("sms", required=False, longest=30),
        "call": form.text("call", required=False, longest=30),
        "email": form.text("email", required=False, longest=120),
    }
