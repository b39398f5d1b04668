"""Asks inspection whether a document is genuine, for anybody who holds one and is no client of the API."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.gateway.domain import Allowance
from services.gateway.edge.clients import GONE, Services
from services.gateway.edge.domain.routes import headers_for_service, part_unavailable
from shared.observe import current_trace

OWNER = "inspection"
_PLAIN = re.compile(r"[0-9A-Za-z]{1,80}")
_BETWEEN = re.compile(r"[\s-]+")
UNKNOWN: Mapping[str, Any] = {"state": "unknown", "files": []}


class Verifier:
    """Asks as often as the public may read: what is allowed is counted together with the API's own public reads."""

    def __init__(self, services: Services, allowance: Allowance) -> None:
        self._services = services
        self._allowance = allowance

    async def ask(self, typed: str, asker: str, request_id: bytes, now: datetime) -> Mapping[str, Any]:
        """Tell what is known of a code, or of a file's hash; raises `TooMany`, and `Unavailable`."""
        self._allowance.spend(asker, now)
        code = _BETWEEN.sub("", typed)
        if not _PLAIN.fullmatch(code):
            return UNKNOWN
        trace = current_trace()
        headers = headers_for_service([], request_id, trace.traceparent if trace else "")
        answer = await self._services.ask(OWNER, "GET", f"/verify/{code}", headers)
        try:
            body = await answer.aread()
        except GONE as failed:
            raise part_unavailable(OWNER) from failed
        finally:
            await answer.aclose()
        if answer.is_error:
            raise part_unavailable(OWNER)
        told: Mapping[str, Any] = json.loads(body)
        return told
