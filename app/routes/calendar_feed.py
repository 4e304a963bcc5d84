"""The secret address of one's own appointments: made and ended on one's page, asked by a calendar outside."""

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from app import addresses
from app.domain import calendar_feed
from app.domain.errors import InvalidInput
from app.edge.headers import etag
from app.edge.request import VicinoRequest
from app.views import redirect, render
from app.views.calendar_feed import CalendarPage, feed_file


class CalendarController(Controller):
    @get(addresses.path("calendar"))
    async def show(self, request: VicinoRequest) -> Response[bytes]:
        return render(request, await CalendarPage.load(request.here, request.empty_form().value("nuovo")))

    @post(addresses.path("calendar"))
    async def change(self, request: VicinoRequest) -> Response[bytes] | Redirect:
        here, form = request.here, await request.read_form()
        wish = form.choice("fai", ("crea", "togli")) if here.place and here.person_id else ""
        if wish == "togli":
            await calendar_feed.end(actor=here.actor, now=here.now, key=form.key)
            return redirect(request, "calendar")
        if form.key is None or not wish:
            raise InvalidInput(field="fai")
        secret = calendar_feed.secret_of(here.person_id, form.key.value)
        await calendar_feed.make(here.place.id, secret, actor=here.actor, now=here.now, key=form.key)
        return redirect(request, "calendar", query={"nuovo": form.key.value})

    @get(addresses.path("calendar_feed"))
    async def feed(self, request: VicinoRequest, secret: FromPath[str]) -> Response[bytes]:
        body = await feed_file(request.here, secret)
        headers = {
            "cache-control": "private,no-cache",
            "etag": etag(body).decode(),
            "x-robots-tag": "none",  # neither listed nor followed
        }
        return Response(body, media_type="text/calendar", headers=headers)
