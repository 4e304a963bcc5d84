"""Settings and secrets: read once, checked once, then never changed."""

import hashlib
import ipaddress
import os
import secrets as random_source
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from email.utils import parseaddr
from functools import cache
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

ROOT = Path(__file__).resolve().parent.parent
KEY_BYTES = 32
PROCESSES = 2  # on PostgreSQL, where nobody says how many
PUSH_HOSTS = (
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    "*.push.apple.com",
    "*.notify.windows.com",
)
NO_CONTACT = "mailto:vicino@localhost"  # push services refuse it in the long run


class SettingsError(ValueError):
    """Every mistake, each in a line: which setting, what is wrong, how to mend it."""


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
    imap_host: str  # empty: letters that come back are not read
    imap_port: int
    imap_user: str
    imap_password: str = field(repr=False)
    imap_tls: str
    imap_folder: str
    sms_gateway: str
    sms_url: str  # of the service that sends texts: docs/sms.md
    sms_token: str = field(repr=False)
    sms_sender: str
    sms_tells_status: bool  # else a text that was taken counts as sent, and no other channel follows
    push_hosts: tuple[str, ...]  # "*.example.org" stands for every host below example.org
    push_contact: str
    is_demo: bool
    runs_worker: bool  # in the application's own process; else `vicino worker` runs apart
    metrics_port: int  # on this machine only; 0: no figures are given out
    log_level: str
    security_contact: str  # mailto: or https:, for security.txt; empty: there is none

    @property
    def sqlite_path(self) -> Path:
        return self.data / "vicino.sqlite"

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https://")


@cache
def settings() -> Settings:
    """Ends the program with 2 and words for whoever started it, not with a traceback."""
    try:
        return read(os.environ)
    except SettingsError as wrong:
        print(wrong, file=sys.stderr)
        raise SystemExit(2) from None


def read(environment: Mapping[str, str]) -> Settings:
    reader = _Reader(environment)
    port = reader.number("PORT", 8000, 1, 65535)
    public_url = reader.public_url(f"http://127.0.0.1:{port}")
    found = Settings(
        host=reader.text("HOST", "127.0.0.1"),
        port=port,
        processes=reader.processes(),
        data=reader.folder("VICINO_DATA", ROOT / ".vicino"),
        database_url=reader.database_url(),
        public_url=public_url,
        trusted_proxies=reader.networks("VICINO_TRUSTED_PROXIES"),
        smtp_host=reader.text("SMTP_HOST", ""),
        smtp_port=reader.number("SMTP_PORT", 587, 1, 65535),
        smtp_user=reader.text("SMTP_USER", ""),
        smtp_password=reader.text("SMTP_PASSWORD", ""),
        smtp_tls=reader.choice("SMTP_TLS", "starttls", ("starttls", "tls", "none")),
        smtp_from=reader.sender("SMTP_FROM", "Vicino <vicino@localhost>"),
        imap_host=reader.text("IMAP_HOST", ""),
        imap_port=reader.number("IMAP_PORT", 993, 1, 65535),
        imap_user=reader.text("IMAP_USER", reader.text("SMTP_USER", "")),
        imap_password=reader.text("IMAP_PASSWORD", reader.text("SMTP_PASSWORD", "")),
        imap_tls=reader.choice("IMAP_TLS", "tls", ("starttls", "tls", "none")),
        imap_folder=reader.text("IMAP_FOLDER", "INBOX"),
        sms_gateway=reader.choice("SMS_GATEWAY", "console", ("console", "http")),
        sms_url=reader.sms_url("SMS_URL"),
        sms_token=reader.text("SMS_TOKEN", ""),
        sms_sender=reader.text("SMS_SENDER", "Vicino"),
        sms_tells_status=reader.yes_or_no("SMS_STATUS", default=True),
        push_hosts=reader.several("VICINO_PUSH_HOSTS", PUSH_HOSTS),
        push_contact=reader.contact("VICINO_PUSH_CONTACT", NO_CONTACT),
        is_demo=reader.yes_or_no("VICINO_DEMO", default=_is_loopback(public_url)),
        runs_worker=reader.yes_or_no("VICINO_WORKER", default=not reader.text("VICINO_DATABASE_URL", "")),
        metrics_port=reader.number("VICINO_METRICS_PORT", 0, 0, 65535),
        log_level=reader.choice("VICINO_LOG_LEVEL", "info", ("debug", "info", "warning", "error")),
        security_contact=reader.contact("VICINO_SECURITY_CONTACT", ""),
    )
    reader.look_for_typing_errors()
    if reader.problems:
        raise SettingsError("Vicino cannot start:\n" + "\n".join(f"- {problem}" for problem in reader.problems))
    return found


SECRETS = ("pepper", "blind_index", "identity", "vapid", "ticket")
_KNOWN_BESIDE = {f"VICINO_{name.upper()}_KEY" for name in SECRETS}


