"""From a service's times to the summary, as a signed-in person walks it."""

from tests.visitor import Page, Visitor


async def to_summary(visitor: Visitor, slug: str, *, territory: str = "tradate", time: str = "") -> Page:
    """Takes the first free time unless told; nothing else is asked of somebody signed in who books for herself."""
    times = await visitor.get(f"/{territory}/prenota/{slug}")
    chosen = {"orario": time} if time else {}
    page = await visitor.follow(await visitor.submit(times.form("/orario"), **chosen))
    assert page.title == "Controlla e conferma"
    return page


async def book(visitor: Visitor, slug: str) -> Page:
    """The confirmation."""
    summary = await to_summary(visitor, slug)
    return await visitor.follow(await visitor.submit(summary.form("/riepilogo")))


async def times(visitor: Visitor, slug: str) -> list[str]:
    """The times offered now."""
    page = await visitor.get(f"/tradate/prenota/{slug}")
    return [str(radio.get("value")) for radio in page.all("//input[@name='orario']")]
