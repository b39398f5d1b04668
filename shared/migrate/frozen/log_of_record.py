"""Version 0002 of every service: the log of record by days and streams; dead letters that remember who did what."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql


def log_of_record() -> None:
    """Keep the log of record by days and streams, and let dead letters remember who did what."""
    _archive()
    _dead_letters()
    op.execute("alter table outbox set (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01)")
    op.create_index("ix_inbox_at", "inbox", ["at"], postgresql_using="brin")


def _archive() -> None:
    op.rename_table("outbox_sent", "outbox_sent_0001")
    op.execute("alter table outbox_sent_0001 rename constraint pk_outbox_sent to pk_outbox_sent_0001")
    op.drop_index("ix_outbox_sent_event_id", "outbox_sent_0001")
    op.create_table(
        "outbox_sent",
        sa.Column("sent_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.UUID(), nullable=False),
        sa.Column("aggregate_type", sa.Text(), nullable=False),
        sa.Column("aggregate_id", sa.UUID(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("headers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("js_stream", sa.Text(), nullable=False),
        sa.Column("js_epoch", sa.DateTime(timezone=True), nullable=False),
        sa.Column("js_seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("sent_at", "id", name=op.f("pk_outbox_sent")),
        postgresql_partition_by="RANGE (sent_at)",
    )
    op.create_index("ix_outbox_sent_id", "outbox_sent", ["id"])
    op.create_index("ix_outbox_sent_event_id", "outbox_sent", ["event_id"])
    op.create_index("ix_outbox_sent_aggregate_id", "outbox_sent", ["aggregate_id"])
    # A day of its own for every row that was sent before; the relay makes the coming ones.
    op.execute("""
do $$
declare day date;
begin
    for day in select distinct (sent_at at time zone 'utc')::date from outbox_sent_0001 loop
        execute format(
            'create table %I partition of outbox_sent for values from (%L) to (%L)',
            'outbox_sent_' || to_char(day, 'YYYYMMDD'), day || ' 00:00+00', (day + 1) || ' 00:00+00'
        );
    end loop;
end
$$
""")
    # Of which stream they were is not known: at the epoch of nothing they count as lacking and are offered once more.
    op.execute("""
insert into outbox_sent (sent_at, id, event_id, aggregate_type, aggregate_id, version, subject, type, headers, data,
                         occurred_at, js_stream, js_epoch, js_seq)
select sent_at, id, event_id, aggregate_type, aggregate_id, version, subject, type, headers, data,
       occurred_at, js_stream, 'epoch', js_seq
from outbox_sent_0001
""")
    op.drop_table("outbox_sent_0001")
    op.create_table(
        "stream_epoch",
        sa.Column("js_stream", sa.Text(), nullable=False),
        sa.Column("js_epoch", sa.DateTime(timezone=True), nullable=False),
        sa.Column("refilled_to", sa.BigInteger(), nullable=False),
        sa.Column("refill_until", sa.BigInteger(), nullable=False),
        sa.Column("audited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("audited_whole", sa.Boolean(), nullable=True),
        sa.Column("audited_there", sa.BigInteger(), nullable=True),
        sa.Column("audited_lacking", sa.BigInteger(), nullable=True),
        sa.Column("audited_unknown", sa.BigInteger(), nullable=True),
        sa.Column("met_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("js_stream", "js_epoch", name=op.f("pk_stream_epoch")),
    )


def _dead_letters() -> None:
    for name, kind in (
        ("aggregate", sa.Text()),
        ("aggregate_id", sa.UUID()),
        ("version", sa.Integer()),
        ("type", sa.Text()),
        ("acted_by", sa.Text()),
        ("acted_at", sa.DateTime(timezone=True)),
        ("note", sa.Text()),
    ):
        op.add_column("dead_letter", sa.Column(name, kind, nullable=True))
    op.add_column("dead_letter", sa.Column("tries", sa.Integer(), server_default="1", nullable=False))
    op.add_column(
        "dead_letter",
        sa.Column("first_failed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
    )
    op.execute("""
update dead_letter set first_failed_at = died_at,
    aggregate = split_part(subject, '.', 3) || '.' || split_part(subject, '.', 4),
    aggregate_id = (headers ->> 'ce-subject')::uuid,
    version = (headers ->> 'ce-sequence')::int,
    type = headers ->> 'ce-type'
where headers ->> 'ce-subject' ~ '^[0-9a-f-]{36}$' and headers ->> 'ce-sequence' ~ '^[0-9]{1,9}$'
""")
    op.create_check_constraint(
        op.f("ck_dead_letter_state"),
        "dead_letter",
        "state in ('failing', 'waiting', 'open', 'replayed', 'discarded')",
    )
    op.drop_index("ix_dead_letter_open", "dead_letter")
    op.create_index(
        "ix_dead_letter_alive",
        "dead_letter",
        ["consumer", "aggregate_id", "version"],
        postgresql_where="state in ('failing', 'waiting', 'open')",
    )
