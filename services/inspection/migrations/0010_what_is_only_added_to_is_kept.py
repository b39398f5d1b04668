"""what is only ever added to is kept by the database."""

from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


MOVING = "'{state,version,tries,try_at,fault,template,printed_at,voided_at,voided_by,void_reason}'::text[]"
"""What changes of a document: its printing and its being void."""
KEEPING = (
    """
    create or replace function deadline_changes_refuse() returns trigger language plpgsql as $$
    begin
        raise exception 'changes of deadlines are only ever added to' using errcode = 'restrict_violation';
    end $$
    """,
    """
    create or replace trigger deadline_changes_kept before update or delete on deadline_changes
    for each statement execute function deadline_changes_refuse()
    """,
    f"""
    create or replace function documents_guard() returns trigger language plpgsql as $$
    begin
        if tg_op = 'DELETE' then
            raise exception 'a document is declared void, never deleted' using errcode = 'restrict_violation';
        end if;
        if to_jsonb(new) - {MOVING}
            is distinct from to_jsonb(old) - {MOVING} then
            raise exception 'what a document says never changes' using errcode = 'restrict_violation';
        end if;
        if old.printed_at is not null
            and (new.printed_at, new.template) is distinct from (old.printed_at, old.template) then
            raise exception 'a document is printed once' using errcode = 'restrict_violation';
        end if;
        if (old.state = 'voided' and to_jsonb(new) - 'version' is distinct from to_jsonb(old) - 'version')
            or (old.state = 'issued' and new.state = 'pending') then
            raise exception 'a document does not go back' using errcode = 'restrict_violation';
        end if;
        return new;
    end $$
    """,
    """
    create or replace trigger documents_kept before update or delete on documents
    for each row execute function documents_guard()
    """,
    """
    create or replace function documents_refuse() returns trigger language plpgsql as $$
    begin
        raise exception 'files of documents and their serving are only ever added' using errcode = 'restrict_violation';
    end $$
    """,
    """
    create or replace trigger document_renditions_kept before update or delete on document_renditions
    for each statement execute function documents_refuse()
    """,
    """
    create or replace trigger document_servings_kept before update or delete on document_servings
    for each statement execute function documents_refuse()
    """,
)
"""Changes of deadlines, documents, their files and their serving, as they are kept in this version."""
COUNTED_BY_RULE = """
    update deadlines set rules_hash = 'before 0008'
    where state = 'open' and explanation_en not like 'Set by decision%' and explanation_en not like '%xtended%'
"""
"""Dates that a rule counted are computed anew when the rule changes; those that somebody decided are not."""


def upgrade() -> None:
    for statement in (*KEEPING, COUNTED_BY_RULE):
        op.execute(statement)
