"""A phone that wants to be told at once, and its word that it showed what we sent."""

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from app import addresses
from app.domain import delivery, push
from app.domain.errors import Refusal
from app.edge.request import VicinoRequest

NO_STORE = {"cache-control": "no-store"}


class PushSubscriptionController(Controller):
    path = addresses.path("push_subscription")

    @get(sync_to_thread=False)
    def show(self, request: VicinoRequest) -> Response[dict[str, str]]:
        return Response({"key": push.public_key()}, headers=NO_STORE)

    @post()
    async def create(self, request: VicinoRequest) -> Response[None]:
        form, here = await request.read_form(), request.here
        endpoint = form.text("endpoint", longest=1000)
        p256dh, auth = form.text("p256dh", longest=120), form.text("auth", longest=40)
        try:
            await push.subscribe(endpoint, p256dh, auth, actor=here.actor, now=here.now)
        except Refusal as refusal:
            return Response(None, status_code=refusal.status, headers=NO_STORE)
        return Response(None, status_code=204, headers=NO_STORE)


class PushReceiptController(Controller):
    @post(addresses.path("push_receipt"))
    async def create(self, request: VicinoRequest, reference: FromPath[str]) -> Response[None]:
        """The same answer whether anybody knows the reference or not."""
        await delivery.receive(reference, actor=request.here.actor, now=request.here.now)
        return Response(None, status_code=204, headers=NO_STORE)
