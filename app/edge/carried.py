"""What a phone may carry to where there is no line: said in headers, which the service worker obeys and never guesses.

`own` names whose pages a phone holds: a sign that says nothing to anybody else. With a page of that person to carry it
comes with the sign, and where nobody is signed in on a phone of their own with `none`: then nothing of anybody stays.
`keep` says of a public page that its address holds words of ours alone, and nothing that somebody typed.
"""

from collections.abc import Collection

from app.domain import vault
from app.edge.here import Here
from app.edge.ready import knows

NOBODY = "none"


def of_somebody(here: Here, *, is_carried: bool) -> dict[str, str]:
    if here.actor.kind != "person" or here.actor.is_shared:
        return {"own": NOBODY}
    return {"own": vault.peppered("own", str(here.actor.id))[:12]} if is_carried else {}


def of_everybody(here: Here, asks: Collection[str]) -> dict[str, str]:
    """An address without a query needs no word."""
    return {"keep": "1"} if here.query and knows(asks, here.query.encode()) else {}
