"""What somebody typed: read leniently, judged in words, never lost."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime
from urllib.parse import parse_qsl

from markupsafe import Markup

from app.domain.errors import InvalidInput, Refusal
from app.domain.verb import Key
from app.i18n import Words

KEY, TOKEN = "_key", "_token"
SAYS = "_says"  # what a page's script calls the form, for the list of what waits on a phone: no answer of anybody
_LONGEST = 500


class Form:
    """Field by field reading; each reader notes a sentence beside the field when the value is missing or wrong."""

    def __init__(
        self, pairs: Sequence[tuple[str, str]] = (), *, words: Words, is_sent: bool = False, where: str = ""
    ) -> None:
        self.pairs = [(name, value.replace("\x00", "")) for name, value in pairs]  # PostgreSQL keeps no NUL
        self.is_sent = is_sent
        self.where = where
        self.refusal: Refusal | None = None
        self._ = words.gettext
        self._errors: dict[str, str] = {}
        self._called: dict[str, str] = {}

    @classmethod
    def parse(cls, body: str, *, words: Words, where: str) -> "Form":
        return cls(parse_qsl(body, keep_blank_values=True), words=words, is_sent=True, where=where)

    @property
    def errors(self) -> list[tuple[str, str]]:
        return list(self._errors.items())

    def call(self, name: str, words: str) -> None:
        """What the page calls a field: said by the field as it is drawn, for `summary`."""
        self._called[name] = words

    def summary(self) -> list[tuple[str, str]]:
        """Each error after the name of its field, as they stand on the page: 'Telefono: scrivi un numero.'"""
        drawn = list(self._called)
        errors = sorted(self.errors, key=lambda error: drawn.index(error[0]) if error[0] in drawn else -1)
        return [(name, _after(self._called.get(name, ""), said)) for name, said in errors]

    @property
    def has_errors(self) -> bool:
        return bool(self._errors) or self.refusal is not None

    @property
    def is_valid(self) -> bool:
        return not self.has_errors

    @property
    def key(self) -> Key | None:
        """The idempotency key this form was drawn with, and a hash of its address and everything else typed."""
        value = self.value(KEY)
        typed = sorted((n, v) for n, v in self.pairs if n not in (KEY, TOKEN, SAYS))
        return Key(value[:64], hashlib.sha256(repr((self.where, typed)).encode()).hexdigest()) if value else None

    @property
    def key_of_answers(self) -> Key | None:
        """For a page that a phone keeps, whose form is sent more than once: the same answers count once."""
        key = self.key
        return Key(f"{key.value[:40]}-{key.input_hash[:20]}", key.input_hash) if key else None

    def propose(self, answers: Mapping[str, str]) -> None:
        """Puts these in place of what was typed, on the page that asks again."""
        self.pairs = [pair for pair in self.pairs if pair[0] not in answers] + list(answers.items())

    def require_key(self) -> None:
        """Only a button we drew: for what is the same done once or twice, and so claims no key."""
        if self.key is None:
            raise InvalidInput(field=KEY)

    def value(self, name: str, default: str = "") -> str:
        return next((v for n, v in self.pairs if n == name), default)

    def values(self, name: str) -> list[str]:
        return [v for n, v in self.pairs if n == name]

    def error(self, name: str) -> str:
        return self._errors.get(name, "")

    def note(self, name: str, sentence: str) -> None:
        self._errors.setdefault(name, sentence)

    def refuse(self, refusal: Refusal) -> None:
        self.refusal = refusal

    def text(self, name: str, *, required: bool = True, longest: int = _LONGEST) -> str:
        typed = " ".join(self.value(name).split())
        if required and not typed:
            self.note(name, self._("Scrivi una risposta."))
        if len(typed) > longest:
            self.note(name, self._("Il testo è troppo lungo: al massimo %(longest)s lettere.", longest=longest))
        return typed

    def full_name(self, name: str, *, required: bool = True) -> str:
        if required and not self.value(name).strip():
            self.note(name, self._("Scrivi nome e cognome."))
        return self.text(name, required=False, longest=80)

    def phone(self, name: str, *, required: bool = True) -> str:
        """An Italian or international number, spaces and dashes forgiven: '+39' is left out, '00' becomes '+'."""
        typed = "".join(c for c in self.value(name) if c not in " .-/()")
        typed = "+" + typed[2:] if typed.startswith("00") else typed
        typed = typed.removeprefix("+39")
        if not typed and not required:
            return ""
        digits = typed.removeprefix("+")
        if not (digits.isascii() and digits.isdigit() and 6 <= len(digits) <= 15):
            self.note(name, self._("Scrivi un numero di telefono, per esempio 0331 000 000."))
        return typed

    def choice(self, name: str, allowed: Collection[str], *, required: bool = True) -> str:
        typed = self.value(name)
        if typed in allowed:
            return typed
        if typed or required:
            self.note(name, self._("Scegli una delle risposte."))
        return ""

    def ticked(self, name: str, sentence: str) -> None:
        """A box that must be ticked; `sentence` says what to tick and why."""
        if self.value(name) != "yes":
            self.note(name, sentence)

    def choices(self, name: str, allowed: Collection[str]) -> list[str]:
        typed = self.values(name)
        if any(value not in allowed for value in typed):
            self.note(name, self._("Scegli tra le risposte della pagina."))
        return [value for value in typed if value in allowed]

    def number(self, name: str) -> int:
        """Of an address or a hidden field, which nobody types: 0 for what is none, or more than a database holds."""
        typed = self.value(name)
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 19 else 0

    def whole(self, name: str, *, least: int, most: int, required: bool = True) -> int:
        typed = self.value(name).strip()
        if not typed and not required:
            return least
        if typed.isascii() and typed.isdigit() and len(typed) < 19 and least <= int(typed) <= most:
            return int(typed)
        self.note(name, self._("Scrivi un numero da %(least)s a %(most)s.", least=least, most=most))
        return least

    def cents(self, name: str, *, most: int = 10_000_000) -> int:
        """Euro typed the Italian way ('1.234,50', '12', '12.5'), as cents."""
        typed = self.value(name).replace("€", "").replace(" ", "").strip()
        if "," in typed:
            typed = typed.replace(".", "").replace(",", ".")
        euros, _, rest = typed.partition(".")
        if (euros + rest).isascii() and (euros + rest).isdigit() and len(rest) <= 2 and len(euros) <= 8:
            cents = int(euros or 0) * 100 + int(rest.ljust(2, "0") or 0)
            if 0 < cents <= most:
                return cents
        self.note(name, self._("Scrivi un importo in euro, per esempio 12,50."))
        return 0

    def day(self, name: str, *, required: bool = True) -> date | None:
        """A day typed as 2026-11-24 or 24/11/2026 (also with dots, dashes or spaces)."""
        typed = self.value(name).strip()
        parts = [p for p in "".join(c if c.isdigit() and c.isascii() else " " for c in typed).split() if len(p) <= 4]
        if not typed and not required:
            return None
        if len(parts) == 3:
            year, month, day = parts if len(parts[0]) == 4 else parts[::-1]
            try:
                return date(int(year), int(month), int(day))
            except ValueError:
                pass
        self.note(name, self._("Scrivi la data come giorno, mese e anno: 24/11/1980."))
        return None

    def instant(self, name: str) -> datetime | None:
        """A moment as a page of ours drew it, in UTC; None for what is none."""
        try:
            chosen = datetime.fromisoformat(self.value(name))
        except ValueError:
            return None
        return chosen.astimezone(UTC) if chosen.tzinfo and 2000 < chosen.year < 2100 else None


def _after(called: str, sentence: str) -> str:
    if not called:
        return sentence
    if Markup(called).striptags().endswith(("?", ".")):
        return called + " " + sentence
    return called + ": " + sentence[:1].lower() + sentence[1:]
