"""Nobody is refused: everybody waits."""

from app import cli
from app.edge.load import Load

NOTICED_BY = "slowest hundredth of the accepted, times usual"


def is_full(_: Load) -> bool:
    return False


Load.is_full = property(is_full)  # type: ignore[method-assign, assignment]

if __name__ == "__main__":
    cli.main()
