"""bin/prove NAME: runs a proof of tests/proofs on each engine, or with --control against servers that have a defect.

Ends with 1 when a bound was missed or the pressure was too little; with --control when a defect was not noticed.
"""

import argparse
import asyncio
import importlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import uvloop

ROOT = Path(__file__).parent.parent.parent
PROOFS = ROOT / "tests" / "proofs"
CONTROLS = ROOT / "tests" / "controls"
MISSED = 3  # how a run inside ends; a proof that breaks ends otherwise


def main() -> None:
    arguments = _arguments()
    if arguments.server:
        sys.exit(_inside(arguments))
    known = _proof(arguments.name).ENGINES
    engines = arguments.engine or known
    if others := set(engines) - set(known):
        sys.exit(f"{arguments.name} is proven on {', '.join(known)}; it asks nothing of {', '.join(sorted(others))}")
    tried = _noticed if arguments.control else _proven
    sys.exit(max(tried(arguments, engine) for engine in engines))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/prove", description="The proofs: " + ", ".join(names()))
    parser.add_argument("name", choices=names(), metavar="NAME")
    parser.add_argument("--size", type=int, default=0, help="smaller than the whole; proves nothing but shows a lot")
    parser.add_argument("--engine", action="append", choices=("sqlite", "postgres"))
    parser.add_argument("--control", action="store_true", help="against servers with a defect, which must be noticed")
    parser.add_argument("--seed", type=int, default=0, help="what chance did in another run, where a proof tells it")
    parser.add_argument("--server", help=argparse.SUPPRESS)
    return parser.parse_args()


def names() -> list[str]:
    """A proof is a module of tests/proofs with `prove`, and `fill` if it needs others than tests/people.py's."""
    return sorted(file.stem.replace("_", "-") for file in PROOFS.glob("[a-z]*.py") if not file.stem.startswith("test_"))


def controls(name: str) -> list[str]:
    """The modules that start the real server with one function replaced."""
    folder = name.replace("-", "_")
    return sorted(f"tests.controls.{folder}.{file.stem}" for file in (CONTROLS / folder).glob("[a-z]*.py"))


def _proven(arguments: argparse.Namespace, engine: str) -> int:
    return 1 if _on(engine, "app.cli") else 0


def _noticed(arguments: argparse.Namespace, engine: str) -> int:
    """0 when each defect made the proof miss a bound; a proof that merely broke has noticed nothing."""
    was_missed = {server: _on(engine, server) == MISSED for server in controls(arguments.name)}
    for server, missed in was_missed.items():
        print(f"{server} on {engine}: {'noticed' if missed else 'NOT NOTICED'}", flush=True)
    return 0 if was_missed and all(was_missed.values()) else 1


def _on(engine: str, server: str) -> int:
    """In a process of its own, as an engine is chosen once; PostgreSQL as an installation sets it up."""
    command = [sys.executable, "-m", "tests.proving", *sys.argv[1:], "--server", server]
    environment = {n: v for n, v in os.environ.items() if not n.startswith(("VICINO_", "SMTP_", "PORT", "HOST"))}
    environment["VICINO_TEST_ENGINE"] = engine
    if engine == "postgres":
        command = [str(ROOT / "bin" / "with-postgres"), *command]
        environment["VICINO_TEST_DURABLE"] = "1"
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def _inside(arguments: argparse.Namespace) -> int:
    """Prints the figures; the environment is told before anything of the application is imported."""
    folder, engine = Path(tempfile.mkdtemp(prefix="vicino-proof-")), os.environ["VICINO_TEST_ENGINE"]
    os.environ["VICINO_DATA"] = str(folder)
    os.environ["VICINO_DATABASE_URL"] = os.environ["VICINO_TEST_POSTGRES"] if engine == "postgres" else ""
    proof = _proof(arguments.name)
    size = arguments.size or (proof.SMALL if arguments.control else proof.FULL)
    print(f"{arguments.name} on {engine}, {arguments.server}: {size} of {proof.FULL} {proof.UNIT}", flush=True)
    began = time.monotonic()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:  # presses harder than asyncio's own
        figures = runner.run(_prove(proof, folder, size, arguments))
    for figure in figures:
        print(figure.line(is_full=size >= proof.FULL))
    print(f"seconds: {time.monotonic() - began:.0f}", flush=True)
    missed = [figure.name for figure in figures if not figure.is_kept]
    if missed:
        print(f"What the server said is in {folder}", flush=True)
    else:
        shutil.rmtree(folder)
    by = _by(arguments.server)
    return MISSED if (by in missed if by else missed) else 0


def _by(server: str) -> str:
    """The figure that a control is about: missing another one is no notice. '' where any will do."""
    return str(getattr(importlib.import_module(server), "NOTICED_BY", ""))


def _proof(name: str) -> ModuleType:
    return importlib.import_module(f"tests.proofs.{name.replace('-', '_')}")


async def _prove(proof: ModuleType, folder: Path, size: int, chosen: argparse.Namespace) -> list[Any]:
    from app import database
    from tests import people
    from tests.proving.figures import Trial

    await database.start()
    try:
        await database.migrate()
        fill = getattr(proof, "fill", people.fill)
        trial = Trial(await fill(), size, folder, size >= proof.FULL, chosen.server, chosen.seed)
        return list(await proof.prove(trial))
    finally:
        await database.stop()


if __name__ == "__main__":
    main()
