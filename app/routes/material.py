"""What a service gives to read, and its files."""

from litestar import Controller, Response, get
from litestar.params import FromPath

from app import addresses
from app.domain import material
from app.edge.headers import cache_control, etag
from app.edge.request import VicinoRequest
from app.views import render
from app.views.material import MaterialPage, MaterialsPage


class MaterialController(Controller):
    @get(addresses.path("materials"))
    async def index(self, request: VicinoRequest, slug: FromPath[str]) -> Response[bytes]:
        return render(request, await MaterialsPage.load(request.here, slug))

    @get(addresses.path("material"))
    async def show(self, request: VicinoRequest, slug: FromPath[str], sheet: FromPath[str]) -> Response[bytes]:
        return render(request, await MaterialPage.load(request.here, slug, sheet))

    @get(addresses.path("material_file"))
    async def download(
        self, request: VicinoRequest, slug: FromPath[str], sheet: FromPath[str], file: FromPath[str]
    ) -> Response[bytes]:
        media_type, content = await material.download(request.here.place, slug, sheet, file)
        headers = {
            "cache-control": cache_control("public"),
            "etag": etag(content).decode(),
            "content-disposition": f'attachment; filename="{file}"',
        }
        return Response(content, media_type=media_type, headers=headers)
