"""what the committee organises."""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('assessments',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('area_code', sqlmodel.sql.sqltypes.AutoString(length=12), nullable=False),
    sa.Column('state', sa.Enum('draft', 'proposed', 'stated', 'decided', 'objected', 'answered', 'published', 'withdrawn', name='assessmentstate', native_enum=False, length=40), nullable=False),
    sa.Column('convener_id', sa.Uuid(), nullable=False),
    sa.Column('party_id', sa.Uuid(), nullable=False),
    sa.Column('party_kind', sa.Enum('committee', 'authority', 'township', 'delegate', 'enterprise', 'agency', 'association', 'insurer', 'union', 'police', 'procurator', 'discipline', 'partner', name='partykind', native_enum=False, length=40), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('quarter', sa.Integer(), nullable=False),
    sa.Column('lines', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('veto', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('opinion', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('answer', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('opened_by', sa.Uuid(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('state_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('object_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('quarter between 0 and 4', name=op.f('ck_assessments_quarter')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assessments')),
    info={'noun': 'assessment'}
    )
    op.create_index(op.f('ix_assessments_area_code'), 'assessments', ['area_code'], unique=False)
    op.create_index('ix_assessments_opened', 'assessments', ['opened_at', 'id'], unique=False)
    op.create_index(op.f('ix_assessments_party_id'), 'assessments', ['party_id'], unique=False)
    op.create_index('uq_assessments_standing', 'assessments', ['convener_id', 'party_id', 'year', 'quarter'], unique=True, postgresql_where=sa.text("state <> 'withdrawn'"))
    op.create_table('campaigns',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('area_code', sqlmodel.sql.sqltypes.AutoString(length=12), nullable=False),
    sa.Column('state', sa.Enum('opened', 'under_way', 'closed', 'withdrawn', name='campaignstate', native_enum=False, length=40), nullable=False),
    sa.Column('kind', sa.Enum('first_look', 'second_look', 'policy', name='campaignkind', native_enum=False, length=40), nullable=False),
    sa.Column('number', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('title', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('basis', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('party_id', sa.Uuid(), nullable=False),
    sa.Column('closed_from', sa.Date(), nullable=True),
    sa.Column('closed_to', sa.Date(), nullable=True),
    sa.Column('category', sa.Enum('special_equipment', 'fire', 'gas', 'chemicals', 'electricity', 'machinery', 'confined_space', 'dust', 'height', 'construction', 'traffic', 'food_premises', 'management', 'other', name='category', native_enum=False, length=40), nullable=True),
    sa.Column('grade', sa.Enum('general', 'major', name='grade', native_enum=False, length=40), nullable=True),
    sa.Column('results_by', sa.Date(), nullable=False),
    sa.Column('results_day_set', sa.Boolean(), nullable=False),
    sa.Column('photos_wanted', sa.Boolean(), nullable=False),
    sa.Column('content_hash', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('opened_by', sa.Uuid(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('drawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('report', postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_campaigns')),
    sa.UniqueConstraint('party_id', 'number', name=op.f('uq_campaigns_party_id_number')),
    info={'noun': 'campaign'}
    )
    op.create_index(op.f('ix_campaigns_area_code'), 'campaigns', ['area_code'], unique=False)
    op.create_index('ix_campaigns_opened', 'campaigns', ['opened_at', 'id'], unique=False)
    op.create_index(op.f('ix_campaigns_party_id'), 'campaigns', ['party_id'], unique=False)
    op.create_table('joint_actions',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('area_code', sqlmodel.sql.sqltypes.AutoString(length=12), nullable=False),
    sa.Column('state', sa.Enum('open', 'closed', 'cancelled', name='jointactionstate', native_enum=False, length=40), nullable=False),
    sa.Column('number', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('convener_id', sa.Uuid(), nullable=False),
    sa.Column('title', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('purpose', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('basis', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.Column('until', sa.Date(), nullable=False),
    sa.Column('categories', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('content_hash', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('opened_by', sa.Uuid(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('report', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('results', postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_joint_actions')),
    sa.UniqueConstraint('convener_id', 'number', name=op.f('uq_joint_actions_convener_id_number')),
    info={'noun': 'jointaction'}
    )
    op.create_index(op.f('ix_joint_actions_area_code'), 'joint_actions', ['area_code'], unique=False)
    op.create_index(op.f('ix_joint_actions_convener_id'), 'joint_actions', ['convener_id'], unique=False)
    op.create_index('ix_joint_actions_since', 'joint_actions', ['since', 'id'], unique=False)
    op.create_table('meetings',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('area_code', sqlmodel.sql.sqltypes.AutoString(length=12), nullable=False),
    sa.Column('state', sa.Enum('convened', 'held', 'minuted', 'cancelled', name='meetingstate', native_enum=False, length=40), nullable=False),
    sa.Column('number', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('convener_id', sa.Uuid(), nullable=False),
    sa.Column('title', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('place', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('agenda', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('content_hash', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('convened_by', sa.Uuid(), nullable=False),
    sa.Column('convened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('minutes', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('minuted_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meetings')),
    sa.UniqueConstraint('convener_id', 'number', name=op.f('uq_meetings_convener_id_number')),
    info={'noun': 'meeting'}
    )
    op.create_index(op.f('ix_meetings_area_code'), 'meetings', ['area_code'], unique=False)
    op.create_index(op.f('ix_meetings_convener_id'), 'meetings', ['convener_id'], unique=False)
    op.create_index('ix_meetings_starts', 'meetings', ['starts_at', 'id'], unique=False)
    op.create_table('assessment_words',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('assessment_id', sa.Uuid(), nullable=False),
    sa.Column('objection', sa.Boolean(), nullable=False),
    sa.Column('text', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('files', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('by_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['assessment_id'], ['assessments.id'], name=op.f('fk_assessment_words_assessment_id_assessments')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assessment_words'))
    )
    op.create_index(op.f('ix_assessment_words_assessment_id'), 'assessment_words', ['assessment_id'], unique=False)
    op.create_table('campaign_draws',
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('entries', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('list_hash', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('secret', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('commitment', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('shares', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('public_value', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('witness', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('seed', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('drawn', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaigns.id'], name=op.f('fk_campaign_draws_campaign_id_campaigns')),
    sa.PrimaryKeyConstraint('campaign_id', name=op.f('pk_campaign_draws'))
    )
    op.create_table('campaign_items',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('hazard_id', sa.Uuid(), nullable=False),
    sa.Column('area_code', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('number', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('cycle', sa.Integer(), nullable=False),
    sa.Column('ordinal', sa.Integer(), nullable=False),
    sa.Column('grade', sa.Enum('general', 'major', name='grade', native_enum=False, length=40), nullable=False),
    sa.Column('lead_authority_id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.Enum('waiting', 'passed', 'failed', 'undone', 'missed', name='lookstate', native_enum=False, length=40), nullable=False),
    sa.Column('why', sa.Enum('enterprise_gone', 'no_entry', 'at_a_standstill', 'open_again', 'other', name='unlooked', native_enum=False, length=40), nullable=True),
    sa.Column('remark', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('drawn_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('by_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaigns.id'], name=op.f('fk_campaign_items_campaign_id_campaigns')),
    sa.ForeignKeyConstraint(['hazard_id'], ['hazards.id'], name=op.f('fk_campaign_items_hazard_id_hazards')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_campaign_items')),
    sa.UniqueConstraint('campaign_id', 'hazard_id', name=op.f('uq_campaign_items_campaign_id_hazard_id'))
    )
    op.create_index(op.f('ix_campaign_items_area_code'), 'campaign_items', ['area_code'], unique=False)
    op.create_index('ix_campaign_items_hazard', 'campaign_items', ['hazard_id', 'state'], unique=False)
    op.create_index('ix_campaign_items_lead', 'campaign_items', ['lead_authority_id', 'state'], unique=False)
    op.create_table('committee_tasks',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('area_code', sqlmodel.sql.sqltypes.AutoString(length=12), nullable=False),
    sa.Column('state', sa.Enum('open', 'reported', 'insufficient', 'accepted', 'cancelled', name='taskstate', native_enum=False, length=40), nullable=False),
    sa.Column('number', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('meeting_id', sa.Uuid(), nullable=False),
    sa.Column('resolution', sa.Integer(), nullable=False),
    sa.Column('convener_id', sa.Uuid(), nullable=False),
    sa.Column('owner_id', sa.Uuid(), nullable=False),
    sa.Column('co_owner_ids', postgresql.ARRAY(sa.Uuid()), server_default='{}', nullable=False),
    sa.Column('enterprise_ids', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('demand', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('limit', sa.Date(), nullable=False),
    sa.Column('content_hash', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('assigned_by', sa.Uuid(), nullable=False),
    sa.Column('assigned_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('doings', sa.Integer(), server_default='0', nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['meeting_id'], ['meetings.id'], name=op.f('fk_committee_tasks_meeting_id_meetings')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_committee_tasks')),
    sa.UniqueConstraint('convener_id', 'number', name=op.f('uq_committee_tasks_convener_id_number')),
    info={'noun': 'committeetask'}
    )
    op.create_index(op.f('ix_committee_tasks_area_code'), 'committee_tasks', ['area_code'], unique=False)
    op.create_index('ix_committee_tasks_assigned', 'committee_tasks', ['assigned_at', 'id'], unique=False)
    op.create_index('ix_committee_tasks_co_owners', 'committee_tasks', ['co_owner_ids'], unique=False, postgresql_using='gin')
    op.create_index('ix_committee_tasks_meeting', 'committee_tasks', ['meeting_id', 'resolution'], unique=False)
    op.create_index(op.f('ix_committee_tasks_owner_id'), 'committee_tasks', ['owner_id'], unique=False)
    op.create_table('joint_parts',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('action_id', sa.Uuid(), nullable=False),
    sa.Column('authority_id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.Enum('asked', 'accepted', 'declined', 'reported', 'released', name='jointpartstate', native_enum=False, length=40), nullable=False),
    sa.Column('what', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('report_by', sa.Date(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answer', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('files', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('late', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('by_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['action_id'], ['joint_actions.id'], name=op.f('fk_joint_parts_action_id_joint_actions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_joint_parts'))
    )
    op.create_index(op.f('ix_joint_parts_action_id'), 'joint_parts', ['action_id'], unique=False)
    op.create_index(op.f('ix_joint_parts_authority_id'), 'joint_parts', ['authority_id'], unique=False)
    op.create_index('uq_joint_parts_standing', 'joint_parts', ['action_id', 'authority_id'], unique=True, postgresql_where=sa.text("state in ('asked', 'accepted', 'reported')"))
    op.create_table('joint_targets',
    sa.Column('action_id', sa.Uuid(), nullable=False),
    sa.Column('enterprise_id', sa.Uuid(), nullable=False),
    sa.Column('chosen_by', sa.Uuid(), nullable=False),
    sa.Column('chosen_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['action_id'], ['joint_actions.id'], name=op.f('fk_joint_targets_action_id_joint_actions')),
    sa.PrimaryKeyConstraint('action_id', 'enterprise_id', name=op.f('pk_joint_targets'))
    )
    op.create_table('joint_visits',
    sa.Column('visit_id', sa.Uuid(), nullable=False),
    sa.Column('action_id', sa.Uuid(), nullable=False),
    sa.Column('authority_id', sa.Uuid(), nullable=False),
    sa.Column('enterprise_id', sa.Uuid(), nullable=False),
    sa.Column('hazard_ids', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('recorded_by', sa.Uuid(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['action_id'], ['joint_actions.id'], name=op.f('fk_joint_visits_action_id_joint_actions')),
    sa.ForeignKeyConstraint(['visit_id'], ['visits.id'], name=op.f('fk_joint_visits_visit_id_visits')),
    sa.PrimaryKeyConstraint('visit_id', name=op.f('pk_joint_visits'))
    )
    op.create_index(op.f('ix_joint_visits_action_id'), 'joint_visits', ['action_id'], unique=False)
    op.create_table('meeting_calls',
    sa.Column('meeting_id', sa.Uuid(), nullable=False),
    sa.Column('party_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Enum('committee', 'authority', 'township', 'delegate', 'enterprise', 'agency', 'association', 'insurer', 'union', 'police', 'procurator', 'discipline', 'partner', name='partykind', native_enum=False, length=40), nullable=False),
    sa.Column('attendance', sa.Enum('present', 'deputy', 'excused', 'absent', name='attendance', native_enum=False, length=40), nullable=True),
    sa.Column('came', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('remark', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.ForeignKeyConstraint(['meeting_id'], ['meetings.id'], name=op.f('fk_meeting_calls_meeting_id_meetings')),
    sa.PrimaryKeyConstraint('meeting_id', 'party_id', name=op.f('pk_meeting_calls'))
    )
    op.create_index('ix_meeting_calls_party', 'meeting_calls', ['party_id', 'meeting_id'], unique=False)
    op.create_table('policy_measures',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('ordinal', sa.Integer(), nullable=False),
    sa.Column('document', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('measure', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('owner_id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.Enum('asked', 'reported', 'judged', 'missed', name='policymeasurestate', native_enum=False, length=40), nullable=False),
    sa.Column('account', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('files', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('reported_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('verdict', sa.Enum('carried_out', 'partly', 'not_carried_out', name='carried', native_enum=False, length=40), nullable=True),
    sa.Column('reason', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('judged_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaigns.id'], name=op.f('fk_policy_measures_campaign_id_campaigns')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_policy_measures')),
    sa.UniqueConstraint('campaign_id', 'ordinal', name=op.f('uq_policy_measures_campaign_id_ordinal'))
    )
    op.create_index(op.f('ix_policy_measures_owner_id'), 'policy_measures', ['owner_id'], unique=False)
    op.create_table('resolutions',
    sa.Column('meeting_id', sa.Uuid(), nullable=False),
    sa.Column('ordinal', sa.Integer(), nullable=False),
    sa.Column('text', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.ForeignKeyConstraint(['meeting_id'], ['meetings.id'], name=op.f('fk_resolutions_meeting_id_meetings')),
    sa.PrimaryKeyConstraint('meeting_id', 'ordinal', name=op.f('pk_resolutions'))
    )
    op.create_table('transfers',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('area_code', sqlmodel.sql.sqltypes.AutoString(length=12), nullable=False),
    sa.Column('state', sa.Enum('sent', 'acknowledged', 'refused', 'answered', 'withdrawn', 'kept', name='transferstate', native_enum=False, length=40), nullable=False),
    sa.Column('number', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('ground', sa.Enum('suspected_crime', 'neglected_duty', 'public_interest', 'not_competent', 'higher_power', name='transferground', native_enum=False, length=40), nullable=False),
    sa.Column('sender_id', sa.Uuid(), nullable=False),
    sa.Column('receiver_id', sa.Uuid(), nullable=False),
    sa.Column('receiver_kind', sa.Enum('committee', 'authority', 'township', 'delegate', 'enterprise', 'agency', 'association', 'insurer', 'union', 'police', 'procurator', 'discipline', 'partner', name='partykind', native_enum=False, length=40), nullable=False),
    sa.Column('subject', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('reason', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('basis', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('hazard_id', sa.Uuid(), nullable=True),
    sa.Column('case_id', sa.Uuid(), nullable=True),
    sa.Column('file', postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    sa.Column('evidence', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('additions', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('content_hash', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('sent_by', sa.Uuid(), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('refusals', sa.Integer(), nullable=False),
    sa.Column('result', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('result_files', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('acknowledged_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['hazard_id'], ['hazards.id'], name=op.f('fk_transfers_hazard_id_hazards')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_transfers')),
    sa.UniqueConstraint('sender_id', 'number', name=op.f('uq_transfers_sender_id_number')),
    info={'noun': 'transfer'}
    )
    op.create_index(op.f('ix_transfers_area_code'), 'transfers', ['area_code'], unique=False)
    op.create_index(op.f('ix_transfers_hazard_id'), 'transfers', ['hazard_id'], unique=False)
    op.create_index(op.f('ix_transfers_receiver_id'), 'transfers', ['receiver_id'], unique=False)
    op.create_index('ix_transfers_refused', 'transfers', ['state', 'receiver_kind'], unique=False)
    op.create_index(op.f('ix_transfers_sender_id'), 'transfers', ['sender_id'], unique=False)
    op.create_index('ix_transfers_sent', 'transfers', ['sent_at', 'id'], unique=False)
    op.create_table('campaign_photos',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('item_id', sa.Uuid(), nullable=False),
    sa.Column('photo', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('capacity', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('party_id', sa.Uuid(), nullable=True),
    sa.Column('remark', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['item_id'], ['campaign_items.id'], name=op.f('fk_campaign_photos_item_id_campaign_items')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_campaign_photos'))
    )
    op.create_index(op.f('ix_campaign_photos_item_id'), 'campaign_photos', ['item_id'], unique=False)
    op.create_table('task_doings',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('task_id', sa.Uuid(), nullable=False),
    sa.Column('ordinal', sa.Integer(), nullable=False),
    sa.Column('party_id', sa.Uuid(), nullable=False),
    sa.Column('final', sa.Boolean(), nullable=False),
    sa.Column('text', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('files', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('by_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('late', sa.Boolean(), nullable=False),
    sa.Column('accepted', sa.Boolean(), nullable=True),
    sa.Column('reason', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('judged_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['task_id'], ['committee_tasks.id'], name=op.f('fk_task_doings_task_id_committee_tasks')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_task_doings')),
    sa.UniqueConstraint('task_id', 'ordinal', name=op.f('uq_task_doings_task_id_ordinal'))
    )
    op.create_index(op.f('ix_task_doings_task_id'), 'task_doings', ['task_id'], unique=False)
    op.create_table('transfer_refusals',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('transfer_id', sa.Uuid(), nullable=False),
    sa.Column('ordinal', sa.Integer(), nullable=False),
    sa.Column('reason', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('suggested_id', sa.Uuid(), nullable=True),
    sa.Column('by_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['transfer_id'], ['transfers.id'], name=op.f('fk_transfer_refusals_transfer_id_transfers')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_transfer_refusals')),
    sa.UniqueConstraint('transfer_id', 'ordinal', name=op.f('uq_transfer_refusals_transfer_id_ordinal'))
    )
    op.create_index(op.f('ix_transfer_refusals_transfer_id'), 'transfer_refusals', ['transfer_id'], unique=False)
