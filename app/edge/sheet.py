"""The first sheet: inlined for who comes from elsewhere, named for who comes from one of our pages.

A page brings the sheet with it, so that it is painted in one journey of the line. Where the browser knows no
dictionaries, its script then fetches the same sheet as a file, and a page opened from there only names it. Both are one
page: whoever does not hold the file fetches it, and waits for it once.
"""

from collections.abc import Mapping
from functools import cache

from app.edge import dictionary, one_trip, static

_BEGINS = b"<style>"


def is_held(asked: Mapping[str, str]) -> bool:
    """Whether one of our pages leads to this one, and no dictionary makes the sheet cheaper still."""
    is_navigation = asked.get("sec-fetch-mode") == "navigate" or one_trip.is_wished(asked)
    is_from_us = asked.get("sec-fetch-site") == "same-origin" and is_navigation
    return is_from_us and dictionary.held(asked) is None


def linked(body: bytes) -> bytes:
    drawn, named = _ways()
    start = body.find(_BEGINS)  # the only one there is: no style stands in a page but this
    if start < 0 or not body.startswith(drawn, start):
        return body
    return b"".join((body[:start], named, body[start + len(drawn) :]))


@cache
def _ways() -> tuple[bytes, bytes]:
    """The sheet as pages draw it, and the line that names it."""
    named = f'<link rel="stylesheet" href="{static.address(static.CRITICAL)}">'
    return _BEGINS + f"{static.critical_css()}</style>".encode(), named.encode()
