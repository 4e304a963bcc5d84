"""One service in a list: every provider's looks the same."""

from dataclasses import dataclass

from app.domain.catalogue import Offer
from app.edge.here import Here
from app.views import service_words


@dataclass(frozen=True)
class ServiceCard:
    name: str
    address: str
    provider: str
    place: str
    price: str
    first_free: str

    @classmethod
    def of(cls, offer: Offer, here: Here) -> "ServiceCard":
        return cls(
            name=offer.name,
            address=here.url("service", slug=offer.slug),
            provider=offer.provider,
            place=service_words.where(offer, here),
            price=service_words.price(offer.price_cents, offer.unit, here),
            first_free=service_words.first_free(offer, here),
        )
