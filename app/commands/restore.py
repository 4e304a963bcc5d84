"""vicino restore: a backup back in its place, then everything recomputed."""

import json
from pathlib import Path

from app import database
from app.commands.base import Arguments, Commands, Mistake, command, in_database
from app.config import SECRETS, kept, secret_path
from app.domain import clock, manifest, verify
from app.domain.actor import SYSTEM
from app.gateways import dump


def add(commands: Commands) -> None:
    made = command(commands, "restore", "put a backup in the place of the database, then verify everything", restore)
    made.add_argument("folder", type=Path, help="one backup: vicino-...Z; with --secrets the file of the secrets")
    made.add_argument("--force", action="store_true", help="although there is something already")
    made.add_argument("--secrets", action="store_true", help="put back the secrets instead")


def restore(arguments: Arguments) -> None:
    if arguments.secrets:
        _put_back_secrets(arguments.folder, is_forced=arguments.force)
        return
    try:
        told = manifest.read(arguments.folder)
    except ValueError as error:
        raise Mistake(str(error)) from error
    known = [file.stem for file in database.MIGRATIONS.glob("[0-9]*.sql")]
    if wrong := manifest.problems(told, arguments.folder, engine=database.DB.engine_type, known=known):
        raise Mistake("\n".join(wrong))
    _put_back(arguments.folder / told.file, is_forced=arguments.force)
    in_database(lambda: _check(told))


def _put_back(file: Path, *, is_forced: bool) -> None:
    try:
        if not is_forced and not dump.is_empty():
            raise Mistake("There is a database already: --force puts the backup in its place.")
        before = dump.put_back(file, aside=f"before-{clock.now():%Y%m%dT%H%M%SZ}")
    except dump.DumpError as error:
        raise Mistake(f"Nothing was changed. {error}") from error
    print(f"{file} is in place." + (f" What was there before: {before}" if before else ""))


async def _check(told: manifest.Manifest) -> None:
    findings = await verify.check(actor=SYSTEM, now=clock.now())
    findings += await verify.against(told.heads)
    count = await database.scalar("SELECT COUNT(*) FROM transfer")
    if count != told.transfers:
        findings.append(f"{count} transfers of {told.transfers}")
    for line in [f"Of {told.made_at}: {count} transfers.", *await verify.seen(), *findings]:
        print(line)
    if foreign := manifest.strangers(told.secrets):
        print(f"Not the secrets of this copy: {', '.join(foreign)}. Put them back: `vicino restore --secrets FILE`.")
    if findings:
        raise SystemExit(1)
    print("All is right.")


def _put_back_secrets(file: Path, *, is_forced: bool) -> None:
    try:
        told = json.loads(file.read_text())
    except (OSError, ValueError) as error:
        raise Mistake(f"{file} cannot be read: {error}") from error
    if not isinstance(told, dict) or not told or set(told) - set(SECRETS):
        raise Mistake(f"{file} is no copy of the secrets.")
    others = [name for name in told if kept(name) not in ("", told[name])]
    if others and not is_forced:
        raise Mistake(f"Other secrets are in use here: {', '.join(others)}. --force puts these in their place.")
    for name, secret in told.items():
        _write_secret(secret_path(name), secret)
    print(f"{len(told)} secrets are in place: {secret_path('pepper').parent}")


def _write_secret(path: Path, secret: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(secret)
