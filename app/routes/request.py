"""Asking for a service without a timetable."""

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from app import addresses
from app.domain import request as requests
from app.domain.errors import Refusal
from app.edge import session
from app.edge.form import Form
from app.edge.request import VicinoRequest
from app.views import redirect, render
from app.views.checkout import read_answers
from app.views.request import RequestPage, requestable


class RequestController(Controller):
    path = addresses.path("request")

    @get()
    async def show(self, request: VicinoRequest, slug: FromPath[str]) -> Response[bytes]:
        return render(request, await RequestPage.load(request.here, slug, request.empty_form()))

    @post()
    async def create(self, request: VicinoRequest, slug: FromPath[str]) -> Response[bytes]:
        form, here = await request.read_form(), request.here
        offered = await requestable(here, slug)
        page = await RequestPage.load(here, slug, form)
        wish = _read(form, page, here.language)
        if form.is_valid:
            try:
                return await _asked(request, form, offered.service_id, wish)
            except Refusal as refusal:
                form.refuse(refusal)
        return render(request, page, status=422)


async def _asked(request: VicinoRequest, form: Form, service_id: int, wish: requests.Wish) -> Response[bytes]:
    here, token = request.here, session.anonymous_token(form.key)
    code = await requests.ask(service_id, wish, token=token, actor=here.actor, now=here.now, key=form.key)
    answer = redirect(request, "booking", code=code)
    if not here.actor.session_id:
        answer.set_cookie(session.cookie(token, is_https=request.is_https))
    return answer


def _read(form: Form, page: RequestPage, language: str) -> requests.Wish:
    quantity = int(form.choice("quanti", [q[0] for q in page.quantities]) or 1) if page.quantities else 1
    answers = read_answers(form, page.questions, at_home=page.at_home)
    if page.receivers:
        receiver = form.choice("chi", [r[0] for r in page.receivers])
        return requests.Wish(int(receiver or 0), "", "", language, quantity, answers)
    name, phone = form.full_name("nome"), form.phone("telefono")
    return requests.Wish(0, name, phone, language, quantity, answers)
