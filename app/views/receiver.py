"""Per chi è?: asked of whoever may book for several people; only those for whom the service is meant are offered."""

from dataclasses import dataclass
from datetime import datetime

from app.domain import household, receiver
from app.domain.eligibility import Terms
from app.domain.errors import MinorNeedsDeclaration, Refusal
from app.domain.household import Receiver
from app.domain.receiver import Candidates
from app.edge.form import Form
from app.edge.here import Here
from app.views.refusal import sentence


@dataclass(frozen=True, slots=True)
class NotMeant:
    """`declare` is where a parent puts it right, '' where nobody can."""

    name: str
    why: str
    declare: str


@dataclass(frozen=True, slots=True)
class ReceiverChoice:
    """`offered` are (value, name, relation); `chosen` stands ticked until something else was."""

    offered: list[tuple[str, str, str]]
    others: list[NotMeant]
    chosen: str

    @property
    def is_asked(self) -> bool:
        return bool(self.offered or self.others)


NOT_ASKED = ReceiverChoice([], [], "")


async def choice(here: Here, service_id: int, terms: Terms, on: datetime, *, back: str) -> ReceiverChoice:
    """`on`: when the service would be received; `back`: where one goes on after a declaration."""
    if here.actor.kind != "person":
        return NOT_ASKED
    day = on.astimezone(here.zone).date()
    return told(await receiver.candidates(here.person_id, service_id, terms, day, now=here.now), here, back=back)


def told(found: Candidates, here: Here, *, back: str) -> ReceiverChoice:
    if len(found.people) == 1:
        return NOT_ASKED
    others = [
        _not_meant(one, found.refused[one.person_id], here, back) for one in found.people if one not in found.meant
    ]
    return ReceiverChoice(_lines(found.meant, here), others, _chosen(found, here))


async def read(form: Form, here: Here) -> int:
    """Whom a signed-in person chose; themselves where there is no choice."""
    people = [str(one.person_id) for one in await household.who_can_receive(here.person_id, here.now)]
    if len(people) == 1:
        return here.person_id
    if not form.value("chi"):
        form.note("chi", here.words.gettext("Scegli per chi è."))
    return int(form.choice("chi", people) or 0)


async def receivers_of(here: Here) -> list[tuple[str, str, str]]:
    """For whom the signed-in person may book: value, name, why."""
    return _lines(await household.who_can_receive(here.person_id, here.now), here)


def _lines(people: list[Receiver], here: Here) -> list[tuple[str, str, str]]:
    _ = here.words.gettext
    said = {
        "self": _("per me"),
        "child": _("per mio figlio o mia figlia"),
        "ward": _("per chi è sotto la mia tutela"),
        "cared_for": _("per chi mi ha dato la delega"),
        "administered": _("per chi seguo come amministratore di sostegno"),
    }
    return [(str(one.person_id), one.given_name, said[one.relation]) for one in people]


def _not_meant(one: Receiver, why: Refusal, here: Here, back: str) -> NotMeant:
    may_declare = isinstance(why, MinorNeedsDeclaration) and one.relation in ("child", "ward")
    address = here.url("declaration", person=one.person_id, query={"poi": back}) if may_declare else ""
    return NotMeant(one.given_name, sentence(why, here.words), address)


def _chosen(found: Candidates, here: Here) -> str:
    """Whoever had it the last time, or the only one it can be for."""
    meant = [one.person_id for one in found.meant]
    known = found.last if found.last in meant else 0
    may_change = any(isinstance(why, MinorNeedsDeclaration) for why in found.refused.values())
    only = meant[0] if len(meant) == 1 and not may_change else 0
    return str(known or only or "")
