"""A family at the Social Point: children, and who somebody trusts; what was written down goes home on paper."""

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from app import addresses, i18n
from app.domain import delegation, desk_family, identity, municipality, pin
from app.domain.delegation import Terms
from app.domain.errors import Refusal
from app.edge.form import Form
from app.edge.here import Here
from app.edge.request import VicinoRequest
from app.views import redirect, render, tick
from app.views.desk_family import ChildPage, DelegationSlipPage, FamilyPage, TrustPage, TrustPinPage, look
from app.views.desk_family_form import packed, read_child, read_kind, read_terms, terms_of
from app.views.enrolment_form import note_refusal


class DeskFamilyController(Controller):
    @get(addresses.path("desk_family"))
    async def show(self, request: VicinoRequest, person: FromPath[int]) -> Response[bytes]:
        await look(request.here, person)
        return render(request, await FamilyPage.load(request.here, person))

    @get(addresses.path("desk_child"))
    async def show_child(self, request: VicinoRequest, person: FromPath[int]) -> Response[bytes]:
        await look(request.here, person)
        return render(request, await ChildPage.load(request.here, person, request.empty_form()))

    @post(addresses.path("desk_child"))
    async def add_child(self, request: VicinoRequest, person: FromPath[int]) -> Response[bytes] | Redirect:
        here, form = request.here, await request.read_form()
        await look(here, person)
        towns = await municipality.of_territory(here.place.id)
        child, kind = read_child(form, here, towns), read_kind(form)
        if form.is_valid:
            try:
                given = await desk_family.add_child(
                    person, child, kind, territory_id=here.place.id, actor=here.actor, now=here.now, key=form.key
                )
                return redirect(request, "desk_delegation", person=await delegation.giver(given), given=given)
            except Refusal as refusal:
                note_refusal(form, refusal, here)
        return render(request, await ChildPage.load(here, person, form, towns), status=422)


class DeskDelegationController(Controller):
    @get(addresses.path("desk_trust"))
    async def show_new(self, request: VicinoRequest, person: FromPath[int]) -> Response[bytes]:
        await look(request.here, person)
        return render(request, await TrustPage.load(request.here, person, request.empty_form()))

    @post(addresses.path("desk_trust"))
    async def create(self, request: VicinoRequest, person: FromPath[int]) -> Response[bytes] | Redirect:
        """What the person gives of their own waits for their PIN; what a court gave is written down at once."""
        here, form = request.here, await request.read_form()
        await look(here, person)
        trusted = await desk_family.trusted_person(form.text("trusted", longest=200), actor=here.actor)
        terms = read_terms(form, here, trusted, person)
        if form.is_valid and terms.kind == "delegate":
            return await _to_pin(request, person, terms)
        if form.is_valid:
            given = await _grant(person, terms, form, here)
            return redirect(request, "desk_delegation", person=person, given=given)
        return render(request, await TrustPage.load(here, person, form), status=422)

    @get(addresses.path("desk_trust_pin"))
    async def show_pin(self, request: VicinoRequest, person: FromPath[int]) -> Response[bytes] | Redirect:
        await look(request.here, person)
        form = request.empty_form()
        if not form.value("delega"):
            return redirect(request, "desk_trust", person=person)
        return render(request, await TrustPinPage.load(request.here, person, terms_of(form), form))

    @post(addresses.path("desk_trust_pin"))
    async def grant(self, request: VicinoRequest, person: FromPath[int]) -> Response[bytes] | Redirect:
        here, form, status = request.here, await request.read_form(), 422
        await look(here, person)
        if not form.value("delega"):
            return redirect(request, "desk_trust", person=person)
        terms, typed = terms_of(form), "".join(form.text("pin", longest=20).split())
        page = await TrustPinPage.load(here, person, terms, form)
        if form.is_valid:
            try:
                await pin.check(person, typed, now=here.now)
                given = await _grant(person, terms, form, here)
                return redirect(request, "desk_delegation", person=person, given=given)
            except Refusal as refusal:
                form.refuse(refusal)
                status = refusal.status
        return render(request, page, status=status)

    @get(addresses.path("desk_delegation"))
    async def show(self, request: VicinoRequest, person: FromPath[int], given: FromPath[int]) -> Response[bytes]:
        await look(request.here, person)
        return render(request, await DelegationSlipPage.load(request.here, person, given, request.empty_form()))

    @post(addresses.path("desk_delegation"))
    async def end(
        self, request: VicinoRequest, person: FromPath[int], given: FromPath[int]
    ) -> Response[bytes] | Redirect:
        """Without a PIN: who lost it must be able to take back what they gave. Staff saw a document."""
        here, form = request.here, await request.read_form()
        await look(here, person)
        page = await DelegationSlipPage.load(here, person, given, form)
        tick.saw_document(form)
        if form.is_valid:
            try:
                await delegation.revoke(given, actor=here.actor, now=here.now, key=form.key)
                return redirect(request, "desk_delegation", person=person, given=given)
            except Refusal as refusal:
                form.refuse(refusal)
        return render(request, page, status=422)


async def _grant(person: int, terms: Terms, form: Form, here: Here) -> int:
    return await delegation.grant(
        person,
        terms.delegate_id,
        terms.kind,
        terms.scopes,
        from_on=terms.from_on,
        until_on=terms.until_on,
        monthly_limit_cents=terms.monthly_limit_cents,
        actor=here.actor,
        now=here.now,
        key=form.key,
    )


async def _to_pin(request: VicinoRequest, person: int, terms: Terms) -> Redirect:
    """The screen is turned to the person: from here in their language."""
    language = i18n.shipped((await identity.facts_of([person]))[person].language)
    place = request.here.place.slug
    address = addresses.url(
        "desk_trust_pin", language=language, territory=place, person=person, query={"delega": packed(terms)}
    )
    return Redirect(address, status_code=303)
