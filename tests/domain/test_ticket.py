"""What stands on a ticket: the code, and a sign of one provider and one day."""

from datetime import date

import segno

from app.domain import code, identity, ticket

TODAY = date(2026, 11, 24)
CODE = code.mint(code.BOOKING)


def test_the_sign_is_of_this_code_this_provider_and_this_day() -> None:
    signs = {
        ticket.drawn(CODE, 7, TODAY),
        ticket.drawn(CODE, 8, TODAY),
        ticket.drawn(CODE, 7, date(2026, 11, 25)),
        CODE + ticket.drawn(code.mint(code.BOOKING), 7, TODAY)[8:],
    }
    assert len(signs) == 4 and all(one.startswith(CODE) for one in signs)
    assert ticket.drawn(CODE, 7, TODAY) == CODE + ticket.sign(ticket.key(7, TODAY), CODE)


def test_the_drawing_is_the_smallest_there_is() -> None:
    assert segno.make(ticket.drawn(CODE, 7, TODAY), error="m", micro=False).version == 1


def test_who_reads_a_booking_leaves_the_sign() -> None:
    scanned = ticket.drawn(CODE, 7, TODAY)
    assert code.booking(scanned) == code.booking(code.spaced(scanned).lower()) == code.booking(CODE) == CODE
    assert CODE in identity.possible_codes(scanned) and CODE in identity.possible_codes(f"cerca {scanned}")
