"""Ho un codice di prenotazione: one booking, without card."""

from litestar import Controller, Response, get, post
from litestar.response import Redirect

from app import addresses
from app.domain import booking_code
from app.domain.errors import Refusal
from app.edge import session as session_cookie
from app.edge import visit
from app.edge.request import VicinoRequest
from app.views import redirect, render
from app.views.booking_code import BookingCodePage, page_of, read_fact


class BookingCodeController(Controller):
    @get(addresses.path("booking_code"))
    async def show(self, request: VicinoRequest) -> Response[bytes]:
        return render(request, BookingCodePage.load(request.here, request.empty_form()))

    @post(addresses.path("booking_code"))
    async def create(self, request: VicinoRequest) -> Response[bytes] | Redirect:
        here, status = request.here, 422
        form = await request.read_form()
        born_on, digits = read_fact(form)
        if form.is_valid:
            try:
                opened = await booking_code.open_booking(
                    form.value("code"),
                    born_on=born_on,
                    digits=digits,
                    visit=visit.of(request),
                    actor=here.actor,
                    now=here.now,
                )
                answer = redirect(request, page_of(form), code=opened.booking_code)
                if opened.token:
                    answer.set_cookie(session_cookie.cookie(opened.token, is_https=request.is_https))
                return answer
            except Refusal as refusal:
                form.refuse(refusal)
                status = refusal.status
        return render(request, BookingCodePage.load(here, form), status=status)
