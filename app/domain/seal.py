"""The chain over committed rows of transfer and audit.

Writers never wait for it: one leased sealer comes afterwards. A seal's head covers the previous head and, for each of
its rows, id and digest; seals and their items are only ever added. A chain cannot fork: `previous` is unique.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

from app import database
from app.domain.digest import digest
from app.domain.verb import verb

Chain = Literal["transfer", "audit"]
CHAINS: tuple[Chain, Chain] = ("transfer", "audit")
GENESIS = "0" * 64
LEASE = timedelta(seconds=10)
BATCH = 1000
LOOK_BACK = 10_000  # rows commit a little out of the order of their ids


@verb
async def seal_pending(now: datetime, holder: str) -> int:
    """Links what is committed and not sealed yet; returns how many rows, 0 too while another holder has the lease."""
    if not await _take_lease(now, holder):
        return 0
    return sum([await _link_recent(chain, now) for chain in CHAINS])


@verb
async def seal_next(chain: Chain, after: int, now: datetime) -> int:
    """Links what is not sealed among the next rows, however old, without the lease; the last row's id, 0 at the end."""
    previous = await _last_head(chain)
    rows = await database.rows(
        "SELECT t.id, t.digest, i.row_id "
        f"FROM (SELECT id, digest FROM {chain} WHERE id > {{}} ORDER BY id LIMIT {{}}) t "
        "LEFT JOIN seal_item i ON i.chain = {} AND i.row_id = t.id ORDER BY t.id",
        *(after, BATCH, chain),
    )
    await _link(chain, previous, now, [row for row in rows if row["row_id"] is None])
    return rows[-1]["id"] if len(rows) == BATCH else 0


async def seal_all(now: datetime) -> None:
    """All that was committed before is linked; what others add meanwhile is for the next time. Each row is looked at
    once: asking again for the first ones not sealed would read all those before them each time."""
    for chain in CHAINS:
        after = 0
        while after := await seal_next(chain, after, now):
            pass


async def give_back(holder: str, *, now: datetime) -> None:
    """A sealer that stops: the next one need not wait for the lease to end."""
    await database.execute("UPDATE lease SET until_at = {} WHERE name = 'seal' AND holder = {}", now, holder)


def head(chain: Chain, previous: str, sealed_at: datetime, rows: Iterable[tuple[int, str]]) -> str:
    """`rows` are id and digest in the order of the chain."""
    linked = hashlib.sha256(digest((chain, previous, sealed_at)).encode())
    for row_id, row_digest in rows:
        linked.update(f"\n{row_id}:{row_digest}".encode())
    return linked.hexdigest()


def short(head: str) -> str:
    """Enough of a head to compare two by eye."""
    return " ".join(head[place : place + 4] for place in range(0, 12, 4))


async def _take_lease(now: datetime, holder: str) -> bool:
    taken = await database.rows(
        "INSERT INTO lease (name, holder, until_at) VALUES ('seal', {}, {}) ON CONFLICT (name) DO UPDATE "
        "SET holder = excluded.holder, until_at = excluded.until_at "
        "WHERE lease.holder = excluded.holder OR lease.until_at <= {} RETURNING name",
        *(holder, now + LEASE, now),
    )
    return bool(taken)


async def _last_head(chain: Chain) -> str:
    """Read before the rows: a seal that comes in between has the same `previous`, and one of us yields."""
    head: str | None = await database.scalar("SELECT head FROM seal WHERE chain = {} ORDER BY id DESC LIMIT 1", chain)
    return head or GENESIS


async def _link_recent(chain: Chain, now: datetime) -> int:
    previous = await _last_head(chain)
    last = await database.scalar("SELECT MAX(row_id) FROM seal_item WHERE chain = {}", chain)
    rows = await database.rows(
        f"SELECT t.id, t.digest FROM {chain} t LEFT JOIN seal_item i ON i.chain = {{}} AND i.row_id = t.id "
        "WHERE t.id > {} AND i.row_id IS NULL ORDER BY t.id LIMIT {}",
        *(chain, max(0, (last or 0) - LOOK_BACK), BATCH),
    )
    return await _link(chain, previous, now, rows)


async def _link(chain: Chain, previous: str, now: datetime, rows: list[database.Row]) -> int:
    """How many rows; none when another sealer was faster."""
    if not rows:
        return 0
    seal_id = await _insert_seal(chain, previous, now, [(row["id"], row["digest"]) for row in rows])
    if seal_id is None:
        return 0
    await _insert_items(chain, seal_id, [row["id"] for row in rows])
    return len(rows)


async def _insert_seal(chain: Chain, previous: str, now: datetime, rows: list[tuple[int, str]]) -> int | None:
    """None when another sealer was faster: its rows are not ours to link."""
    made: int | None = await database.scalar(
        "INSERT INTO seal (chain, previous, head, items, sealed_at) VALUES ({}, {}, {}, {}, {}) "
        "ON CONFLICT DO NOTHING RETURNING id",
        *(chain, previous, head(chain, previous, now, rows), len(rows), now),
    )
    return made


async def _insert_items(chain: Chain, seal_id: int, row_ids: list[int]) -> None:
    values = [value for position, row_id in enumerate(row_ids) for value in (chain, row_id, seal_id, position)]
    places = ", ".join(["({}, {}, {}, {})"] * len(row_ids))
    await database.execute(f"INSERT INTO seal_item (chain, row_id, seal_id, position) VALUES {places}", *values)
