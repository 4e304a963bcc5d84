"""A copy of the whole database in one file, of one moment, while everybody goes on writing; and back.

SQLite writes it itself, without the free pages in which erased rows still stand; PostgreSQL by its own tools.
"""

import asyncio
import os
import shutil
import sqlite3
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path
from urllib.parse import unquote, urlsplit

from app import database
from app.config import settings

FILES = {"sqlite": "database.sqlite", "postgres": "database.dump"}
Ask = Callable[[str], Awaitable[list[database.Row]]]


class DumpError(Exception):
    """A sentence for whoever makes or restores a backup."""


@asynccontextmanager
async def copied(folder: Path) -> AsyncIterator[Ask]:
    """Writes the copy into `folder`; what is asked inside is answered as of the copy's moment."""
    file = folder / FILES[database.DB.engine_type]
    if database.DB.engine_type == "sqlite":
        await asyncio.to_thread(_vacuum, file)
        with closing(sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True)) as copy:
            yield lambda sql: asyncio.sleep(0, _rows(copy, sql))
    else:
        async with database.snapshot(is_long=True):
            await database.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            moment = await database.scalar("SELECT pg_export_snapshot()")
            wanted = ("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={moment}", f"--file={file}")
            await asyncio.to_thread(_run, "pg_dump", *wanted)
            yield database.rows


def _vacuum(file: Path) -> None:
    with closing(sqlite3.connect(settings().sqlite_path, isolation_level=None, timeout=30)) as source:
        source.execute("VACUUM INTO ?", (str(file),))


def _rows(copy: sqlite3.Connection, sql: str) -> list[database.Row]:
    cursor = copy.execute(sql)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]


def is_empty() -> bool:
    """Whether nothing would be lost."""
    if database.DB.engine_type == "sqlite":
        return not settings().sqlite_path.exists() or settings().sqlite_path.stat().st_size == 0
    return not _psql("SELECT 1 FROM pg_tables WHERE schemaname = 'public' LIMIT 1")


def put_back(file: Path, *, aside: str) -> Path | None:
    """In place of what is there. SQLite keeps that beside, ending in `aside`: where it now stands."""
    if database.DB.engine_type == "sqlite":
        return _swap(file, settings().sqlite_path, aside)
    _alone_on_postgres()
    _load(file)
    return None


def _swap(file: Path, target: Path, aside: str) -> Path | None:
    target.parent.mkdir(parents=True, exist_ok=True)
    before = target.with_name(f"{target.name}.{aside}") if target.exists() else None
    if before:
        _alone_on_sqlite(target)
        target.rename(before)
    coming = target.with_name(f"{target.name}.coming")
    shutil.copyfile(file, coming)
    coming.chmod(0o600)
    to_disk(coming)
    coming.rename(target)
    to_disk(target.parent)
    return before


def _alone_on_sqlite(target: Path) -> None:
    """Everybody who has the file open shares a lock on it; asking for all of it brings its log home too."""
    try:
        with closing(sqlite3.connect(target, isolation_level=None, timeout=2)) as alone:
            alone.execute("PRAGMA locking_mode = EXCLUSIVE")
            alone.execute("BEGIN IMMEDIATE")
            alone.execute("COMMIT")
            alone.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError as error:
        raise DumpError("Vicino is still running on this database: stop serve and worker first.") from error
    except sqlite3.DatabaseError:
        return  # what is spoilt beyond opening is kept aside as it is


def _alone_on_postgres() -> None:
    others = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() LIMIT 1"
    if _psql(others):
        raise DumpError("Others are connected to this database: stop serve and worker on every machine first.")


def _load(file: Path) -> None:
    """One transaction: whatever fails, what was there before is still there."""
    begin = "DROP SCHEMA public CASCADE; CREATE SCHEMA public;"
    script = _run("pg_restore", "--no-owner", "--no-privileges", "--file=-", str(file), connects=False)
    script = script.replace("CREATE SCHEMA public;", "")  # newer servers dump it, older do not
    _run("psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", typed=f"{begin}\n{script}")


def _psql(question: str) -> str:
    return _run("psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", f"--command={question}").strip()


def _run(tool: str, *wanted: str, typed: str | None = None, connects: bool = True) -> str:
    """A password travels in the environment: arguments are seen by everybody on the machine."""
    url = urlsplit(settings().database_url)
    where, environment = url.geturl(), dict(os.environ)
    if url.password:
        where = url._replace(netloc=url.netloc.replace(f":{url.password}@", "@", 1)).geturl()
        environment["PGPASSWORD"] = unquote(url.password)
    command = [_tool(tool), *wanted, *([f"--dbname={where}"] if connects else [])]
    done = subprocess.run(command, env=environment, input=typed, capture_output=True, text=True)
    if done.returncode:
        raise DumpError(f"{tool} says: {done.stderr.strip() or 'nothing, and fails.'}")
    return done.stdout


def _tool(name: str) -> str:
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=_version)
    if found := str(installed[-1]) if installed else shutil.which(name):
        return found
    raise DumpError(f"{name} is missing: install PostgreSQL's client tools (on Debian: apt install postgresql-client).")


def _version(path: Path) -> float:
    number = path.parts[-3]
    return float(number) if number.replace(".", "", 1).isdigit() else 0


def to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
