"""The tools of PostgreSQL are told where to go without saying the password aloud; without them it is said in words."""

import subprocess
from typing import Any

import pytest

from app import config
from app.gateways import dump

URL = "postgresql://vicino:se%40cret%2F@db.example:5433/vicino?sslmode=verify-full"


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = config.read({"VICINO_DATABASE_URL": URL})
    monkeypatch.setattr(dump, "settings", lambda: chosen)


def test_a_password_is_no_argument(elsewhere: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Arguments are seen by everybody on the machine."""
    asked: list[tuple[list[str], dict[str, str]]] = []

    def run(command: list[str], env: dict[str, str], **_: Any) -> subprocess.CompletedProcess[str]:
        asked.append((command, env))
        return subprocess.CompletedProcess(command, 0, "1\n", "")

    monkeypatch.setattr(dump, "_tool", lambda name: name)
    monkeypatch.setattr(subprocess, "run", run)
    assert dump._psql("SELECT 1") == "1"
    command, environment = asked[0]
    assert command[-1] == "--dbname=postgresql://vicino@db.example:5433/vicino?sslmode=verify-full"
    assert not [part for part in command if "cret" in part]
    assert environment["PGPASSWORD"] == "se@cret/"


def test_missing_tools_are_named(elsewhere: None) -> None:
    with pytest.raises(dump.DumpError, match="pg_nothing is missing: install PostgreSQL's client tools"):
        dump._run("pg_nothing")
