"""What is refused before the application is asked has no headers of ours."""

from app import cli
from app.edge.answer import Answer
from app.edge.headers import Headers

NOTICED_BY = "headers missing or wrong"
real = Answer._send


async def send(self: Answer, status: int, pairs: Headers, body: bytes) -> None:
    kept = [pair for pair in pairs if pair[0] != b"content-security-policy"]
    await real(self, status, kept if status in (403, 413) else pairs, body)


Answer._send = send  # type: ignore[method-assign]

if __name__ == "__main__":
    cli.main()
