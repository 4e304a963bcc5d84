"""What the instruments read is what was there."""

import asyncio
import sqlite3
import time
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from bench import compression, handset, journey, load, plans, processes, recorded, scale, weight
from bench.asked import filled
from bench.browser import Seen
from bench.line import Speed, line_to

pytestmark = pytest.mark.anyio
WRK = """Running 1s test @ http://127.0.0.1:1/
  1 threads and 16 connections
  Socket errors: connect 0, read 2, write 0, timeout 1
  Non-2xx or 3xx responses: 5
Requests/sec:   2074.55
"""
BODY = b"x" * 14_600  # ten segments


def test_wrk_is_read_with_what_failed() -> None:
    assert load.read_wrk(WRK) == (2074.55, 8)
    with pytest.raises(RuntimeError):
        load.read_wrk("unable to connect")


def test_cpu_time_of_a_process_with_brackets_in_its_name() -> None:
    assert processes._ticks("7 (a ) b) S 1 1 1 0 -1 4 5 6 7 8 100 23 0 0 20") == 123


def test_compression_is_a_share_and_never_negative() -> None:
    assert compression.share(0.002, 0.0015) == pytest.approx(25)
    assert compression.share(0.001, 0.0011) == 0


def test_the_heaviest_page_is_named() -> None:
    names = ("P1 sent in all", "P2 first flight", "P4 script sent", "P4 script decoded", "P10 headers of a page")
    found = weight.figures({name: [(9, "/light"), (99_999, "/heavy")] for name in names})
    assert {figure.verdict for figure in found} == {"missed"}
    assert "/heavy, 1 over" in found[0].note


def test_the_slowest_page_is_named() -> None:
    calm, busy = Seen(1, 2, 0, 0, 90), Seen(1, 2, 51, 0, 90)
    blocking, shift, nodes = handset.figures({"/calm": calm, "/busy": busy})
    assert (blocking.verdict, shift.verdict, nodes.verdict) == ("missed", "kept", "kept")
    assert "/busy" in blocking.note


def test_the_slower_end_is_compared() -> None:
    assert scale.slower("browse", [0.013] * 40, [0.01] * 40).value == pytest.approx(1.3)
    assert scale.slower("browse", [0.01] * 30 + [0.9] * 10, [0.01] * 40).verdict == "missed"


def test_forms_are_filled_as_a_hurried_person_does() -> None:
    page = b"<form method=post action='/x/riepilogo'><input type=hidden name=k value=7><input name=pin></form>"
    assert filled(page, "riepilogo") == ("/x/riepilogo", {"k": "7", "pin": ""})
    with pytest.raises(LookupError):
        filled(page, "altro")


def test_the_time_to_take_is_the_first_offered() -> None:
    assert (
        journey.first_time('<input name="orario" value="2026-11-23T10:30:00&#43;00:00">') == "2026-11-23T10:30:00+00:00"
    )


def test_transactions_are_cut_out_and_replayed(tmp_path: Path) -> None:
    with recorded.recording():
        connection = sqlite3.connect(tmp_path / "a", isolation_level=None)
    connection.execute("CREATE TABLE booking (id INTEGER)")
    recorded.log.clear()
    for number in (1, 2):
        connection.execute(recorded.BEGIN)
        connection.execute("INSERT INTO booking VALUES (?)", (number,))
        connection.execute(recorded.COMMIT)
    found = recorded.transactions(recorded.log, "INSERT INTO booking ")
    assert [len(one) for one in found] == [1, 1]
    assert recorded.transactions(recorded.log, "INSERT INTO other") == []
    again = recorded.bare(tmp_path / "b")
    again.execute("CREATE TABLE booking (id INTEGER)")
    assert recorded.replay(again, found) > 0
    assert again.execute("SELECT id FROM booking").fetchall() == [(1,), (2,)]
    assert again.execute("PRAGMA synchronous").fetchone() == (2,)


def test_a_table_read_whole_is_seen_through_its_alias(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "a")
    connection.execute("CREATE TABLE booking (id INTEGER PRIMARY KEY, payer INTEGER)")
    connection.executemany("INSERT INTO booking (payer) VALUES (?)", [(n,) for n in range(1_000)])
    connection.commit()
    asked = [("SELECT b.id FROM booking b WHERE b.payer = ?", (5,)), ("SELECT id FROM booking WHERE id = ?", (5,))]
    assert plans.whole_tables(tmp_path / "a", asked) == {("booking", "SELECT b.id FROM booking b WHERE b.payer = ?")}


def test_a_table_read_whole_is_seen_deep_in_a_plan() -> None:
    leaf = {"Node Type": "Seq Scan", "Relation Name": "booking"}
    along = {"Node Type": "Index Scan", "Relation Name": "slot", "Index Name": "slot_pkey", "Index Cond": "(id = $1)"}
    whole = {"Node Type": "Index Only Scan", "Relation Name": "purse", "Index Name": "purse_fund"}
    due = {"Node Type": "Index Scan", "Relation Name": "message", "Index Name": "message_due"}
    plan = [{"Plan": {"Node Type": "Limit", "Plans": [{"Node Type": "Append", "Plans": [along, whole, due, leaf]}]}}]
    assert list(plans.scanned_tables(plan, {"message_due"})) == ["purse", "booking"]


async def test_the_line_counts_every_byte_and_delays() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 14600\r\n\r\n" + BODY)

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    origin = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    quick, slow = await _fetched(origin, None), await _fetched(origin, Speed.of(800, 800, 100))
    server.close()
    assert quick[0] == slow[0] == len(BODY) + len(b"HTTP/1.1 200 OK\r\ncontent-length: 14600\r\n\r\n")
    # two round trips to open, one for the page, and its bytes at 100,000 a second
    assert slow[1] >= 0.3 + 0.146 > quick[1]


async def _fetched(origin: str, speed: Speed | None) -> tuple[int, float]:
    async with line_to(origin, speed) as (behind, line), httpx.AsyncClient() as client:
        began = time.monotonic()
        assert (await client.get(behind)).content == BODY
        return sum(one.sent for one in line.exchanges), time.monotonic() - began
