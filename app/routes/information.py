"""How it works, the icon on a phone, who sees your data, accessibility, legal notes: a territory's, for everybody."""

from litestar import Controller, Response, get

from app import addresses
from app.domain.errors import NotFound
from app.edge.request import VicinoRequest
from app.views import render
from app.views.information import AccessibilityPage, HowItWorksPage, InstallPage, LegalPage, WhoSeesPage


def in_a_territory(request: VicinoRequest) -> None:
    """An address that names no territory has no pages."""
    if request.here.territory is None:
        raise NotFound()


class InformationController(Controller):
    @get(addresses.path("how_it_works"))
    async def how_it_works(self, request: VicinoRequest) -> Response[bytes]:
        in_a_territory(request)
        return render(request, HowItWorksPage.of(request.here))

    @get(addresses.path("install"))
    async def install(self, request: VicinoRequest) -> Response[bytes]:
        in_a_territory(request)
        return render(request, InstallPage.of(request.here))

    @get(addresses.path("who_sees"))
    async def who_sees(self, request: VicinoRequest) -> Response[bytes]:
        in_a_territory(request)
        return render(request, WhoSeesPage.of(request.here))

    @get(addresses.path("accessibility"))
    async def accessibility(self, request: VicinoRequest) -> Response[bytes]:
        return render(request, await AccessibilityPage.load(request.here))

    @get(addresses.path("legal"))
    async def legal(self, request: VicinoRequest) -> Response[bytes]:
        in_a_territory(request)
        return render(request, LegalPage.of(request.here))
