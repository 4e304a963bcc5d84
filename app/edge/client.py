"""Who asks: the address of the client, a forwarded one only from a trusted proxy."""

import ipaddress
from collections.abc import Callable, Mapping, Sequence

from litestar.types import HTTPScope

Address = Callable[[HTTPScope, Mapping[str, str]], str]


def address_behind(trusted_proxies: Sequence[str]) -> Address:
    networks = [ipaddress.ip_network(network, strict=False) for network in trusted_proxies]

    def is_proxy(peer: str) -> bool:
        try:
            address = ipaddress.ip_address(peer)
        except ValueError:
            return False
        return any(address in network for network in networks)

    def address_of(scope: HTTPScope, asked: Mapping[str, str]) -> str:
        client = scope.get("client")
        peer = client[0] if client else ""
        forwarded = asked.get("x-forwarded-for", "").rpartition(",")[2].strip()
        return forwarded if forwarded and is_proxy(peer) else peer

    return address_of
