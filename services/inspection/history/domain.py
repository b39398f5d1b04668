"""How a history leaves the platform so that anybody can check it; without it one would have to believe us. Pure.

The file is JSON lines. The first tells of what it is and how it ends; each further one is an entry and its hash. What
is hashed are the bytes of the entry as they stand in the line: `commonwatch history verify` re-writes nothing.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime

from services.inspection.domain import About

JSON_LINES = "application/x-ndjson"


def exported(about: About, number: str, entries: Sequence[tuple[str | None, str]], now: datetime) -> str:
    """Write (hash, entry) of each row of one object as a file; an entry older than the seal has no hash."""
    told = {
        "kind": about.kind,
        "id": str(about.id),
        "number": number,
        "entries": len(entries),
        "head": entries[-1][0] if entries else None,
        "exported_at": now.astimezone(UTC).isoformat(),
    }
    lines = [json.dumps({"history": told}, ensure_ascii=False, separators=(",", ":"))]
    lines += [f'{{"hash":{json.dumps(sealed)},"entry":{entry}}}' for sealed, entry in entries]
    return "".join(f"{line}\n" for line in lines)
