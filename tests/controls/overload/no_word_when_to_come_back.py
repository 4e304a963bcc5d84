"""Who is refused is not told when to come back."""

from app import cli
from app.edge.answer import Answer
from app.edge.headers import Headers

NOTICED_BY = "refusals without Retry-After"

real = Answer._send


async def send(self: Answer, status: int, pairs: Headers, body: bytes) -> None:
    await real(self, status, [pair for pair in pairs if pair[0] != b"retry-after"], body)


Answer._send = send  # type: ignore[method-assign]

if __name__ == "__main__":
    cli.main()
