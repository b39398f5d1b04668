"""Dresses a fact as a CloudEvent in binary mode; without it the first sending and the hundredth could differ."""

import json

from shared.broker import Outgoing
from shared.contracts.base import schema_id
from shared.relay.archive import Fact


def outgoing(service: str, fact: Fact, attempt: str = "") -> Outgoing:
    """Give the message: what was committed, archived and sent again has the same bytes and the same headers."""
    key = str(fact.aggregate_id)
    return Outgoing(
        event_id=fact.event_id,
        aggregate_id=fact.aggregate_id,
        subject=fact.subject,
        headers={
            "ce-specversion": "1.0",
            "ce-id": str(fact.event_id),
            "ce-source": f"/{service}",
            "ce-type": fact.type,
            "ce-subject": key,
            "ce-time": fact.occurred_at.isoformat(),
            "ce-partitionkey": key,
            "ce-sequence": f"{fact.version:010d}",
            "ce-dataschema": schema_id(fact.type),
            "ce-datacontenttype": "application/json",
            **json.loads(fact.headers),
        },
        data=fact.data,
        attempt=attempt,
    )
