"""what hazards and entries say."""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


FILLING = (
    """
    update hazards set township = left(area_code, 9),
        handlers = (
            select array_agg(distinct named order by named) from unnest(
                array_remove(array[lead_authority_id, handling_authority_id], null)
                || array(select jsonb_array_elements_text(co_authority_ids)::uuid)
            ) as named
        ),
        pairs = coalesce((
            select array_agg(distinct ((ascii(substr(folded, nth, 1)) & 32767) << 16)
                | (ascii(substr(folded, nth + 1, 1)) & 65535))
            from (select trim(lower(normalize(what, NFKC))) as folded) as spelt,
                generate_series(1, length(folded) - 1) as nth
        ), '{}'),
        delivered = state in ('rectifying', 'recheck_requested', 'rechecking', 'verified', 'closed'),
        channel = (
            select channel from docket_entries where docket_entries.hazard_id = hazards.id
            order by docket_entries.claimed_at, docket_entries.id limit 1
        ),
        officer_ids = coalesce((
            select array(select jsonb_array_elements_text(officers)::uuid) from orders
            where orders.hazard_id = hazards.id order by issued_at desc, orders.number desc limit 1
        ), '{}')
    """,
    """
    update hazards set clocks = running.keys, next_due_at = running.due[1], next_due_key = running.first[1],
        next_owed_by = running.owes[1]
    from (
        select object_id, array_agg(distinct key) as keys, array_agg(due_at order by due_at) as due,
            array_agg(key order by due_at) as first, array_agg(owed_by order by due_at) as owes
        from deadlines where state = 'open' group by object_id
    ) as running
    where running.object_id = hazards.id
    """,
    """
    update docket_entries set
        likeness = trim(regexp_replace(lower(normalize(left(what, 500), NFKC)), '([㐀-鿿])', ' \\1 ', 'g')),
        result_at = (
            select max(at) from history where object_kind = 'entry' and object_id = docket_entries.id
            and verb in ('reject', 'find_unfounded', 'answer')
        )
    """,
)
"""What lists look up, drawn from the rows that older code wrote."""


