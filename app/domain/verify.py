"""Recomputes everything the ledger claims. An empty list is the proof; a finding is a line for an administrator.

It reads the whole register, in one long snapshot and in threads: nobody's page waits for it.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from datetime import datetime

from app import database
from app.domain import audit, fund, ledger, seal
from app.domain.actor import Actor
from app.domain.digest import digest
from app.domain.verb import verb

PAGE = 5000
log = logging.getLogger("vicino")
FIELDS = {"transfer": ledger.FIELDS, "audit": audit.FIELDS}


async def verify(*, now: datetime) -> list[str]:
    """Seals first, so that what is read next is all linked; then reads everything in one snapshot."""
    await seal.seal_all(now)
    async with database.snapshot(is_long=True):
        findings = [finding for chain in seal.CHAINS for finding in await _digests(chain)]
        findings += [finding for chain in seal.CHAINS for finding in await _chain(chain)]
        return findings + await _statements() + await _identities()


async def check(*, actor: Actor, now: datetime) -> list[str]:
    """`verify`, noted for everybody to read: that nothing was found, or how much."""
    findings = await verify(now=now)
    await _note(len(findings), actor=actor, now=now)
    return findings


async def against(known: Mapping[str, str]) -> list[str]:
    """Whether the chains still hold these heads, by chain, as a backup knew them: a chain does not show itself that
    its end was cut off."""
    findings = []
    for chain, head in known.items():
        if head and not await database.scalar("SELECT id FROM seal WHERE chain = {} AND head = {}", chain, head):
            findings.append(f"{chain}: the seal {seal.short(head)} is no longer there; its end was cut off")
    return findings


async def heads() -> dict[str, str]:
    """The last head of each chain, '' before its first seal."""
    found = await database.rows(
        "SELECT chain, head FROM seal WHERE id IN (SELECT MAX(id) FROM seal GROUP BY chain) ORDER BY chain"
    )
    return dict.fromkeys(seal.CHAINS, "") | {row["chain"]: row["head"] for row in found}


async def seen() -> list[str]:
    """How much was read, and the last seal of each chain, as the fund's page prints it."""
    found = await database.rows(
        "SELECT s.chain, s.head, (SELECT COUNT(*) FROM seal_item i WHERE i.chain = s.chain) AS items FROM seal s "
        "WHERE s.id IN (SELECT MAX(id) FROM seal GROUP BY chain) ORDER BY s.chain"
    )
    return [f"{row['chain']}: {row['items']} rows, last seal {seal.short(row['head'])}" for row in found]


async def check_daily(*, actor: Actor, now: datetime) -> int:
    """For the schedule: there is nothing more to do at once, and what is wrong stands in the log."""
    for finding in await check(actor=actor, now=now):
        log.error("ledger: %s", finding)
    return 0


@verb
async def _note(findings: int, *, actor: Actor, now: datetime) -> None:
    await audit.record("ledger.wrong" if findings else "ledger.verified", actor=actor, now=now, subject_id=findings)


async def _digests(chain: seal.Chain) -> list[str]:
    """Each row still is what its digest says."""
    findings = list[str]()
    async for page in _pages(chain):
        findings += await asyncio.to_thread(_changed, chain, page)
    return findings


def _changed(chain: seal.Chain, rows: list[database.Row]) -> list[str]:
    names = FIELDS[chain]
    return [
        f"{chain} {row['id']}: the row is not what its digest says"
        for row in rows
        if digest(row[name] for name in names) != row["digest"]
    ]


async def _pages(chain: seal.Chain) -> AsyncIterator[list[database.Row]]:
    last = 0
    while True:
        page = await database.rows(
            f"SELECT id, {', '.join(FIELDS[chain])}, digest FROM {chain} WHERE id > {{}} ORDER BY id LIMIT {{}}",
            *(last, PAGE),
        )
        yield page
        if len(page) < PAGE:
            return
        last = page[-1]["id"]


async def _chain(chain: seal.Chain) -> list[str]:
    """Each seal follows the one before and covers its rows, none missing, none added."""
    findings, previous = list[str](), seal.GENESIS
    for made in await database.rows(
        "SELECT id, previous, head, items, sealed_at FROM seal WHERE chain = {} ORDER BY id", chain
    ):
        if made["previous"] != previous:
            findings.append(f"seal {made['id']}: does not follow the seal before it")
        findings += await _covered(chain, made)
        previous = made["head"]
    return findings


