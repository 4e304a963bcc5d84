"""bin/bench [GROUP or NAME ...]: prints `name: value bound verdict` lines; 1 when a bound was missed."""

import asyncio
import importlib
import logging
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from tempfile import TemporaryDirectory

from bench.figure import Figure, exit_code

GROUPS = {
    "pages": ("weight", "handset", "waits", "offline"),
    "journeys": ("journey",),
    "server": ("dynamic", "ready", "compression", "booking", "reads", "plans"),
    "scale": ("scale:services-10k", "scale:services-100k", "scale:a53", "scale:bookings-1m"),
}
BY_DEFAULT = ("pages", "journeys", "server")


def names(asked: Sequence[str]) -> list[str]:
    """Measures in the order asked for; groups stand for theirs. SystemExit on a name that is none."""
    known = {name for group in GROUPS.values() for name in group}
    found = [name for word in asked or BY_DEFAULT for name in GROUPS.get(word, (word,))]
    if unknown := [name for name in found if name not in known]:
        told = "\n".join(f"  {group}: {' '.join(of)}" for group, of in GROUPS.items())
        raise SystemExit(f"No such measure: {', '.join(unknown)}. There are:\n{told}")
    return list(dict.fromkeys(found))


async def run(asked: Sequence[str]) -> int:
    figures: list[Figure] = []
    for name in names(asked):
        module, *which = name.split(":")
        async for figure in importlib.import_module(f"bench.{module}").measure(*which):
            figures.append(figure)
            print(figure, flush=True)
    kept = [figure for figure in figures if figure.verdict == "kept"]
    missed = [figure.name for figure in figures if figure.verdict not in ("kept", "-")]
    print(f"{len(kept)} kept, {len(missed)} not: {', '.join(missed) or 'none'}")
    return exit_code(figures)


@contextmanager
def apart() -> Iterator[None]:
    """What the developer's own Vicino holds and is told stays out of what is measured; nothing remains."""
    for name in [name for name in os.environ if name.startswith(("VICINO_", "SMTP_", "SMS_", "PORT", "HOST"))]:
        if name != "VICINO_TEST_POSTGRES":
            del os.environ[name]
    with TemporaryDirectory(prefix="vicino-bench-") as folder:
        postgres = os.environ.get("VICINO_TEST_POSTGRES", "")
        os.environ |= {"VICINO_DATABASE_URL": postgres, "VICINO_DATA": folder}
        os.environ |= {"VICINO_WORKER": "0", "VICINO_TRUSTED_PROXIES": "127.0.0.1"}
        yield


if __name__ == "__main__":
    logging.getLogger("httpx").setLevel(logging.WARNING)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # as Ctrl-C: what was started is ended
    with apart():
        code = asyncio.run(run(sys.argv[1:]))
    sys.exit(code)
