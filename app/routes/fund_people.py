"""The social office looks at its people by name: first it says why, and each look is written."""

from litestar import Controller, Response, get
from litestar.params import FromPath

from app import addresses
from app.domain import fund_people, report
from app.edge.request import VicinoRequest
from app.views import render
from app.views.fund_people import FundPeoplePage, PurposePage


class FundPeopleController(Controller):
    @get(addresses.path("fund_people"))
    async def show(self, request: VicinoRequest, fund: FromPath[str]) -> Response[bytes]:
        here, form = request.here, request.empty_form()
        own = await report.fund_of(fund, actor=here.actor, roles=("social_office",))
        if not form.pairs:
            return render(request, PurposePage.load(here, own, form))
        purpose = form.choice("motivo", fund_people.PURPOSES)
        number = form.whole("pagina", least=1, most=9999, required=False)
        if not form.is_valid:
            return render(request, PurposePage.load(here, own, form), status=422)
        helped = await fund_people.people(own, number, now=here.now)
        await fund_people.look(own, helped, purpose, actor=here.actor, now=here.now)
        return render(request, await FundPeoplePage.load(here, own, purpose, number, helped))
