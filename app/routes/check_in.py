"""Presses on a list: arrived, undone, collected; one row or several at once."""

from litestar import Controller, Response, post
from litestar.response import Redirect

from app import addresses
from app.domain import desk
from app.domain.desk import Scope
from app.domain.errors import NotFound, Refusal
from app.edge import landing
from app.edge.form import Form
from app.edge.here import Here
from app.edge.press import PRESSES, arrive
from app.edge.request import VicinoRequest
from app.views import Page, render
from app.views.desk import DeskPage
from app.views.to_close import ToClosePage


class CheckInController(Controller):
    @post(addresses.path("check_in"))
    async def create(self, request: VicinoRequest) -> Response[bytes] | Redirect:
        """A row's button is 'arrived CODE'; the list's own takes everybody who was ticked."""
        here, form = request.here, await request.read_form()
        within = await desk.scope(here.actor, here.place.id)
        pressed, _, code = form.value("fai").partition(" ")
        codes = [code] if code else form.values("scelti")
        if not codes:
            form.note("scelti", here.words.gettext("Scegli almeno una persona, poi premi."))
        try:
            await _press(pressed, codes, within, form, here)
        except Refusal as refusal:
            form.refuse(refusal)
        if form.is_valid:
            return Redirect(f"{landing.local(form.value('torna'), here, 'desk')}#r-{codes[0]}", status_code=303)
        return render(request, await _page(here, form), status=422)


async def _press(pressed: str, codes: list[str], within: Scope, form: Form, here: Here) -> None:
    lines = [await desk.line(within, code) for code in dict.fromkeys(codes)]
    if not pressed and lines:
        await arrive([line.code for line in lines], form, here)
    elif lines:
        if pressed not in PRESSES:
            raise NotFound()
        await PRESSES[pressed](lines[0], form, here)


async def _page(here: Here, form: Form) -> Page:
    if form.value("da") == "chiudere":
        return await ToClosePage.load(here, form)
    return await DeskPage.load(here, form)
