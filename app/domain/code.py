"""Codes people read aloud and type: no look-alike letters, a check character at the end."""

import secrets

BOOKING = 8  # signs of a booking's code
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_READ_AS = str.maketrans({"0": "Q", "O": "Q", "1": "J", "I": "J", "L": "J"})


def mint(length: int) -> str:
    """A random code of `length` characters, the last one a check character."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(length - 1))
    return body + _check(body)


def read(typed: str) -> str:
    """What was typed as a code: capitals, no spaces or dashes, look-alikes folded."""
    kept = "".join(c for c in typed.upper() if c.isalnum())
    return kept.translate(_READ_AS)


def booking(typed: str) -> str:
    """A booking's code as it was typed, or as its ticket says it: what stands behind is for devices at the door."""
    typed = read(typed)
    return typed[:BOOKING] if len(typed) == 2 * BOOKING else typed


def is_whole(code: str) -> bool:
    return len(code) > 1 and all(c in ALPHABET for c in code) and _check(code[:-1]) == code[-1]


def spaced(code: str) -> str:
    """The code in groups a person can copy: 'ABCD EFGH JK'."""
    return " ".join(code[i : i + 4] for i in range(0, len(code), 4))


def random_id() -> int:
    """A random id that says nothing about order or number: 1 to 2**53, exact also in JavaScript."""
    return secrets.randbelow(2**53 - 1) + 1


def _check(body: str) -> str:
    total = sum((position + 2) * ALPHABET.index(c) for position, c in enumerate(body))
    return ALPHABET[total % len(ALPHABET)]
