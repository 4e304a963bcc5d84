"""The week of a centre by e-mail: asked for, confirmed from the mailbox, ended with one tap."""

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from app import addresses
from app.domain import attempt, contact, week, week_reader
from app.domain.errors import Refusal
from app.edge.request import VicinoRequest
from app.views import redirect, render
from app.views.contact import note_unreadable
from app.views.week_reader import WeekMarkPage, WeekReaderDonePage, WeekReaderPage


class WeekReaderController(Controller):
    @get(addresses.path("week_reader"))
    async def show(self, request: VicinoRequest, place: FromPath[int]) -> Response[bytes]:
        return render(request, await WeekReaderPage.load(request.here, place, request.empty_form()))

    @post(addresses.path("week_reader"))
    async def ask(self, request: VicinoRequest, place: FromPath[int]) -> Response[bytes] | Redirect:
        here, form = request.here, await request.read_form()
        centre = await week.centre(here.place.id, place)
        email = form.text("email", longest=120)
        note_unreadable(form, {"email": email}, "", here.words)
        if form.is_valid:
            scopes = attempt.scope("mail_from", here.address), attempt.scope("mailbox", contact.read_email(email))
            who: week_reader.Asking = {"territory_id": here.place.id, "language": here.language, "actor": here.actor}
            try:
                await attempt.begin(*scopes, now=here.now)
                await week_reader.ask(centre.id, email, **who, now=here.now, key=form.key)
                return redirect(request, "week_reader_done", place=place)
            except Refusal as refusal:
                form.refuse(refusal)
        return render(request, await WeekReaderPage.load(here, place, form), status=422)

    @get(addresses.path("week_reader_done"))
    async def done(self, request: VicinoRequest, place: FromPath[int]) -> Response[bytes]:
        return render(request, await WeekReaderDonePage.load(request.here, place))

    @get(addresses.path("week_confirmation"))
    async def show_confirmation(self, request: VicinoRequest, mark: FromPath[str]) -> Response[bytes]:
        return render(request, await WeekMarkPage.confirmation(request.here, mark))

    @post(addresses.path("week_confirmation"))
    async def confirm(self, request: VicinoRequest, mark: FromPath[str]) -> Redirect:
        here, form = request.here, await request.read_form()
        reader = await week_reader.marked("confirm", mark, here.place.id)
        await week_reader.confirm(reader.id, actor=here.actor, now=here.now, key=form.key)
        return redirect(request, "week_confirmation", mark=mark)

    @get(addresses.path("week_end"))
    async def show_end(self, request: VicinoRequest, mark: FromPath[str]) -> Response[bytes]:
        return render(request, await WeekMarkPage.end(request.here, mark))

    @post(addresses.path("week_end"))
    async def end(self, request: VicinoRequest, mark: FromPath[str]) -> Response[bytes] | Redirect:
        """A mail program sends no form of ours, and follows no redirect (RFC 8058)."""
        here, form = request.here, await request.read_form()
        reader = await week_reader.marked("end", mark, here.place.id)
        await week_reader.end(reader.id, actor=here.actor, now=here.now, key=form.key)
        if form.key:
            return redirect(request, "week_end", mark=mark)
        return render(request, await WeekMarkPage.end(here, mark))
