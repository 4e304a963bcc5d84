"""What a service gives to read: the list, and each text whole on its own page, which a phone keeps once it was seen."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import ClassVar, Self

from babel.numbers import format_decimal

from app.domain import material
from app.domain.errors import NotFound
from app.domain.material import FileFacts, MaterialFacts, Offering
from app.edge.here import Here
from app.views import Kind, Page

KILO = 1000  # bytes


@dataclass(frozen=True)
class Line:
    title: str
    address: str
    kind: str


@dataclass(frozen=True)
class Block:
    """`kind`: heading, items or paragraph; of items each line is one."""

    kind: str
    lines: list[str]


@dataclass(frozen=True)
class File:
    name: str
    address: str
    size: str


@dataclass(frozen=True)
class MaterialsPage(Page):
    template: ClassVar[str] = "material/index.html"
    kind: ClassVar[Kind] = "public"
    service: Offering
    lines: list[Line]

    @classmethod
    async def load(cls, here: Here, slug: str) -> Self:
        service = await material.offering(here.place, slug, here.language)
        found = await material.of_service(service.id)
        return cls(here.words.gettext("Materiali da leggere"), service, [_line(one, slug, here) for one in found])


@dataclass(frozen=True)
class MaterialPage(Page):
    template: ClassVar[str] = "material/show.html"
    kind: ClassVar[Kind] = "public"
    service: Offering
    what: str
    blocks: list[Block]
    files: list[File]

    @classmethod
    async def load(cls, here: Here, slug: str, sheet: str) -> Self:
        service = await material.offering(here.place, slug, here.language)
        one = next((one for one in await material.of_service(service.id) if one.slug == sheet), None)
        if one is None:
            raise NotFound()
        found = await material.files(one.id) if one.files else []
        return cls(
            title=one.title,
            service=service,
            what=kinds(here)[one.kind],
            blocks=list(blocks(await material.text(one.id))),
            files=[_file(file, slug, sheet, here) for file in found],
        )


def kinds(here: Here) -> dict[material.Kind, str]:
    _ = here.words.gettext
    return {"guide": _("Guida"), "exercise": _("Esercizi"), "checklist": _("Lista"), "story": _("Storia")}


def blocks(text: str) -> Iterator[Block]:
    """Paragraphs, headings and lists, as the signs at the beginning of a line say."""
    for piece in text.split("\n\n"):
        for kind, lines in groupby((line.strip() for line in piece.split("\n") if line.strip()), _kind):
            said = [line.removeprefix("# ").removeprefix("- ") for line in lines]
            yield Block(kind, said if kind == "items" else [" ".join(said)])


def _kind(line: str) -> str:
    if line.startswith("# "):
        return "heading"
    return "items" if line.startswith("- ") else "paragraph"


def size_in_words(size: int, language: str) -> str:
    """Of a download, as phones count it: '1 KB' at least, '2,4 MB'."""
    if size < KILO * KILO:
        return f"{max(1, round(size / KILO))} KB"
    return f"{format_decimal(size / KILO / KILO, '#,##0.0', locale=language)} MB"


def _line(one: MaterialFacts, slug: str, here: Here) -> Line:
    files = here.words.ngettext("%(num)s file", "%(num)s file", one.files) if one.files else ""
    kind = kinds(here)[one.kind]
    return Line(one.title, here.url("material", slug=slug, sheet=one.slug), f"{kind} · {files}" if files else kind)


def _file(file: FileFacts, slug: str, sheet: str, here: Here) -> File:
    address = here.url("material_file", slug=slug, sheet=sheet, file=file.name)
    return File(file.name, address, size_in_words(file.size, here.language))
