"""The day's list with its presses (one row or several at once), and the field that finds anybody."""

from litestar import Controller, Response, get, post
from litestar.response import Redirect

from app import addresses
from app.domain import desk, desk_search, identity
from app.domain.desk import Line
from app.domain.errors import NotFound, Refusal
from app.edge import landing
from app.edge.form import Form
from app.edge.here import Here
from app.edge.press import PRESSES, arrive_each
from app.edge.request import VicinoRequest
from app.views import Page, redirect, render
from app.views.desk import DeskPage, SearchPage, hits_of
from app.views.to_close import ToClosePage


class DeskController(Controller):
    @get(addresses.path("desk"))
    async def show(self, request: VicinoRequest) -> Response[bytes]:
        return render(request, await DeskPage.load(request.here, request.empty_form()))


class DeskSearchController(Controller):
    path = addresses.path("desk_search")

    @get()
    async def show(self, request: VicinoRequest) -> Response[bytes]:
        return render(request, await SearchPage.load(request.here, request.empty_form()))

    @post()
    async def find(self, request: VicinoRequest) -> Response[bytes] | Redirect:
        here, form = request.here, await request.read_form()
        within = await desk.scope(here.actor, here.place.id)
        typed = form.text("cerca", longest=200)
        if not form.is_valid:
            return render(request, await SearchPage.load(here, form), status=422)
        found = await desk_search.find(typed, within, here.zone, actor=here.actor, now=here.now)
        if found.booking_code:
            return redirect(request, "desk_booking", code=found.booking_code)
        if len(found.people) == 1:
            return redirect(request, "desk_person", person=found.people[0].person_id)
        is_cut = len(found.people) > identity.FIND_MOST
        hits = hits_of(found.people[: identity.FIND_MOST], here)
        return render(request, await SearchPage.load(here, form, hits, is_cut=is_cut))


class CheckInController(Controller):
    @post(addresses.path("check_in"))
    async def create(self, request: VicinoRequest) -> Response[bytes] | Redirect:
        """A row's button is 'arrived CODE'; the list's own takes everybody who was ticked."""
        here, form = request.here, await request.read_form()
        within = await desk.scope(here.actor, here.place.id)
        pressed, _, code = form.value("fai").partition(" ")
        lines = await desk.chosen(within, [code] if code else form.values("scelti"), here.language)
        if not lines:
            form.note("scelti", here.words.gettext("Scegli almeno una persona, poi premi."))
            return render(request, await _page(here, form), status=422)
        if code:
            await _press(pressed, lines[0], form, here)
        elif refused := await arrive_each(lines, form, here):
            page = await DeskPage.load(here, form, refused, arrived=len(lines) - len(refused))
            return render(request, page, status=422)
        if form.is_valid:
            return Redirect(_back(form, lines[0], here), status_code=303)
        return render(request, await _page(here, form), status=422)


async def _press(pressed: str, line: Line, form: Form, here: Here) -> None:
    if pressed not in PRESSES:
        raise NotFound()
    try:
        await PRESSES[pressed](line, form, here)
    except Refusal as refusal:
        form.refuse(refusal)


def _back(form: Form, line: Line, here: Here) -> str:
    """To the row; from Da chiudere, where it is gone, to what is said of it."""
    if _is_closing(form):
        return here.url("to_close", query={"fatto": line.code}) + "#fatto"
    return f"{landing.local(form.value('torna'), here, 'desk')}#r-{line.code}"


def _is_closing(form: Form) -> bool:
    return form.value("da") == "chiudere"


async def _page(here: Here, form: Form) -> Page:
    if _is_closing(form):
        return await ToClosePage.load(here, form)
    return await DeskPage.load(here, form)
