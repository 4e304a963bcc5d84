"""A push service may send us on, and the addresses it names are not looked at."""

import ssl

import httpcore
import httpx

from app import cli
from app.gateways import web_push

NOTICED_BY = "connections outside the allowlist"


def client(network: httpcore.AsyncNetworkBackend, tls: ssl.SSLContext | None) -> httpx.AsyncClient:
    return httpx.AsyncClient(follow_redirects=True, timeout=web_push.TIME_OUT)


web_push._client = client

if __name__ == "__main__":
    cli.main()
