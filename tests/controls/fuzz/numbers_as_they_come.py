"""What stands in a hidden field is a number, as pages draw nothing else there."""

from app import cli
from app.edge.form import Form

NOTICED_BY = "5xx but deliberate 503"


def number(self: Form, name: str) -> int:
    return int(self.value(name))


Form.number = number  # type: ignore[method-assign]

if __name__ == "__main__":
    cli.main()
