"""The offer to be told on this phone: only where it can be kept, on a person's own phone."""

from app.domain import push
from app.edge.here import Here


def offered_key(here: Here) -> str:
    """What the button of templates/push_subscription/_button.html needs; '' where the offer is not made."""
    return push.public_key() if push.own_device(here.actor) else ""
