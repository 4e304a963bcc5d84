"""The request as handlers see it."""

from litestar import Request
from litestar.datastructures import State

from app.edge.form import Form
from app.edge.here import Here


class VicinoRequest(Request[None, None, State]):
    @property
    def here(self) -> Here:
        here: Here = self.scope["state"]["here"]
        return here

    @property
    def is_partial(self) -> bool:
        """A hint only: htmx asked for a block of the page, not the whole."""
        return (b"hx-request-type", b"partial") in self.scope["headers"]

    @property
    def address(self) -> str:
        """The client's address, forwarded ones only from trusted proxies."""
        address: str = self.scope["state"]["address"]
        return address

    @property
    def is_https(self) -> bool:
        """Whether people reach us by https: then cookies are for https alone."""
        is_https: bool = self.scope["state"]["is_https"]
        return is_https

    async def read_form(self) -> Form:
        body = await self.body()
        return Form.parse(body.decode("utf-8", "replace"), words=self.here.words, where=self.here.path)

    def empty_form(self) -> Form:
        """For GET: nothing typed yet, query values as first answers."""
        pairs = [(name, value) for name, value in self.query_params.multi_items()]
        return Form(pairs, words=self.here.words)
