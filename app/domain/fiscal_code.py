"""The codice fiscale: checked, read from whatever a keyboard or scanner made of it, its omocodes known."""

import itertools
import re

from stdnum import luhn
from stdnum.exceptions import ValidationError
from stdnum.it import codicefiscale

_ANYWHERE = re.compile(r"[A-Z]{6}[0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]")
_PLACES = (6, 7, 9, 10, 12, 13, 14)
_LETTERS = "LMNPQRSTUV"
_DIGIT_OF = {letter: str(digit) for digit, letter in enumerate(_LETTERS)}


def read(typed: str) -> str:
    """The code in what was typed or scanned, '' when there is none.

    A Tessera Sanitaria read as Code 39 may come between asterisks, which an Italian keyboard turns into brackets; a
    stripe reader adds the name around it.
    """
    kept = "".join(c if c.isascii() and c.isalnum() else " " for c in typed.upper())
    joined = kept.replace(" ", "")
    candidates = [joined, *kept.split(), *_ANYWHERE.findall(joined)]
    return next((code for code in candidates if is_whole(code)), "")


def is_whole(code: str) -> bool:
    """Sixteen characters with the right check letter, or an 11-digit provisional code."""
    if len(code) == 11:
        return code.isascii() and code.isdigit() and code != "0" * 11 and bool(luhn.is_valid(code))
    if len(code) != 16:
        return False
    try:
        return bool(codicefiscale.validate(code))
    except ValidationError:
        return False


def same_person(code: str) -> list[str]:
    """The code and all that the tax office could have made of it by omocodia: digits replaced by letters."""
    if len(code) != 16:
        return [code]
    plain = [_DIGIT_OF.get(c, c) if place in _PLACES else c for place, c in enumerate(code[:15])]
    found = []
    for replaced in itertools.product((False, True), repeat=len(_PLACES)):
        body = list(plain)
        for place, is_letter in zip(_PLACES, replaced, strict=True):
            body[place] = _LETTERS[int(plain[place])] if is_letter else plain[place]
        found.append("".join(body) + codicefiscale.calc_check_digit("".join(body)))
    return found
