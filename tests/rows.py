"""Rows as a test needs them, where no verb makes them."""

from app import database


async def insert(table: str, **values: object) -> int:
    """A row, and its id (0 where the table has none)."""
    places = ", ".join("{}" for _ in values)
    found = await database.rows(
        f"INSERT INTO {table} ({', '.join(values)}) VALUES ({places}) RETURNING *", *values.values()
    )
    return int(found[0].get("id", 0))
