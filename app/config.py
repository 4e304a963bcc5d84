"""Settings and secrets: read once, checked once, then never changed."""

import ipaddress
import os
import secrets as random_source
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

ROOT = Path(__file__).resolve().parent.parent
PROCESSES = 2  # on PostgreSQL, where nobody says how many
PUSH_HOSTS = (
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    "*.push.apple.com",
    "*.notify.windows.com",
)


class SettingsError(SystemExit):
    """Ends the program with words for whoever started it, not with a traceback."""


@dataclass(frozen=True)
class Settings:
    host: str
    port: int
    processes: int  # that answer at the same time; on SQLite one
    data: Path  # everything Vicino stores
    database_url: str  # empty: a SQLite file in the data folder
    public_url: str  # without a slash at the end
    trusted_proxies: tuple[str, ...]  # addresses or networks whose X-Forwarded-For is believed
    smtp_host: str  # empty: mail is only written to the console
    smtp_port: int
    smtp_user: str
    smtp_password: str = field(repr=False)
    smtp_tls: str
    smtp_from: str
    sms_gateway: str
    sms_sender: str
    push_hosts: tuple[str, ...]  # "*.example.org" stands for every host below example.org
    push_contact: str
    is_demo: bool
    runs_worker: bool  # in the application's own process; else `vicino worker` runs apart

    @property
    def sqlite_path(self) -> Path:
        return self.data / "vicino.sqlite"

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https://")


@cache
def settings() -> Settings:
    return read(os.environ)


def read(environment: Mapping[str, str]) -> Settings:
    reader = _Reader(environment)
    port = reader.number("PORT", 8000, 1, 65535)
    public_url = reader.public_url(f"http://127.0.0.1:{port}")
    found = Settings(
        host=reader.text("HOST", "127.0.0.1"),
        port=port,
        processes=reader.processes(),
        data=Path(reader.text("VICINO_DATA", str(ROOT / ".vicino"))).expanduser().resolve(),
        database_url=reader.database_url(),
        public_url=public_url,
        trusted_proxies=reader.networks("VICINO_TRUSTED_PROXIES"),
        smtp_host=reader.text("SMTP_HOST", ""),
        smtp_port=reader.number("SMTP_PORT", 587, 1, 65535),
        smtp_user=reader.text("SMTP_USER", ""),
        smtp_password=reader.text("SMTP_PASSWORD", ""),
        smtp_tls=reader.choice("SMTP_TLS", "starttls", ("starttls", "tls", "none")),
        smtp_from=reader.text("SMTP_FROM", "Vicino <vicino@localhost>"),
        sms_gateway=reader.choice("SMS_GATEWAY", "console", ("console",)),
        sms_sender=reader.text("SMS_SENDER", "Vicino"),
        push_hosts=reader.several("VICINO_PUSH_HOSTS", PUSH_HOSTS),
        push_contact=reader.text("VICINO_PUSH_CONTACT", "mailto:vicino@localhost"),
        is_demo=reader.yes_or_no("VICINO_DEMO", default=_is_loopback(public_url)),
        runs_worker=reader.yes_or_no("VICINO_WORKER", default=not reader.text("VICINO_DATABASE_URL", "")),
    )
    if reader.problems:
        raise SettingsError("Vicino cannot start:\n" + "\n".join(f"- {problem}" for problem in reader.problems))
    return found


class _Reader:
    """Reads all settings before complaining, so that one start shows every mistake."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = environment
        self.problems: list[str] = []

    def text(self, name: str, default: str) -> str:
        return self.environment.get(name, "").strip() or default

    def number(self, name: str, default: int, low: int, high: int) -> int:
        given = self.text(name, str(default))
        if given.isascii() and given.isdigit() and low <= int(given) <= high:
            return int(given)
        self.problems.append(f'{name} must be a whole number from {low} to {high}, not "{given}".')
        return default

    def choice(self, name: str, default: str, choices: tuple[str, ...]) -> str:
        given = self.text(name, default).lower()
        if given not in choices:
            self.problems.append(f'{name} must be one of {", ".join(choices)}, not "{given}".')
        return given

    def yes_or_no(self, name: str, *, default: bool) -> bool:
        return self.choice(name, "1" if default else "0", ("0", "1")) == "1"

    def several(self, name: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        given = tuple(part.strip() for part in self.text(name, "").split(",") if part.strip())
        return given or default

    def networks(self, name: str) -> tuple[str, ...]:
        given = self.several(name)
        for network in given:
            try:
                ipaddress.ip_network(network, strict=False)
            except ValueError:
                self.problems.append(
                    f'{name} holds "{network}", which is no address and no network such as 10.0.0.0/8.'
                )
        return given

    def database_url(self) -> str:
        given = self.text("VICINO_DATABASE_URL", "")
        if given and _parts(given).scheme not in ("postgres", "postgresql"):
            self.problems.append("VICINO_DATABASE_URL must start with postgresql:// (leave it out to use SQLite).")
        return given

    def processes(self) -> int:
        """SQLite's writers wait for each other: more processes would only get in each other's way."""
        shares = bool(self.text("VICINO_DATABASE_URL", ""))
        given = self.number("VICINO_PROCESSES", PROCESSES if shares else 1, 1, 64)
        if given > 1 and not shares:
            self.problems.append("VICINO_PROCESSES above 1 needs PostgreSQL: set VICINO_DATABASE_URL, or leave it out.")
        return given

    def public_url(self, default: str) -> str:
        given = self.text("VICINO_PUBLIC_URL", default).rstrip("/")
        parts = _parts(given)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query:
            self.problems.append(f'VICINO_PUBLIC_URL must look like https://vicino.example.org, not "{given}".')
        elif parts.scheme == "http" and not _is_loopback(given):
            self.problems.append(f"VICINO_PUBLIC_URL is {given}: people's data may travel over https only.")
        return given


def _parts(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:  # such as an unfinished IPv6 address
        return SplitResult("", "", "", "", "")


def _is_loopback(url: str) -> bool:
    host = _parts(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


@dataclass(frozen=True, repr=False)
class Secrets:
    pepper: bytes  # for hashes of session tokens, PINs and codes
    blind_index: bytes  # finds an encrypted value again by its HMAC
    identity: tuple[bytes, ...]  # key ring: the first one wraps, all of them unwrap
    vapid: bytes  # P-256 private key, PEM
    ticket: bytes  # P-256 private key, PEM


@cache
def secrets() -> Secrets:
    return Secrets(
        pepper=bytes.fromhex(_secret("pepper", _random_hex)),
        blind_index=bytes.fromhex(_secret("blind_index", _random_hex)),
        identity=tuple(bytes.fromhex(key) for key in _secret("identity", _random_hex).replace(",", " ").split()),
        vapid=_secret("vapid", _p256_key).encode(),
        ticket=_secret("ticket", _p256_key).encode(),
    )


def _secret(name: str, make: Callable[[], str]) -> str:
    variable = f"VICINO_{name.upper()}_KEY"
    if given := os.environ.get(variable, "").strip():
        return given
    path = settings().data / "secrets" / name
    if not path.exists():
        _keep(path, make())
    return path.read_text().strip()


def _keep(path: Path, text: str) -> None:
    """Writes aside, then links: of two processes that start together, the first one's secret counts for both."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, aside = tempfile.mkstemp(dir=path.parent)  # made with mode 0600
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
        os.link(aside, path)
    except FileExistsError:
        pass
    finally:
        Path(aside).unlink()


def _random_hex() -> str:
    return random_source.token_hex(32)


def _p256_key() -> str:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
