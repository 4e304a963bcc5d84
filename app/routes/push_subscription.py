"""A phone that wants to be told at once, and its word that it showed what we sent."""

from litestar import Controller, Response, post
from litestar.params import FromPath

from app import addresses
from app.domain import push, receipt
from app.domain.errors import InvalidInput
from app.edge.request import VicinoRequest


class PushSubscriptionController(Controller):
    @post(addresses.path("push_subscription"))
    async def create(self, request: VicinoRequest) -> Response[None]:
        form, here = await request.read_form(), request.here
        endpoint = form.text("endpoint", longest=push.LONGEST)
        p256dh, auth = form.text("p256dh"), form.text("auth")
        if here.place and here.person_id and form.has_errors:  # the first two refuse by themselves
            raise InvalidInput(field="endpoint")
        await push.subscribe(endpoint, p256dh, auth, actor=here.actor, now=here.now)
        return Response(None, status_code=204)

    @post(addresses.path("push_receipt"))
    async def receive(self, request: VicinoRequest, reference: FromPath[str]) -> Response[None]:
        """From the service worker, which sends no form and so no key: a repeat is harmless by itself."""
        await request.body()
        await receipt.receive(reference, actor=request.here.actor, now=request.here.now)
        return Response(None, status_code=204)
