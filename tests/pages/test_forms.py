"""Every writing form is sent as a browser without JavaScript sends it, and by one that says nothing of its origin."""

import pytest

from app.edge.form import TOKEN
from tests.matrix import Door, doors
from tests.pages.walk import seen_by, viewer
from tests.pages.world import World
from tests.visitor import FilledForm, Page, Visitor

SIGN_OUTS = ("/chiudi", "/esci-da-questo-telefono")

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("door", [door for door in doors() if door.method == "GET"], ids=str)
async def test_forms_work_as_plain_posts(door: Door, world: World) -> None:
    visitor = Visitor(is_old=True)
    if token := world.tokens.get(viewer(door)):
        visitor.carry(token)
    page = await seen_by({viewer(door): visitor}, world, door)
    for form in writing_forms(page) if page and page.is_html else []:
        assert TOKEN in dict(form.fields), f"no token in the form to {form.action}"
        answer = await visitor.submit(form)
        assert is_understood(answer), f"{door}: the form to {form.action} got {answer.status}"
        if form.action.endswith(SIGN_OUTS) or "set-cookie" in answer.headers:  # somebody else looks from here on
            break


def writing_forms(page: Page) -> list[FilledForm]:
    """All of them; the one that signs out comes last, or nobody could send the others."""
    return sorted(
        page.forms("//form[@method='post']"),
        key=lambda form: form.action.endswith(SIGN_OUTS),
    )


def is_understood(answer: Page) -> bool:
    """Done, or shown again with what nobody has chosen yet; never a closed door, a missing address or a fault."""
    return answer.status in (200, 303, 422, 429)


async def test_a_form_that_needs_more_is_found(world: World) -> None:
    visitor = Visitor(is_old=True)
    assert not is_understood(await visitor.post("/tradate/servizi"))
    assert not is_understood(await visitor.post("/tradate/entra"))  # without the token
    text = '<form method="post" action="/tradate/chiudi"></form><form method="post" action="/tradate/entra"></form>'
    page = Page("/", 200, visitor.client.headers, f"<!doctype html><body>{text}")
    assert [form.action for form in writing_forms(page)] == ["/tradate/entra", "/tradate/chiudi"]
