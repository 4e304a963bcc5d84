"""`vicino ...`: what can be done from a terminal; each command says what it does with --help."""

import sys

from app.commands import backup, doctor, fund, ledger, person, restore, running, service, staff, territory
from app.commands.base import Mistake, Parser
from app.domain.errors import Refusal
from app.seed.typed_toml import ContentError

NOUNS = (running, territory, service, staff, person, fund, ledger, backup, restore, doctor)


def main() -> None:
    """Ends with 1 and a sentence where something cannot be done."""
    arguments = parser().parse_args()
    try:
        arguments.run(arguments)
    except Refusal as refusal:
        from app.commands.refused import told  # with the pages' words, which a start need not wait for

        sys.exit(told(refusal))
    except (Mistake, ContentError) as mistake:
        sys.exit(str(mistake))
    except KeyboardInterrupt:
        sys.exit(130)


def parser() -> Parser:
    made = Parser(prog="vicino", description="Vicino: bookings paid by public purses.")
    commands = made.add_subparsers(required=True, metavar="COMMAND")
    for noun in NOUNS:
        noun.add(commands)
    return made


if __name__ == "__main__":
    main()
