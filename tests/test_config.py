"""Settings are refused in plain words, all at once; secrets are made once and kept closed."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from app import config
from app.config import SettingsError, read


def test_nothing_given_is_a_safe_start() -> None:
    found = read({})
    assert (found.host, found.port, found.database_url, found.trusted_proxies) == ("127.0.0.1", 8000, "", ())
    assert found.public_url == "http://127.0.0.1:8000"
    assert found.is_demo
    assert not found.is_https


def test_a_public_address_is_no_demo_unless_said() -> None:
    assert not read({"VICINO_PUBLIC_URL": "https://vicino.example.org/"}).is_demo
    assert read({"VICINO_PUBLIC_URL": "https://vicino.example.org", "VICINO_DEMO": "1"}).is_demo


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "70000"),
        ("VICINO_PUBLIC_URL", "http://vicino.example.org"),
        ("VICINO_PUBLIC_URL", "http://192.168.1.4:8000"),
        ("VICINO_PUBLIC_URL", "vicino.example.org"),
        ("VICINO_PUBLIC_URL", "https://vicino.example.org/path"),
        ("VICINO_PUBLIC_URL", "https://["),
        ("VICINO_DATABASE_URL", "mysql://localhost/vicino"),
        ("VICINO_TRUSTED_PROXIES", "proxy"),
        ("VICINO_DEMO", "maybe"),
        ("SMTP_TLS", "perhaps"),
        ("SMTP_FROM", "nobody"),
        ("SMTP_FROM", "Vicino <a@b.example>\nBcc: everybody"),
        ("VICINO_DATA", "/dev/null"),
        ("VICINO_DATA", "/dev/null/below"),
        ("VICINO_PROCESSES", "4"),
        ("VICINO_METRICS_PORT", "70000"),
        ("VICINO_LOG_LEVEL", "loud"),
        ("VICINO_PUSH_CONTACT", "call me"),
        ("VICINO_SECURITY_CONTACT", "http://vicino.example"),
        ("HOST", "0.0.0.0"),
        ("VICINO_PUBLC_URL", "https://vicino.example"),
        ("VICINO_TRUSTEDPROXIES", "10.0.0.1"),
    ],
)
def test_a_mistake_names_its_setting(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        read({name: value})


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(SettingsError, match=r"(?s)PORT.*SMTP_PORT"):
        read({"PORT": "x", "SMTP_PORT": "y"})


def test_a_name_with_a_typing_error_is_told_as_it_was_meant() -> None:
    with pytest.raises(SettingsError, match="VICINO_PUBLC_URL is no setting: did you mean VICINO_PUBLIC_URL"):
        read({"VICINO_PUBLC_URL": "https://vicino.example"})
    read({"VICINO_PEPPER_KEY": "ab" * 32, "VICINO_TEST_ENGINE": "sqlite", "PATH": "/bin"})


def test_a_bare_address_is_one_of_mail() -> None:
    assert read({"VICINO_PUSH_CONTACT": "vicino@comune.example"}).push_contact == "mailto:vicino@comune.example"


def test_a_start_with_mistakes_ends_with_two_and_all_of_them(tmp_path: Path) -> None:
    wrong = {"PORT": "x", "SMTP_PORT": "y", "VICINO_DATA": str(tmp_path)}
    ended = subprocess.run(
        [sys.executable, "-m", "app.cli", "serve"], env={**os.environ, **wrong}, capture_output=True, text=True
    )
    assert ended.returncode == 2
    lines = ended.stderr.splitlines()
    assert lines[0] == "Vicino cannot start:" and len(lines) == 3 and "SMTP_PORT" in lines[2]


@pytest.mark.parametrize("weak", ["abc", "ab" * 16, "z" * 64, "ab" * 32 + ", 12"])
def test_a_weak_or_spoilt_secret_ends_with_two(weak: str, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = data / "secrets" / "identity"
    kept.parent.mkdir()
    kept.write_text(weak)
    with pytest.raises(SystemExit) as ended:
        config.secrets.__wrapped__()
    said = capsys.readouterr().err
    assert ended.value.code == 2 and str(kept) in said and "VICINO_IDENTITY_KEY" in said
    assert weak not in said and kept.read_text() == weak


def test_a_password_is_not_shown() -> None:
    assert "hidden" not in repr(read({"SMTP_PASSWORD": "hidden"}))


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    chosen = read({"VICINO_DATA": str(tmp_path)})
    monkeypatch.setattr(config, "settings", lambda: chosen)
    return tmp_path


def test_secrets_are_made_once_and_kept_closed(data: Path) -> None:
    first = config.secrets.__wrapped__()
    assert config.secrets.__wrapped__() == first
    assert len({first.pepper, first.blind_index, first.identity[0], first.vapid, first.ticket}) == 5
    kept = list((data / "secrets").iterdir())
    assert len(kept) == 5
    assert {stat.S_IMODE(path.stat().st_mode) for path in kept} == {0o600}
    assert stat.S_IMODE((data / "secrets").stat().st_mode) == 0o700
    assert first.pepper.hex() not in repr(first)


def test_the_first_of_two_processes_wins(data: Path) -> None:
    path = data / "secrets" / "pepper"
    config._keep(path, "first")
    config._keep(path, "second")
    assert path.read_text() == "first"
    assert len(list(path.parent.iterdir())) == 1


def test_the_environment_may_hold_secrets_and_old_identity_keys(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VICINO_IDENTITY_KEY", f"{'aa' * 32}, {'bb' * 32}")
    assert config.secrets.__wrapped__().identity == (b"\xaa" * 32, b"\xbb" * 32)
    assert not (data / "secrets" / "identity").exists()
