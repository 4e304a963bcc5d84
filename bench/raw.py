"""The baselines: raw ASGI on the server Vicino runs on. /page draws reference.html, /ready sends bytes made before.

python -m bench.raw PORT, with the length of /ready in BENCH_READY.
"""

import os
import sys
from pathlib import Path
from typing import Any

import brotli
from jinja2 import Environment

TEMPLATE = Environment(autoescape=True).from_string((Path(__file__).parent / "reference.html").read_text())
SERVICES = [
    {
        "address": f"/tradate/servizi/servizio-{number}",
        "name": f"Aiuto compiti {number}",
        "provider": "Cooperativa Lanterna",
        "summary": "Un educatore segue i compiti, un pomeriggio alla settimana.",
        "place": "Tradate",
        "price": "15,00 €",
        "first_free": "martedì 1 dicembre alle 16:30",
    }
    for number in range(1, 21)
]
BODY = brotli.compress(TEMPLATE.render(services=SERVICES).encode(), quality=11)
READY = os.urandom(int(os.environ.get("BENCH_READY", "4000")))  # cannot be compressed, as what is compressed


async def app(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] != "http":
        return
    if scope["path"] == "/page":
        await _send(send, TEMPLATE.render(services=SERVICES).encode())
    elif scope["path"] == "/ready":
        await _send(send, READY, (b"content-encoding", b"br"))
    else:
        await _send(send, BODY, (b"content-encoding", b"br"))


async def _send(send: Any, body: bytes, *more: tuple[bytes, bytes]) -> None:
    headers = [(b"content-type", b"text/html; charset=utf-8"), (b"content-length", str(len(body)).encode()), *more]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})


def serve(port: int) -> None:
    from granian.constants import Interfaces
    from granian.server import Server

    Server("bench.raw:app", interface=Interfaces.ASGI, address="127.0.0.1", port=port, workers=1).serve()


if __name__ == "__main__":
    serve(int(sys.argv[1]))
