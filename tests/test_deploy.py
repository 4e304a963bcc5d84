"""What an adopter copies is tried: units, proxies, container, alarms, and every setting has its line."""

import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest

from app import config
from app.commands.running import WAIT_TO_STOP
from app.edge import gauges

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))


def settings() -> set[str]:
    """Every name that config.py reads."""
    found = set(re.findall(r'reader\.\w+\("([A-Z_]+)"', Path(config.__file__).read_text()))
    return found | {"VICINO_DATABASE_URL", "VICINO_PROCESSES", "VICINO_PUBLIC_URL"} | config._KNOWN_BESIDE


def test_every_setting_has_its_line() -> None:
    told = set(re.findall(r"`([A-Z_]{4,})`", (ROOT / "docs" / "operations.md").read_text()))
    assert settings() <= told
    assert {name for name in told if name.startswith(("VICINO_", "SMTP_", "SMS_"))} <= settings()


def test_the_example_of_an_environment_is_accepted(tmp_path: Path) -> None:
    lines = [line.removeprefix("# ") for line in (DEPLOY / "vicino.env").read_text().splitlines()]
    told = dict(line.split("=", 1) for line in lines if re.match(r"[A-Z_]+=", line))
    assert "VICINO_DATABASE_URL" in told
    chosen = config.read({**told, "VICINO_DATA": str(tmp_path)})
    assert chosen.is_https and chosen.processes == 4 and not chosen.is_demo


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_waits_for_the_answers_and_is_closed(unit: Path) -> None:
    text = unit.read_text()
    if found := re.search(r"TimeoutStopSec=(\d+)", text):
        assert int(found[1]) > WAIT_TO_STOP
    command = re.search(r"python -m app\.cli (\w+)", text)
    assert command and command[1] in ("serve", "worker", "backup")
    if not shutil.which("systemd-analyze"):
        pytest.skip("no systemd here")
    said = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", str(unit)], capture_output=True, text=True
    ).stdout
    exposure = re.search(r"exposure level for \S+: ([\d.]+)", said)
    assert exposure and float(exposure[1]) <= 2.0


@pytest.mark.skipif(not shutil.which("caddy"), reason="no Caddy here")
def test_caddy_reads_its_file() -> None:
    command = ["caddy", "validate", "--adapter", "caddyfile", "--config", str(DEPLOY / "Caddyfile")]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(not shutil.which("nginx"), reason="no nginx here")
def test_nginx_reads_its_file(tmp_path: Path) -> None:
    made = f"-out {tmp_path}/fullchain.pem -keyout {tmp_path}/privkey.pem"
    command = f"openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=v {made}"
    subprocess.run(command.split(), check=True, capture_output=True)
    text = (DEPLOY / "nginx.conf").read_text().replace("/etc/letsencrypt/live/vicino.comune.example", str(tmp_path))
    (tmp_path / "vicino.conf").write_text(text)
    whole = f"pid {tmp_path}/pid; events {{}} http {{ access_log off; include {tmp_path}/vicino.conf; }}"
    (tmp_path / "nginx.conf").write_text(whole)
    done = subprocess.run(
        ["nginx", "-t", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")], capture_output=True, text=True
    )
    assert "syntax is ok" in done.stderr, done.stderr


def test_proxies_do_not_double_what_vicino_sends() -> None:
    for name in ("nginx.conf", "Caddyfile"):
        text = (DEPLOY / name).read_text().casefold()
        ours = ("content-security-policy", "strict-transport", "x-content-type", "referrer-policy", "encode ")
        assert not [header for header in ours if header in text], name


def test_the_container_copies_what_there_is_and_runs_as_nobody() -> None:
    text = (DEPLOY / "Containerfile").read_text()
    sources = re.findall(r"^COPY (?!--from)(\S+) ", text, re.MULTILINE)
    assert sources and all((ROOT / source).exists() for source in sources)
    wanted = {line.removeprefix("!") for line in (ROOT / ".containerignore").read_text().split() if line != "*"}
    assert set(sources) == wanted
    assert re.search(r"^USER vicino$", text, re.MULTILINE) and "--require-hashes" in text


@pytest.mark.parametrize("told_in", ["docs/operations.md", "deploy/Containerfile"])
def test_what_is_installed_is_compiled_once(told_in: str, tmp_path: Path) -> None:
    """Neither unit nor container may write beside the code, so each start would compile it again."""
    command = re.search(r"(?:python|bin/python) (-m compileall [^#&\n]+)", (ROOT / told_in).read_text())
    assert command, told_in
    shutil.copytree(ROOT / "app", tmp_path / "app", ignore=shutil.ignore_patterns("__pycache__"))
    subprocess.run([sys.executable, *command[1].split()], cwd=tmp_path, check=True)
    start = [sys.executable, "-v", "-B", "-c", "import app.cli, app.main"]
    said = subprocess.run(start, cwd=tmp_path, capture_output=True, text=True, check=True, env={"PATH": ""}).stderr
    assert re.search(rf"code object from '{tmp_path}/app/.*\.pyc'", said)
    assert not re.findall(rf"code object from '{tmp_path}/app/.*\.py'", said)


@pytest.mark.anyio
async def test_alarms_ask_for_figures_that_are_given(database: ModuleType) -> None:
    given = {*await gauges.read(datetime.now(UTC)), "vicino_database_up"}
    given |= {"vicino_requests_total", "vicino_request_seconds_bucket"}
    asked = re.findall(r"vicino_\w+", "\n".join(re.findall(r"expr: (.*)", (DEPLOY / "alerts.yml").read_text())))
    assert asked and set(asked) <= given
