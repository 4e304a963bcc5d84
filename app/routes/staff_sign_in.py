"""The door for who works: password, then a number of the printed sheet."""

from dataclasses import replace

from litestar import Controller, Response, get, post
from litestar.response import Redirect

from app import addresses
from app.domain import session, staff_sign_in
from app.domain.errors import Refusal
from app.domain.staff_sign_in import Challenge
from app.edge import landing, visit
from app.edge import session as session_cookie
from app.edge.form import Form
from app.edge.request import VicinoRequest
from app.views import redirect, render
from app.views.staff_sign_in import StaffCodePage, StaffSignInPage

DOORS = [addresses.path("staff_sign_in"), addresses.path("funder_sign_in")]


class StaffSignInController(Controller):
    @get(DOORS)
    async def show(self, request: VicinoRequest) -> Response[bytes]:
        _check_territory(request)
        return render(request, StaffSignInPage.load(request.here, request.empty_form()))

    @post(DOORS)
    async def create(self, request: VicinoRequest) -> Response[bytes] | Redirect:
        """Two steps at one address: the second carries the ticket of the first."""
        _check_territory(request)
        form = await request.read_form()
        return await (_second(request, form) if form.value("ticket") else _first(request, form))

    @post(addresses.path("funder_sign_out"))
    async def end(self, request: VicinoRequest) -> Redirect:
        (await request.read_form()).require_key()
        actor = request.here.actor
        await session.end(actor.session_id, actor=actor, now=request.here.now)
        answer = redirect(request, "start")
        answer.set_cookie(session_cookie.no_cookie(is_https=request.is_https))
        return answer


def _check_territory(request: VicinoRequest) -> None:
    """NotFound at the door of a territory that is none; the funders' door stands outside of all."""
    if "territory" in request.path_params:
        _ = request.here.place


async def _first(request: VicinoRequest, form: Form) -> Response[bytes]:
    here, status = request.here, 422
    login, password = form.text("login", longest=60), form.value("password")
    if not password:
        form.text("password")
    if form.is_valid:
        try:
            asked = await staff_sign_in.challenge(login, password[:200], visit.of(request), now=here.now)
            return render(request, StaffCodePage.load(here, form, asked))
        except Refusal as refusal:
            form.refuse(refusal)
            status = refusal.status
    return render(request, StaffSignInPage.load(here, form), status=status)


async def _second(request: VicinoRequest, form: Form) -> Response[bytes] | Redirect:
    here = request.here
    try:
        asked = await staff_sign_in.read_ticket(form.value("ticket"), now=here.now)
        return await _answered(request, form, asked)
    except Refusal as refusal:
        form.refuse(refusal)
        return render(request, StaffSignInPage.load(here, form), status=refusal.status)


async def _answered(request: VicinoRequest, form: Form, asked: Challenge) -> Response[bytes] | Redirect:
    here = request.here
    code = form.text("code", longest=20)
    if form.is_valid:
        try:
            token = await staff_sign_in.answer(asked.ticket, code, visit.of(request), actor=here.actor, now=here.now)
            entered = await session.load(token, here.now)
            own_page = replace(here, actor=entered.actor if entered else here.actor).own_page
            answer = Redirect(landing.local(form.value("poi"), here, own_page), status_code=303)
            answer.set_cookie(session_cookie.cookie(token, is_https=request.is_https))
            return answer
        except Refusal as refusal:
            form.refuse(refusal)
    return render(request, StaffCodePage.load(here, form, asked), status=form.refusal.status if form.refusal else 422)
