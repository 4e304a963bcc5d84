"""Views describe: a frozen dataclass a page, already worded and formatted; `render` draws it."""

import secrets
from dataclasses import dataclass
from typing import Any, ClassVar

from jinja2 import Template
from litestar import Response
from litestar.datastructures import Cookie
from litestar.response import Redirect
from markupsafe import Markup

from app.domain.errors import Refusal, Wait
from app.edge import carried, csrf
from app.edge.form import KEY, TOKEN, Form
from app.edge.headers import Kind, cache_control, etag
from app.edge.here import Here
from app.edge.request import VicinoRequest
from app.views import phone_hours
from app.views.environment import TEMPLATES, environment

__all__ = ["TEMPLATES", "Kind", "Page", "environment", "redirect", "render"]


@dataclass(frozen=True)
class Page:
    """`title` is the page's h1; the other fields are exactly what its template says.

    `asks` are names in the query under which a public page is worth keeping ready: words somebody typed are not.
    `is_carried`: of somebody's own pages the few that their phone keeps for where there is no line.
    """

    template: ClassVar[str]
    kind: ClassVar[Kind]
    asks: ClassVar[frozenset[str]] = frozenset()
    is_carried: ClassVar[bool] = False
    title: str


def render(request: VicinoRequest, page: Page, *, status: int = 200, refusal: Refusal | None = None) -> Response[bytes]:
    """The page, or for htmx its main block alone, with the headers of its kind.

    Whoever is told to wait, by `refusal` or by the page's form, is told until when in the header too.
    """
    wait = refusal or getattr(getattr(page, "form", None), "refusal", None)
    status = wait.status if isinstance(wait, Wait) else status
    here = request.here.as_public() if page.kind == "public" else request.here
    keys, is_partial = FormKeys(here, page.kind, is_https=request.is_https), request.is_partial
    body = draw(page, here, keys, block="main" if is_partial else "").encode()
    is_kept = status == 200 and not is_partial and not here.actor.is_shared
    headers = {"cache-control": cache_control(page.kind if is_kept else "never")}
    if isinstance(wait, Wait):
        headers["retry-after"] = str(wait.seconds)
    if page.kind == "public" and is_kept:
        headers |= {"etag": etag(body).decode(), **carried.of_everybody(here, page.asks)}
        request.scope["state"]["asks"] = page.asks
    elif page.kind != "public" and not is_partial:
        headers |= carried.of_somebody(here, is_carried=page.is_carried and is_kept)
    return Response(body, status_code=status, media_type="text/html", headers=headers, cookies=keys.cookies)


def redirect(request: VicinoRequest, name: str, *, query: dict[str, str] | None = None, **parts: object) -> Redirect:
    """303 to a named address: what was posted is not posted again by Back or reload."""
    return Redirect(request.here.url(name, query=query, **parts), status_code=303)


def draw(page: Page, here: Here, keys: "FormKeys | None" = None, *, block: str = "") -> str:
    template = environment(here.language).get_template(page.template)
    context: dict[str, Any] = {
        **vars(page),
        "here": here,
        "url": here.url,
        "form_keys": keys.draw if keys else None,
        "phone_hours": phone_hours.in_words(here),
        "kind": page.kind,
    }
    if "form" not in context:
        context["form"] = Form(words=here.words)
    if context["form"] and context["form"].errors:
        _drawn(template, context, block)  # its fields say what they are called; the summary stands before them
    return _drawn(template, context, block)


def _drawn(template: Template, context: dict[str, Any], block: str) -> str:
    if not block:
        return template.render(context)
    inside = template.new_context(context)
    next(template.root_render_func(inside))  # imports stand outside the block, and it needs them
    return "".join(template.blocks[block](inside))


class FormKeys:
    """What a writing form carries hidden: a key of its own, and a token where the browser sends no origin."""

    def __init__(self, here: Here, kind: Kind, *, is_https: bool) -> None:
        self.here = here
        self.kind = kind
        self.is_https = is_https
        self.cookies: list[Cookie] = []

    def draw(self) -> Markup:
        if self.kind == "public":
            raise ValueError("a public page holds no writing form")
        drawn = _hidden(KEY, secrets.token_urlsafe(16))
        return drawn + _hidden(TOKEN, csrf.mint(self._secret())) if self.here.needs_token else drawn

    def _secret(self) -> str:
        if self.here.token_secret:
            return self.here.token_secret
        if not self.cookies:
            self.cookies = [csrf.first_cookie(is_https=self.is_https)]
        return self.cookies[0].value or ""


def _hidden(name: str, minted: str) -> Markup:
    """What we made ourselves, of letters, digits and dashes, needs no escaping."""
    return Markup(f'<input type="hidden" name="{name}" value="{minted}">')
