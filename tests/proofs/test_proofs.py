"""Each proof at its small size, for what is counted; bin/prove runs the whole, with how hard and how fast."""

import importlib
from pathlib import Path

import pytest

from app import database
from tests.conftest import ENGINE
from tests.copies import Copies
from tests.people import Cast
from tests.proving.__main__ import names
from tests.proving.figures import Trial

pytestmark = [pytest.mark.anyio, pytest.mark.slow, pytest.mark.timeout(300)]
NEED_THE_MACHINE = {
    "double-spend",
    "kill",
    "overload",
    "reminders",
}  # they press until it is full: here only their counts hold

IN_A_BROWSER = {
    "old-browsers",
    "outbox",
    "shared-phone",
}  # tests/browser asks the same, one at a time; old ones are big


@pytest.mark.parametrize("name", sorted(set(names()) - IN_A_BROWSER))
async def test_a_small_proof_holds(
    copies: Copies, migrated: str, with_cast: tuple[str, Cast], name: str, tmp_path: Path
) -> None:
    proof = importlib.import_module(f"tests.proofs.{name.replace('-', '_')}")
    if ENGINE not in proof.ENGINES:
        pytest.skip("not about this engine")
    template, cast = with_cast
    fill = getattr(proof, "fill", None)
    async with copies.fresh(migrated if fill else template):
        await database.start()
        try:
            figures = await proof.prove(Trial(await fill() if fill else cast, proof.SMALL, tmp_path))
        finally:
            await database.stop()
    bound = [figure for figure in figures if figure.is_exact or name not in NEED_THE_MACHINE]
    missed = [figure.line(is_full=False) for figure in bound if not figure.is_kept]
    assert not missed, "\n".join(missed)
