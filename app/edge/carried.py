"""What a phone may carry to where there is no line: said in headers, which the service worker obeys and never guesses.

`own` names whose pages and forms a phone holds: a sign that says nothing to anybody else, or `none` where nobody is
signed in on a phone of their own: then no page of anybody stays. `keep` says of one of somebody's own pages that their
phone may carry it, and of a public one that its address holds words of ours alone, and nothing that somebody typed.
"""

from collections.abc import Collection

from app.domain import vault
from app.edge.here import Here
from app.edge.ready import knows

NOBODY = "none"


def sign(here: Here) -> str:
    if here.actor.kind != "person" or here.actor.is_shared:
        return NOBODY
    return vault.peppered("own", str(here.actor.id))[:12]


def of_somebody(here: Here, *, is_carried: bool) -> dict[str, str]:
    whose = sign(here)
    return {"own": whose, "keep": "1"} if is_carried and whose != NOBODY else {"own": whose}


def of_everybody(here: Here, asks: Collection[str]) -> dict[str, str]:
    """An address without a query needs no word."""
    return {"keep": "1"} if here.query and knows(asks, here.query.encode()) else {}
