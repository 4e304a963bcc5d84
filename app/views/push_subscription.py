"""The offer to be told on this phone: only where it can be kept, on a person's own phone."""

from app.domain import push
from app.edge.here import Here


def is_offered(here: Here) -> bool:
    return push.own_device(here.actor) != 0
