"""The offer to be told on this phone: only where it can be kept, on a person's own phone."""

from app.domain import push
from app.edge.here import Here


async def offered_key(here: Here) -> str:
    """What the button of templates/push_subscription/_button.html needs; '' on a phone of others, and on one that is
    told already. Where its push service has ended it, the offer stands again."""
    return push.public_key() if push.own_device(here.actor) and not await push.is_told(here.actor) else ""
