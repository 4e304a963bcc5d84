"""A service as machines read it: schema.org's GovernmentService, inside the page."""

import json

from markupsafe import Markup

from app.domain.offered_service import OfferedService
from app.edge.here import Here
from app.views import service_words


def government_service(one: OfferedService, here: Here) -> Markup:
    """JSON that no text of the catalogue can break out of."""
    document = {
        "@context": "https://schema.org",
        "@type": "GovernmentService",
        "name": one.text.name,
        "description": one.text.summary,
        "serviceType": one.category_name,
        "serviceOperator": {"@type": "Organization", "name": one.provider, "telephone": one.provider_phone},
        "areaServed": [{"@type": "AdministrativeArea", "name": name} for name in one.municipalities]
        or {"@type": "AdministrativeArea", "name": here.place.district},
        "audience": [{"@type": "Audience", "audienceType": service_words.families(here)[f]} for f in one.families],
        "availableChannel": {
            "@type": "ServiceChannel",
            "serviceUrl": here.url("service", slug=one.slug),
            "servicePhone": {"@type": "ContactPoint", "telephone": one.call_phone or one.provider_phone},
            "serviceLocation": [
                _place(place.name, place.address, place.postcode, place.municipality) for place in one.places
            ],
        },
        "offers": {"@type": "Offer", "price": f"{one.price_cents / 100:.2f}", "priceCurrency": "EUR"},
    }
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def _place(name: str, street: str, postcode: str, town: str) -> dict[str, object]:
    address = {"@type": "PostalAddress", "streetAddress": street, "postalCode": postcode, "addressLocality": town}
    return {"@type": "Place", "name": name, "address": address}
