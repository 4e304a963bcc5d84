"""Three wished times in one form, which may wait on the phone for the line."""

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from app import addresses
from app.domain import pin, wish
from app.domain.errors import NoTimeLeft, Refusal
from app.domain.offer import Offered
from app.edge.request import VicinoRequest
from app.views import redirect, render
from app.views.slot import bookable
from app.views.wish import WishPage, proposed, read_wish


class WishController(Controller):
    path = addresses.path("wish")

    @get()
    async def show(self, request: VicinoRequest, slug: FromPath[str]) -> Response[bytes]:
        here, offered = request.here, await _offered(request, slug)
        return render(request, await WishPage.load(here, slug, request.empty_form(), offered))

    @post()
    async def send(self, request: VicinoRequest, slug: FromPath[str]) -> Response[bytes]:
        form, here = await request.read_form(), request.here
        offered = await _offered(request, slug)
        wished, near = await read_wish(form, offered, here), []
        if form.is_valid:
            try:
                if form.value("pin"):
                    await pin.confirm(form.value("pin"), actor=here.actor, now=here.now)
                shown = form.value(f"visto-{wished.receiver}")
                code = await wish.book(wished, shown, actor=here.actor, now=here.now, key=form.key_of_answers)
                return redirect(request, "booking", code=code)
            except NoTimeLeft as refusal:
                form.refuse(refusal)
                near = await wish.nearest(wished, now=here.now)
                form.propose(proposed(near))
            except Refusal as refusal:
                form.refuse(refusal)
        return render(request, await WishPage.load(here, slug, form, offered, near), status=422)


async def _offered(request: VicinoRequest, slug: str) -> Offered:
    """Who has not signed in hears nothing of any service here. Raises SignInNeeded, NotFound."""
    assert request.here.person_id
    return await bookable(request.here, slug)
