"""What a device at the door wrote down and somebody must look at."""

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from app import addresses
from app.domain import desk, door_review
from app.domain.errors import Refusal
from app.edge.request import VicinoRequest
from app.views import redirect, render
from app.views.door_review import DoorReviewPage


class DoorReviewController(Controller):
    @get(addresses.path("door_review"))
    async def show(self, request: VicinoRequest) -> Response[bytes]:
        return render(request, await DoorReviewPage.load(request.here, request.empty_form()))

    @post(addresses.path("door_decision"))
    async def decide(self, request: VicinoRequest, note: FromPath[int]) -> Response[bytes] | Redirect:
        here, form = request.here, await request.read_form()
        within = await desk.scope(here.actor, here.place.id)
        await door_review.find(note, within, actor=here.actor)
        decision = form.choice("fai", door_review.DECISIONS)
        reason = form.choice(f"perche-{note}", door_review.REASONS)
        if form.is_valid:
            try:
                await door_review.decide(note, decision, reason, within, actor=here.actor, now=here.now, key=form.key)
                return redirect(request, "door_review")
            except Refusal as refusal:
                form.refuse(refusal)
        return render(request, await DoorReviewPage.load(here, form), status=422)
