"""Entra, Chiudi, Esci da questo telefono."""

from litestar import Controller, Response, get, post
from litestar.response import Redirect

from app import addresses
from app.domain import session, sign_in
from app.domain.errors import Refusal
from app.edge import landing, visit
from app.edge import session as session_cookie
from app.edge.request import VicinoRequest
from app.views import redirect, render
from app.views.sign_in import PHONES, LeavePhonePage, SignInPage, note_missing


class SignInController(Controller):
    @get(addresses.path("sign_in"))
    async def show(self, request: VicinoRequest) -> Response[bytes] | Redirect:
        """Public pages say Entra to everybody: who is inside already goes on to where they wanted to be."""
        form = request.empty_form()
        if request.here.actor.kind == "person":
            return Redirect(landing.local(form.value("poi"), request.here, "me"), status_code=303)
        page = await SignInPage.load(request.here, form, visit.device_key(request))
        return render(request, page)

    @post(addresses.path("sign_in"))
    async def create(self, request: VicinoRequest) -> Response[bytes] | Redirect:
        form = await request.read_form()
        status = 422
        note_missing(form, request.here)
        card = form.text("card", longest=40, required=not form.value("known"))
        pin = "".join(form.text("pin", longest=20).split())
        phone = form.choice("phone", PHONES)
        if form.is_valid:
            try:
                brought = visit.of(request, own_phone=phone == "mine")
                token = await sign_in.with_card(card, pin, brought, actor=request.here.actor, now=request.here.now)
                return _entered(request, token, brought.device_key, form.value("poi"))
            except Refusal as refusal:
                form.refuse(refusal)
                status = refusal.status
        page = await SignInPage.load(request.here, form, visit.device_key(request))
        return render(request, page, status=status)

    @post(addresses.path("sign_out"))
    async def end(self, request: VicinoRequest) -> Redirect:
        """Closes the session; an own phone is still known next time."""
        (await request.read_form()).require_key()
        await _end_session(request)
        answer = redirect(request, "territory")
        answer.set_cookie(session_cookie.no_cookie(is_https=request.is_https))
        return answer

    @get(addresses.path("leave_phone"))
    async def show_leaving(self, request: VicinoRequest) -> Response[bytes]:
        return render(request, LeavePhonePage.load(request.here))

    @post(addresses.path("leave_phone"))
    async def leave(self, request: VicinoRequest) -> Redirect:
        """Nothing of the person stays here: neither session, phone, push, cookies nor what the browser kept."""
        (await request.read_form()).require_key()
        if request.here.actor.kind == "person":
            await sign_in.leave_phone(visit.device_key(request), actor=request.here.actor, now=request.here.now)
        answer = redirect(request, "leave_phone")
        answer.set_cookie(session_cookie.no_cookie(is_https=request.is_https))
        answer.set_cookie(session_cookie.no_device_cookie(is_https=request.is_https))
        answer.headers["clear-site-data"] = '"cache", "cookies", "storage"'
        return answer


def _entered(request: VicinoRequest, token: str, device_key: str, back: str) -> Redirect:
    answer = Redirect(landing.local(back, request.here, "me"), status_code=303)
    days = session_cookie.OWN_PHONE_DAYS if device_key else 0
    answer.set_cookie(session_cookie.cookie(token, is_https=request.is_https, lasts_days=days))
    if device_key:
        answer.set_cookie(session_cookie.device_cookie(device_key, is_https=request.is_https))
    return answer


async def _end_session(request: VicinoRequest) -> None:
    actor = request.here.actor
    if actor.session_id:
        await session.end(actor.session_id, actor=actor, now=request.here.now)
