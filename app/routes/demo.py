"""Demo only: the stories, each a door into the site as one of its people sees it."""

from datetime import timedelta

from litestar import Controller, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from app import addresses
from app.config import settings
from app.domain import demo, household
from app.domain.errors import NotFound
from app.edge import session as session_cookie
from app.edge.request import VicinoRequest
from app.views import render
from app.views.demo import HOME, STORIES, DemoPage, Story

SWIMS_IN = timedelta(days=3, hours=12)


class DemoController(Controller):
    @get(addresses.path("demo"))
    async def show(self, request: VicinoRequest) -> Response[bytes]:
        await _only_in_a_demo()
        return render(request, await DemoPage.load(request.here))

    @post(addresses.path("demo_story"))
    async def enter(self, request: VicinoRequest, story: FromPath[str]) -> Redirect:
        """A real session of an invented person, and the page where the story begins."""
        await _only_in_a_demo()
        (await request.read_form()).require_key()
        if story not in STORIES:
            raise NotFound()
        token = await _token(request, story, STORIES[story])
        answer = Redirect(await _address(request, story, STORIES[story], token), status_code=303)
        answer.set_cookie(session_cookie.cookie(token, is_https=request.is_https))
        return answer


async def _only_in_a_demo() -> None:
    if not settings().is_demo or await demo.told_until() is None:
        raise NotFound()


async def _token(request: VicinoRequest, slug: str, story: Story) -> str:
    here, browser = request.here, request.headers.get("user-agent", "")[:120]
    if story.login:
        worker = await demo.staff_id(story.login)
        return await demo.enter("staff", worker, browser=browser, actor=here.actor, now=here.now)
    person = (await demo.parts()).get(slug, 0)
    return await demo.enter("person", person, browser=browser, actor=here.actor, now=here.now)


async def _address(request: VicinoRequest, slug: str, story: Story, token: str) -> str:
    here, parts = request.here, dict(story.parts)
    if slug == "tomas":
        earliest = here.now + SWIMS_IN
        hold = await demo.begin_booking(token, HOME, parts["slug"], earliest=earliest, now=here.now)
        if hold:
            return here.url("split", territory=HOME, hold=hold)
    query = {"di": str(await _cared_for(request))} if slug == "paolo" else None
    return addresses.url(story.target, language=story.language or here.language, query=query, territory=HOME, **parts)


async def _cared_for(request: VicinoRequest) -> int:
    """Whom Paolo answers for."""
    paolo = (await demo.parts()).get("paolo", 0)
    people = await household.who_can_receive(paolo, request.here.now)
    return next((one.person_id for one in people if one.relation == "administered"), paolo)
