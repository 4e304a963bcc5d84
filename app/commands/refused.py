"""A refusal as the person at the terminal reads it."""

from app.domain.errors import Refusal
from app.i18n import words
from app.views.refusal import sentence

FIELDS = {
    "slug": "This word is in use, or cannot stand in an address: small letters, digits and '-' only.",
    "login": "An account with this login exists already.",
    "password": "The password needs 12 characters or more.",
    "fiscal_code": "This fiscal code cannot be right: check its letters.",
    "until_on": "The last day is before the first.",
    "rules": "Nothing has this name: {value}. See `vicino fund create --help`.",
    "target": "This target cannot be read.",
    "reminder_hours": "People are reminded 2 to 672 hours before, at most 5 times.",
}
RULES = {
    "holder": "This fund gives credit to households, not to persons.",
    "period": "Today is outside the days of this fund.",
    "expired": "The last day of a credit is from today to the last day of its fund.",
    "target": "This person is not one of those the fund is meant for.",
}


def told(refusal: Refusal) -> str:
    if refusal.key == "invalid_input" and refusal.field in FIELDS:
        return FIELDS[refusal.field].format_map(refusal.arguments)
    if refusal.key == "fund_refuses":
        return RULES.get(str(refusal.arguments.get("rule")), sentence(refusal, words("en")))
    return sentence(refusal, words("en"))
