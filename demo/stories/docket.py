"""Finds a report on the docket as a duty desk would."""

from typing import Any

from demo.gateway import Caller, until


async def entry_about(reader: Caller, words: str) -> dict[str, Any]:
    """Wait until an entry with these words lies on the reader's docket, and show it whole."""

    async def look() -> list[dict[str, Any]]:
        return (await reader.get("docket", q=words))["items"]

    [found] = await until(look, bool, f"a docket entry for {reader.title}")
    return await reader.get(f"docket/{found['id']}")


async def count_of(reader: Caller, words: str) -> int:
    """Count the entries on the reader's docket that say these words."""
    count, after = 0, None
    while True:
        page = await reader.get("docket", q=words, limit=100, **({"after": after} if after else {}))
        count += len(page["items"])
        if (after := page["next"]) is None:
            return count
