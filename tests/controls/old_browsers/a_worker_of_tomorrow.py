"""The service worker has a line that only younger browsers can read: no old phone ever takes it."""

from app import cli
from app.edge import static

NOTICED_BY = "browsers where the worker is not in place"

YOUNG = b";class Tomorrow { static { } }"  # ES2022: Chromium reads it from 94 on
real = static._bare


def bare(name: str, body: bytes) -> bytes:
    return real(name, body) + (YOUNG if name == "sw.js" else b"")


static._bare = bare

if __name__ == "__main__":
    cli.main()
