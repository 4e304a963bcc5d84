"""Who lives with me, who may act for me, and what a parent declares."""

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from app import addresses
from app.domain import delegation, household, pin
from app.domain.errors import Refusal
from app.edge.landing import local
from app.edge.request import VicinoRequest
from app.views import redirect, render, tick
from app.views.household import DeclarationPage, DelegationPage, HouseholdPage


class HouseholdController(Controller):
    @get(addresses.path("household"))
    async def show(self, request: VicinoRequest) -> Response[bytes]:
        return render(request, await HouseholdPage.load(request.here))

    @get(addresses.path("delegation"))
    async def show_delegation(self, request: VicinoRequest, given: FromPath[int]) -> Response[bytes]:
        return render(request, await DelegationPage.load(request.here, given, request.empty_form()))

    @post(addresses.path("delegation"))
    async def revoke(self, request: VicinoRequest, given: FromPath[int]) -> Response[bytes] | Redirect:
        here, status = request.here, 422
        form = await request.read_form()
        typed_pin = "".join(form.text("pin", longest=20).split())
        if form.is_valid:
            try:
                await pin.confirm(typed_pin, actor=here.actor, now=here.now)
                await delegation.revoke(given, actor=here.actor, now=here.now, key=form.key)
                return redirect(request, "household")
            except Refusal as refusal:
                form.refuse(refusal)
                status = refusal.status
        return render(request, await DelegationPage.load(here, given, form), status=status)

    @get(addresses.path("declaration"))
    async def show_declaration(self, request: VicinoRequest, person: FromPath[int]) -> Response[bytes]:
        return render(request, await DeclarationPage.load(request.here, person, request.empty_form()))

    @post(addresses.path("declaration"))
    async def declare(self, request: VicinoRequest, person: FromPath[int]) -> Response[bytes] | Redirect:
        here = request.here
        form = await request.read_form()
        tick.declared(form)
        if form.is_valid:
            await household.declare_minor(person, here.person_id, actor=here.actor, now=here.now, key=form.key)
            return Redirect(local(form.value("poi"), here, "household"), status_code=303)
        return render(request, await DeclarationPage.load(here, person, form), status=422)
