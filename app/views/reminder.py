"""What is told at once: one message, or several reminders that fall together, as one message that lists them all."""

from collections.abc import Sequence
from datetime import datetime

from app.config import settings
from app.domain.code import spaced
from app.views import delivery, formatting, gsm
from app.views.delivery import Facts, Told


async def worded(message_ids: Sequence[int], now: datetime) -> Told:
    """The one message that these are; several are reminders of one person."""
    found = await delivery.facts(message_ids)
    if len(message_ids) == 1:
        return delivery.word(found[message_ids[0]], now)
    return together(sorted(found.values(), key=lambda one: (one.starts_at or now, one.id)), now)


def together(found: Sequence[Facts], now: datetime) -> Told:
    """In the order in which they will be; a locked screen learns how many, and no more."""
    first, words = found[0], found[0].words
    _, number = words.gettext, str(len(found))
    alone, subject = delivery.word(first, now), _("Promemoria: %(number)s appuntamenti", number=number)
    return Told(
        language=alone.language,
        greeting=alone.greeting,
        subject=subject,
        lead=_("Ti ricordiamo %(number)s appuntamenti.", number=number),
        details=[(delivery.when_of(one), _what(one)) for one in found],
        todo=delivery.help_for(first),
        address=delivery.own_page(first),
        links=[*(_link(one) for one in found if delivery.changes(one, now)), alone.links[-1]],
        buttons=[],
        sms=_sms(found),
        push={**alone.push, "body": _("%(subject)s. Tocca per leggere.", subject=subject)},
        call=alone.call,
        is_urgent=any(0 < one.lead_hours <= 3 for one in found),
    )


def _what(found: Facts) -> str:
    """Of a confidential one nothing but its code."""
    _ = found.words.gettext
    other = found.receiver_name if found.receiver_id not in (0, found.person_id) else ""
    named = [] if found.is_confidential else [found.service, delivery.where_of(found), found.bring.rstrip(".")]
    if other:
        named.append(_("per %(name)s", name=other))
    if found.own:
        named.append(_("paghi tu %(money)s", money=formatting.money(found.own, found.words.language)))
    return ", ".join(part for part in [*named, _("codice %(code)s", code=spaced(found.code))] if part)


def _link(found: Facts) -> tuple[str, str]:
    """To the page where this one is called off or moved."""
    words = found.words.gettext("Annulla o sposta %(when)s", when=delivery.when_of(found))
    return words, settings().public_url + delivery.of_booking(found, "booking")


def _sms(found: Sequence[Facts]) -> str:
    """All of them, however many: the days in figures, so that nine fit one text message."""
    _ = found[0].words.gettext
    times = [_short(one) for one in found]
    phone = _("Tel. %(phone)s", phone=found[0].phone)
    said = _("Ti ricordiamo %(number)s appuntamenti:", number=str(len(found)))
    return gsm.fitted(f"Vicino: {said} {', '.join(times)}.", [], phone)


def _short(found: Facts) -> str:
    assert found.starts_at is not None
    local = found.starts_at.astimezone(delivery.zone_of(found))
    return f"{local.day}/{local.month} {formatting.clock(local, found.words.language)}"
