"""Which state of the catalogue this is: counted by the database itself with every change of what public pages say."""

from app import database


async def version() -> int:
    counted: int = await database.scalar("SELECT version FROM content_version")
    return counted
