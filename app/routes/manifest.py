"""What a phone reads to put the territory among its applications."""

import json

from litestar import Controller, Response, get

from app import addresses
from app.edge.request import VicinoRequest
from app.views.manifest import manifest


class ManifestController(Controller):
    @get(addresses.path("manifest"))
    async def show(self, request: VicinoRequest) -> Response[bytes]:
        body = json.dumps(manifest(request.here), ensure_ascii=False).encode()
        return Response(
            body, media_type="application/manifest+json", headers={"cache-control": "public, max-age=86400"}
        )
