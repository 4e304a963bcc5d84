"""Forms that waited on a phone for the line, sent by its worker: answered for a program, and only for who wrote them.

`later` in a request names whose form it is, by the sign of `carried`. Somebody else, or nobody, is answered 401 before
anything is done; what is done is 204 with the address it led to; a refusal is the page that anybody would see.
"""

from collections.abc import Mapping

from app import addresses
from app.edge import carried
from app.edge.here import Here

# Steps of something longer, doors, and what belongs to the moment: later they would mean nothing.
AT_ONCE = (
    *("hold", "hold_extension", "hold_release", "for_whom", "guest", "details", "split"),
    *("sign_in", "booking_code", "push_subscription", "demo_story"),
)


def pattern(names: tuple[str, ...] = AT_ONCE) -> str:
    """The ends of these addresses, as few words as tell them apart, for JavaScript's regular expressions."""
    return "/(" + "|".join(sorted({_end(addresses.PATTERNS[name]) for name in names})) + ")$"


def is_wished(asked: Mapping[str, str]) -> bool:
    return "later" in asked


def is_of_another(asked: Mapping[str, str], here: Here) -> bool:
    return is_wished(asked) and asked["later"] != carried.sign(here)


def _end(pattern: str) -> str:
    *_, before, last = pattern.split("/")
    return f"{before}/[^/]+" if last.startswith("{") else last