class _Reader:
    """Reads all settings before complaining, so that one start shows every mistake."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = environment
        self.problems: list[str] = []
        self.known = set(_KNOWN_BESIDE)

    def text(self, name: str, default: str) -> str:
        self.known.add(name)
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

    def folder(self, name: str, default: Path) -> Path:
        found = Path(self.text(name, str(default))).expanduser().resolve()
        there = next(folder for folder in (found, *found.parents) if folder.exists())
        if not there.is_dir():
            self.problems.append(f"{name} is {found}, but {there} is a file: name a folder.")
        elif not os.access(there, os.W_OK):
            self.problems.append(
                f"{name} is {found}, but nothing may be written in {there}: give it to whoever runs me."
            )
        return found

    def sender(self, name: str, default: str) -> str:
        given = self.text(name, default)
        if "@" not in parseaddr(given)[1] or not given.isprintable():
            self.problems.append(f'{name} must look like Vicino <vicino@example.org>, not "{given}".')
        return given

    def contact(self, name: str, default: str) -> str:
        """Where people write to: a bare address of mail is meant as one."""
        given = self.text(name, default)
        if "@" in given and ":" not in given:
            given = f"mailto:{given}"
        parts = _parts(given)
        if (
            given
            and not (parts.scheme == "https" and parts.hostname)
            and not (parts.scheme == "mailto" and "@" in parts.path)
        ):
            self.problems.append(f'{name} must look like mailto:help@example.org or https://..., not "{given}".')
        return given

    def look_for_typing_errors(self) -> None:
        """A setting nobody reads would be believed to hold."""
        for name in sorted(self.environment):
            if name.startswith("VICINO_") and name not in self.known and not name.startswith("VICINO_TEST_"):
                near = get_close_matches(name, self.known, 1)
                mend = f"did you mean {near[0]}?" if near else "docs/operations.md lists what there is."
                self.problems.append(f"{name} is no setting: {mend}")

    def yes_or_no(self, name: str, *, default: bool) -> bool:
        return self.choice(name, "1" if default else "0", ("0", "1")) == "1"

    def several(self, name: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        given = tuple(part.strip() for part in self.text(name, "").split(",") if part.strip())
        return given or default

    def sms_url(self, name: str) -> str:
        given, parts = self.text(name, ""), _parts(self.text(name, ""))
        is_safe = (parts.scheme == "https" and parts.hostname) or (parts.scheme == "http" and _is_loopback(given))
        if self.text("SMS_GATEWAY", "console").lower() == "http" and not (is_safe and self.text("SMS_TOKEN", "")):
            self.problems.append(f'SMS_GATEWAY http needs SMS_URL, an https address and not "{given}", and SMS_TOKEN.')
        return given

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
        host = self.text("HOST", "127.0.0.1")
        if given == default and not _is_loopback(f"http://{host}"):
            self.problems.append(
                f"HOST {host} opens Vicino to the network: say in VICINO_PUBLIC_URL which https address people use."
            )
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
    ticket: bytes  # for the signs that devices check on tickets


@cache
def secrets() -> Secrets:
    return Secrets(
        pepper=_ring("pepper")[0],
        blind_index=_ring("blind_index")[0],
        identity=_ring("identity"),
        vapid=_secret("vapid", _p256_key).encode(),
        ticket=hashlib.sha256(_secret("ticket", _random_hex).encode()).digest(),
    )


def _ring(name: str) -> tuple[bytes, ...]:
    """Ends the program where one is too weak or spoilt: with a wrong key nothing could be read any more."""
    try:
        keys = tuple(bytes.fromhex(key) for key in _secret(name, _random_hex).replace(",", " ").split())
    except ValueError:
        keys = ()
    if not keys or any(len(key) != KEY_BYTES for key in keys):
        print(
            f"The secret {name} must be {KEY_BYTES * 2} digits 0-9 a-f. It stands in VICINO_{name.upper()}_KEY or in "
            f"{secret_path(name)}: put back the one you keep apart.",
            file=sys.stderr,
        )
        raise SystemExit(2)
    return keys


def _secret(name: str, make: Callable[[], str]) -> str:
    if given := kept(name):
        return given
    path = secret_path(name)
    _keep(path, make())
    return path.read_text().strip()


def kept(name: str) -> str:
    """The secret as it stands in the environment or its file, '' where there is none yet."""
    path = secret_path(name)
    given = os.environ.get(f"VICINO_{name.upper()}_KEY", "").strip()
    return given or (path.read_text().strip() if path.exists() else "")


def secret_path(name: str) -> Path:
    return settings().data / "secrets" / name


def _keep(path: Path, text: str) -> None:
    """Writes aside, then links: of two processes that start together, the first one's secret counts for both."""
    path.parent.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.parent.mkdir(mode=0o700, exist_ok=True)
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
