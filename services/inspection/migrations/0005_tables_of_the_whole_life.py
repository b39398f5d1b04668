"""tables of the whole life."""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('holds',
    sa.Column('object_id', sa.Uuid(), nullable=False),
    sa.Column('who_id', sa.Uuid(), nullable=False),
    sa.Column('object_kind', sa.Enum('entry', 'hazard', 'visit', 'letter', name='kind', native_enum=False, length=40), nullable=False),
    sa.Column('party_id', sa.Uuid(), nullable=True),
    sa.Column('name', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('object_id', 'who_id', name=op.f('pk_holds'))
    )
    op.create_table('letters',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('area_code', sqlmodel.sql.sqltypes.AutoString(length=12), nullable=False),
    sa.Column('state', sa.Enum('sent', 'answered', 'accepted', 'insufficient', name='letterstate', native_enum=False, length=40), nullable=False),
    sa.Column('kind', sa.Enum('reminder', 'warning', 'supervision', 'notice', name='letterkind', native_enum=False, length=40), nullable=False),
    sa.Column('number', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('sender_id', sa.Uuid(), nullable=False),
    sa.Column('addressee_id', sa.Uuid(), nullable=False),
    sa.Column('addressee_kind', sa.Enum('committee', 'authority', 'township', 'delegate', 'enterprise', 'agency', 'association', 'insurer', 'union', 'procurator', 'discipline', 'partner', name='partykind', native_enum=False, length=40), nullable=False),
    sa.Column('basis', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('facts', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('demand', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('reply_by', sa.Date(), nullable=True),
    sa.Column('hazard_ids', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('content_hash', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('sent_by', sa.Uuid(), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('replies', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_letters')),
    sa.UniqueConstraint('sender_id', 'number', name=op.f('uq_letters_sender_id_number')),
    info={'noun': 'letter'}
    )
    op.create_index(op.f('ix_letters_addressee_id'), 'letters', ['addressee_id'], unique=False)
    op.create_index(op.f('ix_letters_area_code'), 'letters', ['area_code'], unique=False)
    op.create_index(op.f('ix_letters_sender_id'), 'letters', ['sender_id'], unique=False)
    op.create_index('ix_letters_sent', 'letters', ['sent_at', 'id'], unique=False)
    op.create_table('saved_views',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('owner_id', sa.Uuid(), nullable=False),
    sa.Column('party_id', sa.Uuid(), nullable=True),
    sa.Column('list', sa.Enum('hazards', 'docket', name='list', native_enum=False, length=40), nullable=False),
    sa.Column('name', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('filters', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('shared', sa.Boolean(), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_views'))
    )
    op.create_index(op.f('ix_saved_views_owner_id'), 'saved_views', ['owner_id'], unique=False)
    op.create_index(op.f('ix_saved_views_party_id'), 'saved_views', ['party_id'], unique=False)
    op.create_table('visits',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('area_code', sqlmodel.sql.sqltypes.AutoString(length=12), nullable=False),
    sa.Column('state', sa.Enum('planned', 'under_way', 'finished', 'not_done', 'cancelled', name='visitstate', native_enum=False, length=40), nullable=False),
    sa.Column('kind', sa.Enum('admin_inspection', 'grid_patrol', name='visitkind', native_enum=False, length=40), nullable=False),
    sa.Column('ground', sa.Enum('planned', 'drawn', 'complaint', 'accident', 'recheck', 'superior_assigned', 'special_campaign', name='visitground', native_enum=False, length=40), nullable=False),
    sa.Column('enterprise_id', sa.Uuid(), nullable=False),
    sa.Column('party_id', sa.Uuid(), nullable=False),
    sa.Column('joint_authority_ids', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('purpose', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('unannounced', sa.Boolean(), nullable=False),
    sa.Column('officers', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('joint_officers', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('hazard_ids', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('content_hash', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('planned_by', sa.Uuid(), nullable=False),
    sa.Column('planned_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('findings', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('hazards_found', sa.Integer(), nullable=True),
    sa.Column('undone', sa.Enum('closed', 'refused_entry', 'moved', 'other', name='undone', native_enum=False, length=40), nullable=True),
    sa.Column('remark', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visits')),
    info={'noun': 'visit'}
    )
    op.create_index(op.f('ix_visits_area_code'), 'visits', ['area_code'], unique=False)
    op.create_index('ix_visits_enterprise', 'visits', ['enterprise_id', 'on'], unique=False)
    op.create_index('ix_visits_on', 'visits', ['on', 'id'], unique=False)
    op.create_index(op.f('ix_visits_party_id'), 'visits', ['party_id'], unique=False)
    op.create_table('cases',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('hazard_id', sa.Uuid(), nullable=False),
    sa.Column('cycle', sa.Integer(), nullable=False),
    sa.Column('number', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('authority_id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.Enum('none', 'case_open', 'penalty_decided', 'executed', 'court', name='enforcement', native_enum=False, length=40), nullable=False),
    sa.Column('ground', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('basis', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('basis_ids', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('officers', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('opened_by', sa.Uuid(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('rights_told_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('legal_review_by', sa.Uuid(), nullable=True),
    sa.Column('hearing', sa.Enum('waived', 'held', 'not_required', name='hearing', native_enum=False, length=40), nullable=True),
    sa.Column('penalty', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('amount_yuan', sa.BigInteger(), nullable=True),
    sa.Column('decision_basis', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('decision_basis_ids', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('drop_reason', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('dropped_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('court', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('demand_served_on', sa.Date(), nullable=True),
    sa.Column('sent_to_court_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('execution', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('execution_evidence', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('executed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('amount_yuan >= 0', name=op.f('ck_cases_no_negative_fine')),
    sa.ForeignKeyConstraint(['hazard_id'], ['hazards.id'], name=op.f('fk_cases_hazard_id_hazards')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cases')),
    sa.UniqueConstraint('number', name=op.f('uq_cases_number'))
    )
    op.create_index(op.f('ix_cases_hazard_id'), 'cases', ['hazard_id'], unique=False)
    op.create_table('evidence_captures',
    sa.Column('evidence_id', sa.Uuid(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('lon', sa.Float(), nullable=True),
    sa.Column('lat', sa.Float(), nullable=True),
    sa.Column('accuracy_m', sa.Float(), nullable=True),
    sa.Column('device', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('by_id', sa.Uuid(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['evidence_id'], ['evidence.id'], name=op.f('fk_evidence_captures_evidence_id_evidence')),
    sa.PrimaryKeyConstraint('evidence_id', 'source', name=op.f('pk_evidence_captures'))
    )
    op.create_table('extensions',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('hazard_id', sa.Uuid(), nullable=False),
    sa.Column('cycle', sa.Integer(), nullable=False),
    sa.Column('ground', sa.Enum('force_majeure', 'other', name='extensionground', native_enum=False, length=40), nullable=False),
    sa.Column('reason', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('interim_measures', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('evidence', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('limit_before', sa.Date(), nullable=False),
    sa.Column('until_asked', sa.Date(), nullable=False),
    sa.Column('asked_by', sa.Uuid(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decide_by', sa.DateTime(timezone=True), nullable=False),
    sa.Column('granted', sa.Boolean(), nullable=True),
    sa.Column('until_granted', sa.Date(), nullable=True),
    sa.Column('decision', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('lapsed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['hazard_id'], ['hazards.id'], name=op.f('fk_extensions_hazard_id_hazards')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_extensions'))
    )
    op.create_index(op.f('ix_extensions_hazard_id'), 'extensions', ['hazard_id'], unique=False)
    op.create_table('hazard_parts',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('serial', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('hazard_id', sa.Uuid(), nullable=False),
    sa.Column('cycle', sa.Integer(), nullable=False),
    sa.Column('authority_id', sa.Uuid(), nullable=False),
    sa.Column('asked_by_id', sa.Uuid(), nullable=False),
    sa.Column('task', sa.Enum('opinion', 'measure', 'joint_inspection', 'information', name='parttask', native_enum=False, length=40), nullable=False),
    sa.Column('what', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('required', sa.Boolean(), nullable=False),
    sa.Column('on', sa.Date(), nullable=True),
    sa.Column('state', sa.Enum('asked', 'acknowledged', 'answered', 'declined', 'insisted', 'released', name='partstate', native_enum=False, length=40), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due', sa.DateTime(timezone=True), nullable=True),
    sa.Column('acknowledged_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answer', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('files', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('officers', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('by_id', sa.Uuid(), nullable=False),
    sa.Column('reason_code', sa.Enum('not_in_scope', 'other_industry', 'other_area', 'other_category', 'no_power', name='returnreason', native_enum=False, length=40), nullable=True),
    sa.Column('reason', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('suggested_authority_id', sa.Uuid(), nullable=True),
    sa.Column('arbitrated_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('replaces_id', sa.Uuid(), nullable=True),
    sa.CheckConstraint('(task = \'joint_inspection\') = ("on" is not null)', name=op.f('ck_hazard_parts_joint_day')),
    sa.ForeignKeyConstraint(['hazard_id'], ['hazards.id'], name=op.f('fk_hazard_parts_hazard_id_hazards')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hazard_parts'))
    )
    op.create_index(op.f('ix_hazard_parts_authority_id'), 'hazard_parts', ['authority_id'], unique=False)
    op.create_index(op.f('ix_hazard_parts_hazard_id'), 'hazard_parts', ['hazard_id'], unique=False)
    op.create_index('uq_hazard_parts_open', 'hazard_parts', ['hazard_id', 'cycle', 'authority_id', 'task'], unique=True, postgresql_where=sa.text("state not in ('answered', 'released')"))
    op.create_table('letter_replies',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('letter_id', sa.Uuid(), nullable=False),
    sa.Column('ordinal', sa.Integer(), nullable=False),
    sa.Column('text', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('files', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('by_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('accepted', sa.Boolean(), nullable=True),
    sa.Column('reason', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('judged_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['letter_id'], ['letters.id'], name=op.f('fk_letter_replies_letter_id_letters')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_letter_replies')),
    sa.UniqueConstraint('letter_id', 'ordinal', name=op.f('uq_letter_replies_letter_id_ordinal'))
    )
    op.create_index(op.f('ix_letter_replies_letter_id'), 'letter_replies', ['letter_id'], unique=False)
    op.create_table('listings',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('hazard_id', sa.Uuid(), nullable=False),
    sa.Column('cycle', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('none', 'proposed', 'listed', 'delist_requested', 'delisted', name='listing', native_enum=False, length=40), nullable=False),
    sa.Column('ground', sa.Enum('major', 'recurrent', 'public_impact', 'overdue_major', name='listingground', native_enum=False, length=40), nullable=False),
    sa.Column('reason', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('evidence', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('proposed_by', sa.Uuid(), nullable=False),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('level', sa.Integer(), nullable=True),
    sa.Column('limit', sa.Date(), nullable=True),
    sa.Column('decision', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('delisting_statement', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('delisting_evidence', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('delisting_asked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('acceptors', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('acceptance', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('acceptance_evidence', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('accepted_on', sa.Date(), nullable=True),
    sa.Column('delisted_by', sa.Uuid(), nullable=True),
    sa.Column('delisted_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['hazard_id'], ['hazards.id'], name=op.f('fk_listings_hazard_id_hazards')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_listings'))
    )
    op.create_index(op.f('ix_listings_hazard_id'), 'listings', ['hazard_id'], unique=False)
    op.create_table('major_reports',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('hazard_id', sa.Uuid(), nullable=False),
    sa.Column('cycle', sa.Integer(), nullable=False),
    sa.Column('state_and_cause', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('harm_and_difficulty', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('plan', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('evidence', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('by_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['hazard_id'], ['hazards.id'], name=op.f('fk_major_reports_hazard_id_hazards')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_major_reports'))
    )
    op.create_index(op.f('ix_major_reports_hazard_id'), 'major_reports', ['hazard_id'], unique=False)
    op.create_table('power_cuts',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('hazard_id', sa.Uuid(), nullable=False),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('cut_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('urgent', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('reason', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('basis', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('basis_ids', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('by_id', sa.Uuid(), nullable=False),
    sa.Column('lifted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('lifted_by', sa.Uuid(), nullable=True),
    sa.Column('lift_reason', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.ForeignKeyConstraint(['hazard_id'], ['hazards.id'], name=op.f('fk_power_cuts_hazard_id_hazards')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_power_cuts'))
    )
    op.create_index(op.f('ix_power_cuts_hazard_id'), 'power_cuts', ['hazard_id'], unique=False)
    op.create_table('public_notices',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('hazard_id', sa.Uuid(), nullable=False),
    sa.Column('what', sa.Enum('listing', 'listing_filed', 'delisting', 'case_decision', name='publication', native_enum=False, length=40), nullable=False),
    sa.Column('where', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('by_id', sa.Uuid(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['hazard_id'], ['hazards.id'], name=op.f('fk_public_notices_hazard_id_hazards')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_public_notices'))
    )
    op.create_index(op.f('ix_public_notices_hazard_id'), 'public_notices', ['hazard_id'], unique=False)
    op.create_table('recusals',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('hazard_id', sa.Uuid(), nullable=False),
    sa.Column('officer_id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.Enum('asked', 'effective', 'refused', name='recusalstate', native_enum=False, length=40), nullable=False),
    sa.Column('reason', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('asked_by', sa.Uuid(), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decision', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.ForeignKeyConstraint(['hazard_id'], ['hazards.id'], name=op.f('fk_recusals_hazard_id_hazards')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recusals'))
    )
    op.create_index('ix_recusals_effective', 'recusals', ['officer_id', 'hazard_id'], unique=False, postgresql_where=sa.text("state = 'effective'"))
    op.create_index(op.f('ix_recusals_hazard_id'), 'recusals', ['hazard_id'], unique=False)
    op.create_index('uq_recusals_standing', 'recusals', ['hazard_id', 'officer_id'], unique=True, postgresql_where=sa.text("state in ('asked', 'effective')"))
    op.create_table('resumptions',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('hazard_id', sa.Uuid(), nullable=False),
    sa.Column('cycle', sa.Integer(), nullable=False),
    sa.Column('statement', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('plan', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('items', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('evaluation', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('evaluation_files', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('evidence', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('asked_by', sa.Uuid(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('granted', sa.Boolean(), nullable=True),
    sa.Column('decision', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('reviewers', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('certificates', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('remarks', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('photos', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['hazard_id'], ['hazards.id'], name=op.f('fk_resumptions_hazard_id_hazards')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_resumptions'))
    )
    op.create_index(op.f('ix_resumptions_hazard_id'), 'resumptions', ['hazard_id'], unique=False)
    op.create_table('reviews',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('entry_id', sa.Uuid(), nullable=False),
    sa.Column('by_party_id', sa.Uuid(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('contested', sa.Enum('received', 'accepted', 'rejected', 'transferred', 'merged', 'substantiated', 'unfounded', 'answered', 'review_requested', 'closed', name='reportstate', native_enum=False, length=40), nullable=False),
    sa.Column('statement', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('evidence', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('outcome', sa.Enum('under_review', 'upheld', 'dismissed', 'refused', name='outcome', native_enum=False, length=40), nullable=False),
    sa.Column('refusal', sa.Enum('case_still_open', 'too_late', 'under_review', 'already_reviewed', name='reviewrefusal', native_enum=False, length=40), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('decision', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.ForeignKeyConstraint(['entry_id'], ['docket_entries.id'], name=op.f('fk_reviews_entry_id_docket_entries')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reviews'))
    )
    op.create_index(op.f('ix_reviews_entry_id'), 'reviews', ['entry_id'], unique=False)
    op.create_table('order_deliveries',
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('hazard_id', sa.Uuid(), nullable=False),
    sa.Column('how', sa.Enum('in_person', 'left_at_premises', 'posted', 'electronic', 'taken_in_hand', name='deliveryhow', native_enum=False, length=40), nullable=False),
    sa.Column('received_by', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('refused', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('witnesses', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('evidence', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Uuid(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['hazard_id'], ['hazards.id'], name=op.f('fk_order_deliveries_hazard_id_hazards')),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_order_deliveries_order_id_orders')),
    sa.PrimaryKeyConstraint('order_id', name=op.f('pk_order_deliveries'))
    )
    op.create_index(op.f('ix_order_deliveries_hazard_id'), 'order_deliveries', ['hazard_id'], unique=False)
    op.create_table('site_checks',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('hazard_id', sa.Uuid(), nullable=False),
    sa.Column('recheck_id', sa.Uuid(), nullable=False),
    sa.Column('cycle', sa.Integer(), nullable=False),
    sa.Column('passed', sa.Boolean(), nullable=False),
    sa.Column('remark', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('evidence', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('by_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['hazard_id'], ['hazards.id'], name=op.f('fk_site_checks_hazard_id_hazards')),
    sa.ForeignKeyConstraint(['recheck_id'], ['rechecks.id'], name=op.f('fk_site_checks_recheck_id_rechecks')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_site_checks'))
    )
    op.create_index(op.f('ix_site_checks_hazard_id'), 'site_checks', ['hazard_id'], unique=False)