async def _covered(chain: seal.Chain, made: database.Row) -> list[str]:
    items = await database.rows(
        f"SELECT i.row_id, t.digest FROM seal_item i LEFT JOIN {chain} t ON t.id = i.row_id "
        "WHERE i.chain = {} AND i.seal_id = {} ORDER BY i.position",
        *(chain, made["id"]),
    )
    missing = [f"{chain} {item['row_id']}: sealed, and no longer there" for item in items if item["digest"] is None]
    if len(items) != made["items"]:
        missing.append(f"seal {made['id']}: {len(items)} rows of {made['items']}")
    rows = [(item["row_id"], item["digest"] or "") for item in items]
    if not missing and seal.head(chain, made["previous"], made["sealed_at"], rows) != made["head"]:
        missing.append(f"seal {made['id']}: its rows are not what it sealed")
    return missing


async def _statements() -> list[str]:
    return [f"{row['place']}: {finding}" for finding, sql in _FINDINGS.items() for row in await database.rows(sql)]


async def _identities() -> list[str]:
    findings = []
    for row in await database.rows("SELECT id FROM fund ORDER BY id"):
        if difference := (await fund.identity(row["id"])).difference_cents:
            findings.append(f"fund {row['id']}: its identity is {difference} cents apart")
    return findings


_SUMS = """
WITH entry AS (
  SELECT credit_account_id AS account_id, amount AS credits, 0 AS debits, 0 AS pending FROM transfer
    WHERE kind <> 'hold'
  UNION ALL SELECT debit_account_id, 0, amount, 0 FROM transfer WHERE kind <> 'hold'
  UNION ALL SELECT h.debit_account_id, 0, 0, h.amount FROM transfer h LEFT JOIN transfer r ON r.hold_id = h.id
    WHERE h.kind = 'hold' AND r.id IS NULL
), total AS (
  SELECT account_id, SUM(credits) AS credits, SUM(debits) AS debits, SUM(pending) AS pending FROM entry
    GROUP BY account_id
)
SELECT 'account ' || CAST(a.id AS TEXT) AS place FROM account a LEFT JOIN total t ON t.account_id = a.id
"""
_FINDINGS = {
    "its counters are not the sums of its transfers": f"""{_SUMS}
WHERE a.is_bounded AND (a.credits_posted <> COALESCE(t.credits, 0) OR a.debits_posted <> COALESCE(t.debits, 0)
  OR a.debits_pending <> COALESCE(t.pending, 0) OR a.credits_pending <> 0) ORDER BY a.id""",
    "its transfers take more than it got": f"""{_SUMS}
WHERE a.is_bounded AND COALESCE(t.debits, 0) + COALESCE(t.pending, 0) > COALESCE(t.credits, 0) ORDER BY a.id""",
    "an unbounded account has no counters": """
SELECT 'account ' || CAST(id AS TEXT) AS place FROM account
WHERE NOT is_bounded AND credits_posted + credits_pending + debits_posted + debits_pending <> 0 ORDER BY id""",
    "resolved more than once": """
SELECT 'hold ' || CAST(hold_id AS TEXT) AS place FROM transfer WHERE hold_id IS NOT NULL
GROUP BY hold_id HAVING COUNT(*) > 1 ORDER BY hold_id""",
    "does not resolve a hold of the same accounts, booking and size": """
SELECT 'transfer ' || CAST(r.id AS TEXT) AS place FROM transfer r JOIN transfer h ON h.id = r.hold_id
WHERE h.kind <> 'hold' OR r.amount > h.amount OR (r.kind = 'void' AND r.amount <> 0)
  OR r.debit_account_id <> h.debit_account_id OR r.credit_account_id <> h.credit_account_id
  OR COALESCE(r.booking_id, 0) <> COALESCE(h.booking_id, 0) ORDER BY r.id""",
    "gives back more than was paid": """
SELECT 'transfer ' || CAST(p.id AS TEXT) AS place FROM transfer p JOIN transfer c ON c.corrects_id = p.id
WHERE c.kind = 'refund' GROUP BY p.id, p.amount HAVING SUM(c.amount) > p.amount ORDER BY p.id""",
}
