"""Where to go on after signing in: the same step, and never another site."""

from app import addresses
from app.edge.here import Here


def door(here: Here) -> str:
    """The name of the sign-in page that belongs to an address; '' where there is none."""
    if here.path.startswith("/finanziatori"):
        return "funder_sign_in"
    if here.territory is None:
        return ""
    desk = addresses.url("desk", territory=here.territory.slug)
    return "staff_sign_in" if here.path.startswith(desk) else "sign_in"


def local(given: str, here: Here, otherwise: str) -> str:
    """`given` in this page's language when it is a path of this site, else the address named `otherwise`."""
    if not is_local(given):
        return here.url(otherwise)
    prefix = "" if here.language == "it" else f"/{here.language}"
    return given if given == prefix or given.startswith(f"{prefix}/") else prefix + given


def is_local(given: str) -> bool:
    """One slash first, and nothing that a browser would read as a host or a new header."""
    return (
        given.startswith("/")
        and not given.startswith("//")
        and "\\" not in given
        and given.isprintable()
        and len(given) < 300
    )
