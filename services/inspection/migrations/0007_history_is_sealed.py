"""history is sealed."""

from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


_ENTRY = """
create or replace function history_entry(row_ history) returns text language sql stable as $$
    select (jsonb_strip_nulls(jsonb_build_object(
        'object_kind', row_.object_kind, 'object_id', row_.object_id,
        'at', to_char(row_.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        'who_id', row_.who_id, 'capacity', row_.capacity, 'party_id', row_.party_id,
        'in_name_of', row_.in_name_of, 'delegation_id', row_.delegation_id, 'letter_no', row_.letter_no,
        'verb', row_.verb, 'state_from', row_.state_from, 'state_to', row_.state_to,
        'reason', nullif(row_.reason, ''), 'basis', nullif(row_.basis, ''),
        'basis_ids', nullif(row_.basis_ids, '[]'), 'prev_hash', row_.prev_hash
    )) || jsonb_build_object('facts', row_.facts))::text
$$
"""
_SEAL = """
create or replace function history_seal() returns trigger language plpgsql as $$
begin
    new.prev_hash := (
        select hash from history where object_kind = new.object_kind and object_id = new.object_id
        order by id desc limit 1
    );
    new.hash := encode(sha256(convert_to(history_entry(new), 'UTF8')), 'hex');
    return new;
end $$
"""
_REFUSE = """
create or replace function history_refuse() returns trigger language plpgsql as $$
begin
    raise exception 'history is only ever added to' using errcode = 'restrict_violation';
end $$
"""
SEALING = (
    _ENTRY,
    _SEAL,
    _REFUSE,
    "create or replace trigger history_sealed before insert on history for each row execute function history_seal()",
    """
    create or replace trigger history_kept before update or delete on history
    for each statement execute function history_refuse()
    """,
)
"""History as it is sealed in this version."""


def upgrade() -> None:
    for statement in SEALING:
        op.execute(statement)
