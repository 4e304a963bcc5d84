"""vicino backup: one folder a backup; the secrets apart, because whoever has both can read everything."""

import json
import os
import shutil
from datetime import datetime
from pathlib import Path

from app import database
from app.commands.base import Arguments, Commands, Mistake, command, in_database
from app.config import SECRETS, kept
from app.domain import clock, condition, manifest, seal
from app.domain.actor import SYSTEM
from app.gateways import dump

PREFIX = "vicino-"


def add(commands: Commands) -> None:
    made = command(commands, "backup", "copy the database into a new folder, while everybody goes on working", backup)
    made.add_argument("folder", type=Path, help="where backups stand; with --secrets the file to write")
    made.add_argument("--keep", type=int, metavar="N", default=0, help="delete all but the newest N")
    made.add_argument("--secrets", action="store_true", help="copy the secrets instead: keep them somewhere else")


def backup(arguments: Arguments) -> None:
    if arguments.secrets:
        _keep_secrets(arguments.folder)
        return

    if dump.is_empty():
        raise Mistake("There is no database to copy: is VICINO_DATA or VICINO_DATABASE_URL what `serve` is told?")

    async def run() -> None:
        told = await make(arguments.folder, now=clock.now())
        await condition.note_backup(actor=SYSTEM, now=clock.now())
        print(f"{told}\nThe secrets are not in it: `vicino backup --secrets FILE`, to another place.")

    in_database(run, migrates=False)
    if arguments.keep:
        _delete_old(arguments.folder, arguments.keep)


async def make(where: Path, *, now: datetime) -> str:
    """What was written, in a sentence. A folder without its last name is a backup that was cut off."""
    await seal.seal_all(now)
    folder = where / f"{PREFIX}{now:%Y%m%dT%H%M%SZ}"
    coming = folder.with_name(f"{folder.name}.coming")
    coming.mkdir(mode=0o700, parents=True)
    try:
        made = await _copy(coming, now)
        coming.rename(folder)
        dump.to_disk(where)
    except (dump.DumpError, OSError) as error:
        shutil.rmtree(coming, ignore_errors=True)
        raise Mistake(f"No backup was made. {error}") from error
    return f"{folder}: {made.transfers} transfers, {made.bytes} bytes, last seal {seal.short(made.heads['transfer'])}"


async def _copy(folder: Path, now: datetime) -> manifest.Manifest:
    async with dump.copied(folder) as ask:
        schema = [row["name"] for row in await ask("SELECT name FROM schema_version ORDER BY name")]
        transfers = (await ask("SELECT COUNT(*) AS n FROM transfer"))[0]["n"]
        heads = await ask("SELECT chain, head FROM seal WHERE id IN (SELECT MAX(id) FROM seal GROUP BY chain)")
    file = folder / dump.FILES[database.DB.engine_type]
    file.chmod(0o600)
    dump.to_disk(file)
    made = manifest.Manifest(
        made_at=f"{now:%Y-%m-%dT%H:%M:%SZ}",
        engine=database.DB.engine_type,
        schema=schema,
        file=file.name,
        bytes=file.stat().st_size,
        sha256=manifest.checksum(file),
        transfers=transfers,
        heads=dict.fromkeys(seal.CHAINS, "") | {row["chain"]: row["head"] for row in heads},
        secrets=manifest.marks(),
    )
    made.write(folder)
    dump.to_disk(folder / manifest.NAME)
    return made


def _delete_old(where: Path, most: int) -> None:
    made = sorted(path for path in where.glob(f"{PREFIX}*Z") if (path / manifest.NAME).is_file())
    for old in made[:-most]:
        shutil.rmtree(old)
        print(f"Deleted: {old}")


def _keep_secrets(file: Path) -> None:
    if list(file.parent.glob(f"{PREFIX}*")) or (file.parent / manifest.NAME).exists():
        raise Mistake(f"{file.parent} holds backups of the database: keep the secrets somewhere else.")
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
            json.dump({name: secret for name in SECRETS if (secret := kept(name))}, opened, indent=2)
    except OSError as error:
        raise Mistake(f"{file} cannot be written: {error.strerror}.") from error
    print(f"{file}: whoever has it and a backup can read everything. Keep it where only two people can go.")
