"""From a held time to the confirmation: who, details, how it is paid, summary."""

from dataclasses import dataclass
from typing import ClassVar

from markupsafe import Markup

from app import database
from app.domain import appointment, booking, checkout, content, household, identity
from app.domain.appointment import Appointment
from app.domain.checkout import Checkout
from app.domain.errors import AlreadyBooked
from app.edge.form import Form
from app.edge.here import Here
from app.views import Kind, Page, receiver
from app.views.formatting import as_written, clock, when
from app.views.receiver import ReceiverChoice

MOST_RADIOS = 5  # as in templates/checkout/_question.html


@dataclass(frozen=True)
class Held:
    """What every page of the flow says on top: which service, when, and until when it is kept.

    `longer` and `release` are where a press keeps it on or gives it back.
    """

    hold: int
    service: str
    when: str
    kept: str
    longer: str
    release: str

    @classmethod
    async def of(cls, standing: Checkout, here: Here) -> "Held":
        said = await appointment.of(standing.hold.service_id, standing.hold.service_place_id, here.language)
        return cls.told(standing, said, here)

    @classmethod
    def told(cls, standing: Checkout, said: Appointment, here: Here) -> "Held":
        _ = here.words.gettext
        until = standing.hold.expires_at.astimezone(here.zone)
        over = standing.hold.expires_at <= here.now
        kept = _("Il tempo è passato, ma l'orario è ancora libero.") if over else ""
        return cls(
            standing.hold.id,
            said.name,
            when(standing.hold.starts_at, here.zone, here.words),
            kept or _("Teniamo questo orario per te fino alle %(time)s.", time=clock(until, here.language)),
            here.url("hold_extension", hold=standing.hold.id),
            here.url("hold_release", hold=standing.hold.id),
        )


@dataclass(frozen=True)
class ForWhomPage(Page):
    """Signed in: for me or for somebody of mine. Not signed in: three ways to go on, in `doors`."""

    template: ClassVar[str] = "checkout/for_whom.html"
    kind: ClassVar[Kind] = "form"
    held: Held
    who: ReceiverChoice
    chosen: str
    doors: list[tuple[str, str, str]]
    form: Form

    @classmethod
    async def load(cls, here: Here, hold: int, form: Form) -> "ForWhomPage":
        standing = await checkout.load(hold, actor=here.actor, now=here.now)
        held, page = standing.hold, here.url("for_whom", hold=hold)
        return cls(
            title=here.words.gettext("Per chi è?"),
            held=await Held.of(standing, here),
            who=await receiver.choice(here, held.service_id, standing.sold.terms, held.starts_at, back=page),
            chosen=str(held.receiver_id or ""),
            doors=[] if here.actor.kind == "person" else _doors(standing, here),
            form=form,
        )


@dataclass(frozen=True)
class GuestPage(Page):
    template: ClassVar[str] = "checkout/guest.html"
    kind: ClassVar[Kind] = "form"
    held: Held
    form: Form

    @classmethod
    async def load(cls, here: Here, hold: int, form: Form) -> "GuestPage":
        standing = await checkout.load(hold, actor=here.actor, now=here.now)
        return cls(here.words.gettext("Come ti chiami?"), await Held.of(standing, here), form)


@dataclass(frozen=True)
class QuestionLine:
    """`choices` empty means a line to write on."""

    name: str
    wording: str
    why: str
    choices: list[tuple[str, str]]
    is_required: bool
    answered: str


@dataclass(frozen=True)
class DetailsPage(Page):
    template: ClassVar[str] = "checkout/details.html"
    kind: ClassVar[Kind] = "form"
    held: Held
    at_home: bool
    address: str
    day_phone: str
    questions: list[QuestionLine]
    form: Form

    @classmethod
    async def load(cls, here: Here, hold: int, form: Form) -> "DetailsPage":
        standing = await checkout.load(hold, actor=here.actor, now=here.now)
        receiver = standing.parties.receiver if standing.parties else here.person_id
        known, at_home = await checkout.details(hold, receiver), standing.sold.mode == "home"
        return cls(
            title=here.words.gettext("Ultime domande"),
            held=await Held.of(standing, here),
            at_home=at_home,
            address=known.get("address") or (await identity.address_of(receiver) if at_home else ""),
            day_phone=known.get("day_phone", ""),
            questions=await questions_of(standing.hold.service_id, known, here),
            form=form,
        )


