"""What the browser of a request brings to a sign-in."""

from app.domain import device
from app.domain.sign_in import Visit
from app.edge.request import VicinoRequest
from app.edge.session import device_name


def device_key(request: VicinoRequest) -> str:
    return request.cookies.get(device_name(request.is_https), "")[:64]


def of(request: VicinoRequest, *, own_phone: bool = False) -> Visit:
    """On an own phone the key it has, or a new one."""
    key = (device_key(request) or device.mint_key()) if own_phone else ""
    return Visit(request.address, request.headers.get("user-agent", "")[:120], key)
