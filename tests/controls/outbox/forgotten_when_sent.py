"""The worker takes a form off the phone as soon as it tries to send it, and not when it is answered."""

from app import cli
from app.edge import static

NOTICED_BY = "forms told as done"

TRIES = "const answer = await inTime(fetch(address"
real = static._bare


def bare(name: str, body: bytes) -> bytes:
    script = body.decode() if name == "sw.js" else ""
    assert not script or TRIES in script
    return real(name, script.replace(TRIES, f"await erase(form.key);{TRIES}").encode() if script else body)


static._bare = bare

if __name__ == "__main__":
    cli.main()
