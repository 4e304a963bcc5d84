"""Arrivi con il codice: the page that a device at the door keeps for where there is no line.

Its worker fills in the day's list and says what happens with the words of `door/_parts.html` (`desk_worker/`); without
one the page takes a code and asks the server.
"""

from dataclasses import dataclass
from typing import ClassVar, Self

from app.domain import desk
from app.edge.form import Form
from app.edge.here import Here
from app.views import Kind, Page
from app.views.desk import menu


@dataclass(frozen=True)
class DoorPage(Page):
    """`done` is what the last press did; nobody is named on the page that a device keeps."""

    template: ClassVar[str] = "door/show.html"
    kind: ClassVar[Kind] = "form"
    menu: list[tuple[str, str]]
    done: str
    form: Form

    @classmethod
    async def load(cls, here: Here, form: Form, done: str = "") -> Self:
        within = await desk.scope(here.actor, here.place.id)
        return cls(title=here.words.gettext("Arrivi con il codice"), menu=menu(here, within), done=done, form=form)
