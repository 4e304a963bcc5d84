"""Lists too long for one page, in the words of `components/navigation.html`."""

from typing import NamedTuple

from app.edge.here import Here


class Pages(NamedTuple):
    """`previous` and `next` are addresses, '' at the ends."""

    number: int
    total: int
    previous: str
    next: str


def pages(here: Here, route: str, asked: int, lines: int, a_page: int, query: dict[str, str], **parts: object) -> Pages:
    """Where page `asked` of the list at `route` stands; the last one there is, where it has fewer."""
    total = max(1, -(-lines // a_page))
    number = min(asked, total)

    def address(wanted: int) -> str:
        return here.url(route, query=query | {"pagina": str(wanted)}, **parts) if 1 <= wanted <= total else ""

    return Pages(number, total, address(number - 1), address(number + 1))
