"""The tables by which every service keeps, sends and receives facts; without them no fact would outlive a crash."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    func,
)
from sqlalchemy.dialects import postgresql

OPEN_STATES = "state in ('failing', 'waiting', 'open')"


def kernel_tables(metadata: MetaData) -> None:
    """Add the kernel's tables to those of one service."""
    _sending(metadata)
    _receiving(metadata)
    _answering(metadata)


def _sending(metadata: MetaData) -> None:
    Table(
        "outbox",
        metadata,
        # Identities are drawn one by one: with a cache their order would not be the order of commits.
        Column("id", BigInteger, Identity(always=True, cache=1), primary_key=True),
        Column("event_id", postgresql.UUID, nullable=False, unique=True),
        *_event_columns(),
        UniqueConstraint("aggregate_id", "version"),
        # Every row is deleted soon: room on the page, and a vacuum that comes early, keep the scan short.
        postgresql_with={"fillfactor": "70", "autovacuum_vacuum_scale_factor": "0.01"},
    )
    Table(
        "outbox_sent",
        metadata,
        Column("sent_at", DateTime(timezone=True), primary_key=True, server_default=func.now()),
        Column("id", BigInteger, primary_key=True, autoincrement=False),
        Column("event_id", postgresql.UUID, nullable=False),
        *_event_columns(),
        Column("js_stream", Text, nullable=False),
        Column("js_epoch", DateTime(timezone=True), nullable=False),
        Column("js_seq", BigInteger, nullable=False),
        Index("ix_outbox_sent_id", "id"),
        Index("ix_outbox_sent_event_id", "event_id"),
        Index("ix_outbox_sent_aggregate_id", "aggregate_id"),
        postgresql_partition_by="RANGE (sent_at)",
    )
    Table(
        "stream_epoch",
        metadata,
        Column("js_stream", Text, primary_key=True),
        Column("js_epoch", DateTime(timezone=True), primary_key=True),
        # What older streams held was published into this one again up to the first id, and must be up to the second.
        Column("refilled_to", BigInteger, nullable=False),
        Column("refill_until", BigInteger, nullable=False),
        # What the last comparison of stream and archive found; NULL: there was none yet.
        Column("audited_at", DateTime(timezone=True)),
        Column("audited_whole", Boolean),
        Column("audited_there", BigInteger),
        Column("audited_lacking", BigInteger),
        Column("audited_unknown", BigInteger),
        Column("met_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    )


def _receiving(metadata: MetaData) -> None:
    Table(
        "inbox",
        metadata,
        Column("consumer", Text, primary_key=True),
        Column("event_id", postgresql.UUID, primary_key=True),
        Column("at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Index("ix_inbox_at", "at", postgresql_using="brin"),
    )
    Table(
        "seen",
        metadata,
        Column("consumer", Text, primary_key=True),
        Column("aggregate", Text, primary_key=True),  # `owner.noun`: two owners may use one id
        Column("aggregate_id", postgresql.UUID, primary_key=True),
        Column("version", Integer, nullable=False),
    )
    Table(
        "dead_letter",
        metadata,
        Column("id", BigInteger, Identity(always=True), primary_key=True),
        Column("consumer", Text, nullable=False),
        Column("event_id", postgresql.UUID, nullable=False),
        # NULL in the next four: the envelope could not be read.
        Column("aggregate", Text),
        Column("aggregate_id", postgresql.UUID),
        Column("version", Integer),
        Column("type", Text),
        Column("subject", Text, nullable=False),
        Column("headers", postgresql.JSONB, nullable=False),
        Column("data", LargeBinary, nullable=False),
        Column("stream_seq", BigInteger),
        Column("num_delivered", Integer, nullable=False),
        Column("tries", Integer, nullable=False, server_default="1"),
        Column("error_class", Text, nullable=False),
        Column("error", Text, nullable=False),
        Column("first_failed_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Column("died_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Column("state", Text, nullable=False, server_default="open"),
        Column("acted_by", Text),
        Column("acted_at", DateTime(timezone=True)),
        Column("note", Text),
        UniqueConstraint("consumer", "event_id"),
        CheckConstraint("state in ('failing', 'waiting', 'open', 'replayed', 'discarded')", name="state"),
        Index("ix_dead_letter_alive", "consumer", "aggregate_id", "version", postgresql_where=OPEN_STATES),
    )


def _answering(metadata: MetaData) -> None:
    Table(
        "kept_answers",
        metadata,
        # Of who asked, what for, and the key that they chose: none of it is kept in clear.
        Column("id", LargeBinary, primary_key=True),
        Column("digest", LargeBinary, nullable=False),
        Column("at", DateTime(timezone=True), nullable=False),
        # NULL in the next three: it is done, and the answer was not kept (yet).
        Column("status", Integer),
        Column("headers", postgresql.JSONB),
        Column("body", LargeBinary),
        Index("ix_kept_answers_at", "at"),
    )


def _event_columns() -> list[Column[Any]]:
    return [
        Column("aggregate_type", Text, nullable=False),
        Column("aggregate_id", postgresql.UUID, nullable=False),
        Column("version", Integer, nullable=False),
        Column("subject", Text, nullable=False),
        Column("type", Text, nullable=False),
        Column("headers", postgresql.JSONB, nullable=False),
        Column("data", LargeBinary, nullable=False),
        Column("occurred_at", DateTime(timezone=True), nullable=False),
    ]