def upgrade() -> None:
    op.execute('create extension if not exists btree_gin')
    op.add_column('deadlines', sa.Column('part_id', sa.Uuid(), nullable=True))
    op.add_column('docket_entries', sa.Column('likeness', sqlmodel.sql.sqltypes.AutoString(), server_default='', nullable=False))
    op.add_column('docket_entries', sa.Column('suggested_authority_id', sa.Uuid(), nullable=True))
    op.add_column('docket_entries', sa.Column('fatal', sa.Boolean(), server_default='false', nullable=False))
    op.add_column('docket_entries', sa.Column('county_finding', sa.Enum('deaths_confirmed', 'no_deaths', name='countyfinding', native_enum=False, length=40), nullable=True))
    op.add_column('docket_entries', sa.Column('extensions', sa.Integer(), server_default='0', nullable=False))
    op.add_column('docket_entries', sa.Column('result_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('docket_entries', sa.Column('reviewed_at', sa.DateTime(timezone=True), nullable=True))
    op.drop_index(op.f('ix_docket_entries_place'), table_name='docket_entries')
    op.create_index('ix_docket_entries_fatal', 'docket_entries', ['claimed_at'], unique=False, postgresql_where=sa.text('fatal'))
    op.create_index('ix_docket_entries_open_enterprise', 'docket_entries', ['enterprise_id', 'claimed_at'], unique=False, postgresql_where=sa.text("state in ('accepted', 'received', 'review_requested', 'substantiated', 'transferred')"))
    op.create_index('ix_docket_entries_open_place', 'docket_entries', ['lon', 'lat'], unique=False, postgresql_where=sa.text("state in ('accepted', 'received', 'review_requested', 'substantiated', 'transferred')"))
    op.create_index('ix_docket_entries_spelt', 'docket_entries', [sa.literal_column("(regexp_replace(lower(normalize(what, NFKC)), '(.)', '\\1\\1', 'g'))").label('spelt')], unique=False, postgresql_using='gin', postgresql_ops={'spelt': 'gin_trgm_ops'})
    op.create_index('ix_docket_entries_waiting', 'docket_entries', [sa.literal_column('(not imminent_danger)'), 'claimed_at', 'id'], unique=False, postgresql_where=sa.text("state not in ('answered', 'closed', 'rejected')"))
    op.add_column('enterprises', sa.Column('standing', sa.Enum('active', 'suspended', 'revoked', 'deregistered', 'moved_out', name='standing', native_enum=False, length=40), server_default='active', nullable=False))
    op.add_column('evidence', sa.Column('original_sha256', sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.add_column('evidence', sa.Column('width', sa.Integer(), nullable=True))
    op.add_column('evidence', sa.Column('height', sa.Integer(), nullable=True))
    op.create_index('ix_evidence_sha256', 'evidence', ['sha256'], unique=False)
    op.add_column('evidence_showings', sa.Column('handed_to', sa.Uuid(), nullable=True))
    op.create_index(op.f('ix_evidence_showings_about_id'), 'evidence_showings', ['about_id'], unique=False)
    op.drop_constraint(op.f('pk_hazard_claims'), 'hazard_claims', type_='primary')
    op.create_primary_key(op.f('pk_hazard_claims'), 'hazard_claims', ['hazard_id', 'claim_id'])
    op.drop_index(op.f('ix_hazard_claims_hazard_id'), table_name='hazard_claims')
    op.create_index(op.f('ix_hazard_claims_claim_id'), 'hazard_claims', ['claim_id'], unique=False)
    op.add_column('hazard_items', sa.Column('withdrawn', sa.Boolean(), server_default='false', nullable=False))
    op.add_column('hazards', sa.Column('handlers', postgresql.ARRAY(sa.Uuid()), server_default='{}', nullable=False))
    op.add_column('hazards', sa.Column('township', sqlmodel.sql.sqltypes.AutoString(length=9), server_default='', nullable=False))
    op.add_column('hazards', sa.Column('pairs', postgresql.ARRAY(sa.Integer()), server_default='{}', nullable=False))
    op.add_column('hazards', sa.Column('officer_ids', postgresql.ARRAY(sa.Uuid()), server_default='{}', nullable=False))
    op.add_column('hazards', sa.Column('clocks', postgresql.ARRAY(sa.Text()), server_default='{}', nullable=False))
    op.add_column('hazards', sa.Column('next_due_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('hazards', sa.Column('next_due_key', sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.add_column('hazards', sa.Column('next_owed_by', sa.Uuid(), nullable=True))
    op.add_column('hazards', sa.Column('extension', sa.Enum('none', 'requested', 'granted', 'refused', name='extension', native_enum=False, length=40), server_default='none', nullable=False))
    op.add_column('hazards', sa.Column('extensions', sa.Integer(), server_default='0', nullable=False))
    op.add_column('hazards', sa.Column('enforcement', sa.Enum('none', 'case_open', 'penalty_decided', 'executed', 'court', name='enforcement', native_enum=False, length=40), server_default='none', nullable=False))
    op.add_column('hazards', sa.Column('listing', sa.Enum('none', 'proposed', 'listed', 'delist_requested', 'delisted', name='listing', native_enum=False, length=40), server_default='none', nullable=False))
    op.add_column('hazards', sa.Column('power', sa.Enum('none', 'announced', 'lifted', name='powercut', native_enum=False, length=40), server_default='none', nullable=False))
    op.add_column('hazards', sa.Column('listing_level', sa.Integer(), nullable=True))
    op.add_column('hazards', sa.Column('escalation', sa.Integer(), server_default='0', nullable=False))
    op.add_column('hazards', sa.Column('recurrent', sa.Boolean(), server_default='false', nullable=False))
    op.add_column('hazards', sa.Column('recurrence_key', sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.add_column('hazards', sa.Column('recurs_id', sa.Uuid(), nullable=True))
    op.add_column('hazards', sa.Column('self_governed', sa.Boolean(), server_default='false', nullable=False))
    op.add_column('hazards', sa.Column('channel', sa.Enum('hotline_12350', 'hotline_12345', 'web', 'miniapp', 'letter', 'visit', 'volunteer', 'grid_patrol', 'third_party_audit', 'insurer', 'self_check', 'inspection', 'media', 'transfer_in', 'superior_assigned', 'accident_derived', name='channel', native_enum=False, length=40), nullable=True))
    op.add_column('hazards', sa.Column('site_check_due', sa.Boolean(), server_default='false', nullable=False))
    op.add_column('hazards', sa.Column('contractor_ids', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False))
    op.add_column('hazards', sa.Column('delivered', sa.Boolean(), server_default='false', nullable=False))
    op.add_column('hazards', sa.Column('involved', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False))
    op.add_column('hazards', sa.Column('open_parts', sa.Integer(), server_default='0', nullable=False))
    op.add_column('hazards', sa.Column('county_decides', sa.Boolean(), server_default='false', nullable=False))
    op.add_column('hazards', sa.Column('split_from_id', sa.Uuid(), nullable=True))
    op.add_column('hazards', sa.Column('merged_into_id', sa.Uuid(), nullable=True))
    op.drop_constraint(op.f('ck_hazards_graded'), 'hazards', type_='check')
    op.create_check_constraint(op.f('ck_hazards_graded'), 'hazards', "grade is not null or state in ('suspected', 'dismissed', 'void', 'merged')")
    for statement in FILLING:
        op.execute(statement)
    op.drop_index(op.f('ix_hazards_claimed'), table_name='hazards')
    op.drop_index(op.f('ix_hazards_handling_authority_id'), table_name='hazards')
    op.drop_index(op.f('ix_hazards_lead_authority_id'), table_name='hazards')
    op.drop_index(op.f('ix_hazards_state'), table_name='hazards')
    op.create_index('ix_hazards_due_finished', 'hazards', ['next_due_at', 'id'], unique=False, postgresql_where=sa.text("state in ('closed', 'dismissed', 'merged', 'void') and next_due_at is not null"))
    op.create_index('ix_hazards_due_unfinished', 'hazards', ['next_due_at', 'id'], unique=False, postgresql_where=sa.text("state not in ('closed', 'dismissed', 'merged', 'void') and next_due_at is not null"))
    op.create_index('ix_hazards_facets_finished', 'hazards', ['handlers', 'co_authority_ids', 'officer_ids', 'clocks', 'pairs', 'township', 'state', 'grade', 'category', 'channel', 'suspension', 'extension', 'enforcement', 'listing', 'power', 'escalation'], unique=False, postgresql_using='gin', postgresql_with={'fastupdate': 'off'}, postgresql_where=sa.text("state in ('closed', 'dismissed', 'merged', 'void')"))
    op.create_index('ix_hazards_facets_looked_back', 'hazards', ['handlers', 'co_authority_ids', 'officer_ids', 'clocks', 'pairs', 'township', 'state', 'grade', 'category', 'channel', 'suspension', 'extension', 'enforcement', 'listing', 'power', 'escalation'], unique=False, postgresql_using='gin', postgresql_with={'fastupdate': 'off'}, postgresql_where=sa.text("state in ('closed', 'dismissed', 'merged', 'void') and next_due_at is not null"))
    op.create_index('ix_hazards_facets_unfinished', 'hazards', ['handlers', 'co_authority_ids', 'officer_ids', 'clocks', 'pairs', 'township', 'state', 'grade', 'category', 'channel', 'suspension', 'extension', 'enforcement', 'listing', 'power', 'escalation'], unique=False, postgresql_using='gin', postgresql_with={'fastupdate': 'off'}, postgresql_where=sa.text("state not in ('closed', 'dismissed', 'merged', 'void')"))
    op.create_index(op.f('ix_hazards_merged_into_id'), 'hazards', ['merged_into_id'], unique=False)
    op.create_index(op.f('ix_hazards_recurrence_key'), 'hazards', ['recurrence_key'], unique=False)
    op.create_index('ix_hazards_registered_finished', 'hazards', ['registered_at', 'id'], unique=False, postgresql_where=sa.text("state in ('closed', 'dismissed', 'merged', 'void')"))
    op.create_index('ix_hazards_registered_unfinished', 'hazards', ['registered_at', 'id'], unique=False, postgresql_where=sa.text("state not in ('closed', 'dismissed', 'merged', 'void')"))
    op.create_index(op.f('ix_hazards_split_from_id'), 'hazards', ['split_from_id'], unique=False)
    op.create_index('ix_hazards_waiting', 'hazards', [sa.literal_column('(not imminent_danger)'), 'claimed_at', 'id'], unique=False, postgresql_where=sa.text("state not in ('closed', 'dismissed', 'merged', 'void')"))
    op.add_column('history', sa.Column('in_name_of', sa.Uuid(), nullable=True))
    op.add_column('history', sa.Column('delegation_id', sa.Uuid(), nullable=True))
    op.add_column('history', sa.Column('letter_no', sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.add_column('history', sa.Column('basis_ids', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False))
    op.add_column('history', sa.Column('prev_hash', sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.add_column('history', sa.Column('hash', sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.add_column('orders', sa.Column('on_site_only', sa.Boolean(), server_default='false', nullable=False))
    op.add_column('rechecks', sa.Column('joint_officers', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False))
    op.add_column('rechecks', sa.Column('mode', sa.Enum('on_site', 'remote', name='recheckmode', native_enum=False, length=40), server_default='on_site', nullable=False))
    op.add_column('rechecks', sa.Column('drawn', sa.Boolean(), server_default='false', nullable=False))
    op.add_column('rechecks', sa.Column('place', postgresql.JSONB(astext_type=sa.Text()), nullable=True))
    op.add_column('rechecks', sa.Column('certificates', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False))
    op.add_column('rechecks', sa.Column('attachments', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False))
    op.add_column('rechecks', sa.Column('unit_signature', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False))
    op.add_column('rechecks', sa.Column('unit_refused', sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.add_column('rechecks', sa.Column('opinion_by', postgresql.JSONB(astext_type=sa.Text()), nullable=True))
