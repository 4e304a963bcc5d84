"""Each proof at its small size, for what is counted; bin/prove runs the whole, with how hard and how fast."""

import importlib
from pathlib import Path
from types import ModuleType

import pytest

from tests.people import Cast
from tests.proving.__main__ import names
from tests.proving.figures import Trial

pytestmark = [pytest.mark.anyio, pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.mark.parametrize("name", names())
async def test_a_small_proof_holds(database: ModuleType, cast: Cast, name: str, tmp_path: Path) -> None:
    proof = importlib.import_module(f"tests.proofs.{name.replace('-', '_')}")
    if database.DB.engine_type not in proof.ENGINES:
        pytest.skip("not about this engine")
    figures = await proof.prove(Trial(cast, proof.SMALL, tmp_path))
    missed = [figure.line(is_full=False) for figure in figures if figure.is_exact and not figure.is_kept]
    assert not missed, "\n".join(missed)
