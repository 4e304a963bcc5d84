"""The door: a typed code, the list that a device carries, and what it wrote down without a line."""

from litestar import Controller, Response, get, post
from litestar.response import Redirect

from app import addresses
from app.domain import desk, door
from app.domain.desk import Line
from app.domain.door import Told
from app.domain.errors import NotFound, Refusal
from app.edge.form import Form
from app.edge.here import Here
from app.edge.press import PRESSES
from app.edge.request import VicinoRequest
from app.views import device_list, redirect, render
from app.views.desk_line import may_be_marked, state
from app.views.door import DoorPage

FURTHEST = 2**53  # milliseconds: JavaScript counts exactly so far
LONGEST_NONCE = 80


class DoorController(Controller):
    @get(addresses.path("door"))
    async def show(self, request: VicinoRequest) -> Response[bytes]:
        here, form = request.here, request.empty_form()
        return render(request, await DoorPage.load(here, Form(words=here.words), await _done(form, here)))

    @post(addresses.path("door"))
    async def arrive(self, request: VicinoRequest) -> Response[bytes] | Redirect:
        """Who has no worker: with a line, by code. What is not simply an arrival is decided on the booking's page."""
        here, form = request.here, await request.read_form()
        line = await _line(form, here)
        if line is None:
            return render(request, await DoorPage.load(here, form), status=422)
        if line.state != "confirmed" or not may_be_marked(line, here) or door.needs_departure(line.mode, line.unit):
            return redirect(request, "desk_booking", code=line.code)
        try:
            await PRESSES["arrived"](line, form, here)
        except Refusal as refusal:
            form.refuse(refusal)
            return render(request, await DoorPage.load(here, form), status=422)
        return redirect(request, "door", query={"arrivato": line.code})

    @get(addresses.path("door_list"))
    async def give_list(self, request: VicinoRequest) -> Response[dict[str, object]]:
        given = await device_list.sealed(request.here)
        return Response(given.body, headers={"cache-control": "no-store", "etag": given.tag})

    @post(addresses.path("door_upload"))
    async def take(self, request: VicinoRequest) -> Response[dict[str, str]]:
        """One note of a device, sent as often as it likes: `became` says what it came to, the first time and always."""
        here, form = request.here, await request.read_form()
        within = await desk.scope(here.actor, here.place.id)
        told = _told(form)
        if told is None:
            return Response({"became": ""}, status_code=422, headers={"cache-control": "no-store"})
        became = await door.take(told, within, actor=here.actor, now=here.now)
        return Response({"became": became}, status_code=200, headers={"cache-control": "no-store"})


async def _done(form: Form, here: Here) -> str:
    """Of the arrival that was just marked; '' for every other code."""
    if not form.value("arrivato"):
        return ""
    try:
        line = await desk.line(await desk.scope(here.actor, here.place.id), form.value("arrivato"), here.language)
    except NotFound:
        return ""
    return f"{line.who}: {state(line, here)}" if line.state == "arrived" else ""


async def _line(form: Form, here: Here) -> Line | None:
    within = await desk.scope(here.actor, here.place.id)
    typed = form.text("code", longest=40)
    try:
        return await desk.line(within, typed, here.language) if form.is_valid else None
    except NotFound:
        form.note("code", here.words.gettext("Nessuna prenotazione ha questo codice. Controlla le lettere."))
        return None


def _told(form: Form) -> Told | None:
    """None for what no device of ours writes."""
    nonce, at, sent = form.value("nonce"), _milliseconds(form, "at"), _milliseconds(form, "sent")
    kind = next((kind for kind in door.KINDS if kind == form.value("kind")), None)
    if not nonce or len(nonce) > LONGEST_NONCE or kind is None or at is None or sent is None:
        return None
    delivered = form.number("delivered")
    return Told(
        nonce=nonce,
        kind=kind,
        code=form.value("code")[:LONGEST_NONCE],
        pledge=form.value("pledge")[:LONGEST_NONCE],
        device_ms=at,
        sent_ms=sent,
        listed_at=form.instant("listed"),
        delivered=delivered if 0 < delivered < FURTHEST else None,
    )


def _milliseconds(form: Form, name: str) -> int | None:
    """By the device's clock, which may stand before 1970."""
    typed = form.value(name)
    digits = typed.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 17):
        return None
    return max(-FURTHEST, min(FURTHEST, int(typed)))
