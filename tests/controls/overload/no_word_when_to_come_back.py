"""Who is refused is not told when to come back."""

from app import cli
from app.edge.headers import Headers
from app.edge.outer import Edge

NOTICED_BY = "refusals without Retry-After"
real = Edge.refusal


def refusal(self: Edge, language: str) -> tuple[Headers, bytes]:
    pairs, body = real(self, language)
    return [pair for pair in pairs if pair[0] != b"retry-after"], body


Edge.refusal = refusal  # type: ignore[method-assign]

if __name__ == "__main__":
    cli.main()
