"""What the desk's buttons do: each reads its own fields and calls one verb, when nothing was typed wrong."""

import secrets
from collections.abc import Awaitable, Callable, Sequence

from app.domain import cancellation, check_in, collection, request
from app.domain.desk import Line
from app.domain.errors import Refusal
from app.domain.verb import Key
from app.edge.form import Form
from app.edge.here import Here

Press = Callable[[Line, Form, Here], Awaitable[object]]
FOR_THE_PERSON = ("changed_mind", "ill", "transport", "other_day")


def nonce(form: Form, here: Here) -> str:
    """The same for the same form, so that an event is recorded once."""
    return f"{here.actor.id}:{form.key.value if form.key else secrets.token_urlsafe(12)}"


async def arrive_each(lines: Sequence[Line], form: Form, here: Here) -> list[tuple[Line, Refusal]]:
    """Every row stands by itself: who can arrive does, the others come back with their reason.

    Key and nonce are the form's and the row's: pressed twice, or again with other rows ticked, each arrives once.
    """
    refused: list[tuple[Line, Refusal]] = []
    for line in lines:
        key = Key(f"{form.key.value}:{line.code}", line.code) if form.key else None
        try:
            await _arrive(line, f"{nonce(form, here)}:{line.code}", here, key)
        except Refusal as refusal:
            refused.append((line, refusal))
    return refused


async def _arrive(line: Line, own_nonce: str, here: Here, key: Key | None, delivered: int | None = None) -> None:
    await check_in.arrive(
        line.code, nonce=own_nonce, device_at=here.now, delivered=delivered, actor=here.actor, now=here.now, key=key
    )


async def _arrived(line: Line, form: Form, here: Here) -> None:
    delivered = form.whole("fatto", least=1, most=line.full_measure) if form.value("fatto") else None
    if form.is_valid:
        await _arrive(line, nonce(form, here), here, form.key, delivered)


async def _undone(line: Line, form: Form, here: Here) -> None:
    await check_in.undo(line.code, nonce=nonce(form, here), actor=here.actor, now=here.now, key=form.key)


async def _absent(line: Line, form: Form, here: Here) -> None:
    reason = form.choice("assenza", check_in.ABSENCES)
    if form.is_valid:
        await check_in.absent(line.code, reason, nonce=nonce(form, here), actor=here.actor, now=here.now, key=form.key)


async def _called_off(line: Line, form: Form, here: Here) -> None:
    reason = form.choice("saltata", check_in.CALLED_OFF)
    if form.is_valid:
        await check_in.call_off(
            line.code, reason, nonce=nonce(form, here), actor=here.actor, now=here.now, key=form.key
        )


async def _cancelled(line: Line, form: Form, here: Here) -> None:
    reason = form.choice("annulla", FOR_THE_PERSON)
    if form.is_valid:
        await cancellation.cancel(line.code, reason, actor=here.actor, now=here.now, key=form.key)


async def _accepted(line: Line, form: Form, here: Here) -> None:
    await request.accept(line.code, form.value("visto"), actor=here.actor, now=here.now, key=form.key)


async def _refused(line: Line, form: Form, here: Here) -> None:
    await request.refuse(line.code, actor=here.actor, now=here.now, key=form.key)


def _collected(method: collection.Method) -> Press:
    async def press(line: Line, form: Form, here: Here) -> None:
        await collection.collect(line.code, method, actor=here.actor, now=here.now, key=form.key)

    return press


PRESSES: dict[str, Press] = {
    "arrived": _arrived,
    "undone": _undone,
    "absent": _absent,
    "called_off": _called_off,
    "cancelled": _cancelled,
    "accepted": _accepted,
    "refused": _refused,
    **{method: _collected(method) for method in collection.METHODS},
}
