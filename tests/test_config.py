"""Settings are refused in plain words, all at once; secrets are made once and kept closed."""

import stat
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
    ],
)
def test_a_mistake_names_its_setting(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        read({name: value})


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(SettingsError, match=r"(?s)PORT.*SMTP_PORT"):
        read({"PORT": "x", "SMTP_PORT": "y"})


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