async def next_step(here: Here, hold: int) -> str:
    """The first page with something left to ask: who, then details, then the summary.

    Raises HasTheTime where nothing is left to ask: who receives it has this time already.
    """
    standing = await checkout.load(hold, actor=here.actor, now=here.now)
    if standing.parties is None or await _must_choose(standing, here):
        return "for_whom"
    await booking.refuse_second(standing, actor=here.actor, now=here.now)
    return "details" if (await Asked.of(standing, here)).is_open(standing) else "summary"


async def step_after(here: Here, hold: int) -> str:
    """As `next_step`, for a form: one that comes again after the booking is led where it was led before, and on."""
    try:
        return await next_step(here, hold)
    except AlreadyBooked:
        return "summary"


async def _must_choose(standing: Checkout, here: Here) -> bool:
    """Whoever may book for several people says for whom; a step with one possible answer is not shown."""
    return standing.hold.receiver_id is None and here.actor.kind == "person" and await may_choose(here)


async def may_choose(here: Here) -> bool:
    return len(await household.who_can_receive(here.person_id, here.now)) > 1


@dataclass(frozen=True)
class Asked:
    """The service's questions and what was answered so far, read once for a page."""

    known: dict[str, str]
    questions: list[QuestionLine]

    @classmethod
    async def of(cls, standing: Checkout, here: Here) -> "Asked":
        assert standing.parties is not None
        known = await checkout.details(standing.hold.id, standing.parties.receiver)
        return cls(known, await questions_of(standing.hold.service_id, known, here))

    def is_open(self, standing: Checkout) -> bool:
        """True while something that must be known was not answered yet."""
        lacks_address = standing.sold.mode == "home" and not self.known.get("address")
        return lacks_address or any(line.name not in self.known for line in self.questions)


async def questions_of(service_id: int, known: dict[str, str], here: Here) -> list[QuestionLine]:
    """The service's own questions, each with why it is asked and who sees the answer."""
    _ = here.words.gettext
    found = await content.kept(("questions", service_id), lambda: database.rows(_QUESTIONS, service_id))
    return [
        QuestionLine(
            name=f"q{q['id']}",
            wording=q["wording"],
            why=_why(q, here),
            choices=_choices([choice for choice in q["choices"].splitlines() if choice], here),
            is_required=q["is_required"],
            answered=known.get(f"q{q['id']}", ""),
        )
        for q in found
    ]


_QUESTIONS = (
    "SELECT id, wording, why, seen_by, choices, is_required FROM question WHERE service_id = {} ORDER BY position, id"
)


def _choices(answers: list[str], here: Here) -> list[tuple[str, str]]:
    """Marked with their language where they are radios: what stands in a list of options can hold no mark."""
    are_radios = len(answers) <= MOST_RADIOS
    return [(answer, as_written(answer, here.language) if are_radios else answer) for answer in answers]


def _why(question: database.Row, here: Here) -> str:
    said = {"why": question["why"], "who": _inside(question["seen_by"])}
    marked = {name: as_written(text, here.language) for name, text in said.items()}
    return Markup(here.words.gettext("%(why)s Lo vede: %(who)s.")) % marked


def _inside(sentence: str) -> str:
    """Words of the service's owner, to stand after a colon."""
    return (sentence[:1].lower() + sentence[1:]).rstrip(".")


def read_answers(form: Form, questions: list[QuestionLine], *, at_home: bool) -> dict[str, str]:
    """The address where somebody comes home, and each question's answer ('' where it was left open)."""
    answers: dict[str, str] = {}
    if at_home:
        answers["address"] = form.text("indirizzo", longest=200)
        answers["day_phone"] = form.text("telefono_giorno", required=False, longest=30)
    for line in questions:
        if line.choices:
            answers[line.name] = form.choice(line.name, [c[0] for c in line.choices], required=line.is_required)
        else:
            answers[line.name] = form.text(line.name, required=line.is_required, longest=200)
    return answers


def _doors(standing: Checkout, here: Here) -> list[tuple[str, str, str]]:
    _ = here.words.gettext
    back = here.url("for_whom", hold=standing.hold.id)
    doors = [(_("Ho la tessera"), here.url("sign_in", query={"poi": back}), _("Paghi con il tuo credito, se ne hai."))]
    if standing.sold.terms.allows_guest:
        guest = here.url("guest", hold=standing.hold.id)
        doors.append((_("Non ho la tessera"), guest, _("Bastano nome e telefono. Paghi al centro.")))
    doors.append((_("Chiamatemi voi"), here.url("callback"), _("Ti telefoniamo e prenotiamo insieme.")))
    return doors
