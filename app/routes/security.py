"""Whom to tell of a weakness: RFC 9116."""

from litestar import Controller, Response, get

from app import addresses
from app.config import settings
from app.domain.errors import NotFound
from app.edge.request import VicinoRequest
from app.views.security import security_text


class SecurityController(Controller):
    @get(addresses.path("security"))
    async def show(self, request: VicinoRequest) -> Response[bytes]:
        """Without somebody to write to there is no such file."""
        if not settings().security_contact:
            raise NotFound()
        body = security_text(settings(), request.here.now).encode()
        return Response(body, media_type="text/plain", headers={"cache-control": "public, max-age=86400"})
