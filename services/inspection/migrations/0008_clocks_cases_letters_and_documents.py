"""clocks, cases, letters and documents."""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('climbs',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('root_id', sa.Uuid(), nullable=False),
    sa.Column('instrument', sa.Enum('reminder', 'warning', 'supervision', 'interview', 'proposal', name='instrument', native_enum=False, length=40), nullable=False),
    sa.Column('level', sa.Integer(), nullable=False),
    sa.Column('object_kind', sa.Enum('entry', 'hazard', 'visit', 'letter', 'proposal', 'meeting', 'committee_task', 'joint_action', 'assessment', 'campaign', 'transfer', 'document', name='kind', native_enum=False, length=40), nullable=False),
    sa.Column('object_id', sa.Uuid(), nullable=False),
    sa.Column('area_code', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('cycle', sa.Integer(), nullable=False),
    sa.Column('deadline_id', sa.Uuid(), nullable=False),
    sa.Column('key', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('explanation_en', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('explanation_zh', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('owed_by', sa.Uuid(), nullable=True),
    sa.Column('rule', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('to_id', sa.Uuid(), nullable=True),
    sa.Column('letter_id', sa.Uuid(), nullable=True),
    sa.Column('proposal_id', sa.Uuid(), nullable=True),
    sa.Column('joined', sa.Boolean(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_climbs')),
    sa.UniqueConstraint('root_id', 'instrument', name=op.f('uq_climbs_root_id_instrument'))
    )
    op.create_index('ix_climbs_object', 'climbs', ['object_id', 'at'], unique=False)
    op.create_table('deadline_changes',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('deadline_id', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('what', sa.Enum('fired', 'extended', 'paused', 'resumed', 'recomputed', name='change', native_enum=False, length=40), nullable=False),
    sa.Column('rung', sa.Enum('approaching', 'missed', 'reminder', 'warning', 'supervision', name='rung', native_enum=False, length=40), nullable=True),
    sa.Column('due_before', sa.DateTime(timezone=True), nullable=True),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reason_en', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('reason_zh', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deadline_changes')),
    info={'append_only': True}
    )
    op.create_index('ix_deadline_changes_deadline', 'deadline_changes', ['deadline_id', 'id'], unique=False)
    op.create_index('uq_deadline_changes_once', 'deadline_changes', ['deadline_id', 'rung', 'due_at'], unique=True, postgresql_where=sa.text("what = 'fired'"))
    op.create_table('document_renditions',
    sa.Column('document_id', sa.Uuid(), nullable=False),
    sa.Column('language', sa.Text(), nullable=False),
    sa.Column('sha256', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('size_bytes', sa.Integer(), nullable=False),
    sa.Column('pages', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('document_id', 'language', name=op.f('pk_document_renditions')),
    info={'append_only': True, 'noun': 'document'}
    )
    op.create_index(op.f('ix_document_renditions_sha256'), 'document_renditions', ['sha256'], unique=False)
    op.create_table('document_servings',
    sa.Column('document_id', sa.Uuid(), nullable=False),
    sa.Column('how', sa.Enum('in_person', 'left_at_premises', 'posted', 'electronic', 'taken_in_hand', name='deliveryhow', native_enum=False, length=40), nullable=False),
    sa.Column('received_by', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('refused', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('witnesses', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('evidence', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Uuid(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('document_id', name=op.f('pk_document_servings')),
    info={'append_only': True, 'noun': 'document'}
    )
    op.create_table('documents',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('area_code', sqlmodel.sql.sqltypes.AutoString(length=12), nullable=False),
    sa.Column('state', sa.Enum('pending', 'issued', 'voided', name='documentstate', native_enum=False, length=40), nullable=False),
    sa.Column('kind', sa.Enum('inspection_record', 'rectification_order', 'onsite_measure', 'recheck_opinion', 'reminder_letter', 'warning_letter', 'supervision_letter', 'interview_notice', 'listing_notice', 'transfer_letter', name='documentkind', native_enum=False, length=40), nullable=False),
    sa.Column('number', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('code', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('issuer_id', sa.Uuid(), nullable=False),
    sa.Column('addressee_id', sa.Uuid(), nullable=True),
    sa.Column('addressee_is_enterprise', sa.Boolean(), nullable=False),
    sa.Column('act_id', sa.Uuid(), nullable=False),
    sa.Column('hazard_id', sa.Uuid(), nullable=True),
    sa.Column('visit_id', sa.Uuid(), nullable=True),
    sa.Column('letter_id', sa.Uuid(), nullable=True),
    sa.Column('data', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('issued_by', sa.Uuid(), nullable=True),
    sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('try_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('fault', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('template', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('printed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('voided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('voided_by', sa.Uuid(), nullable=True),
    sa.Column('void_reason', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_documents')),
    sa.UniqueConstraint('code', name=op.f('uq_documents_code')),
    sa.UniqueConstraint('issuer_id', 'kind', 'number', name=op.f('uq_documents_issuer_id_kind_number')),
    info={'append_only': True, 'noun': 'document'}
    )
    op.create_index(op.f('ix_documents_addressee_id'), 'documents', ['addressee_id'], unique=False)
    op.create_index(op.f('ix_documents_area_code'), 'documents', ['area_code'], unique=False)
    op.create_index(op.f('ix_documents_hazard_id'), 'documents', ['hazard_id'], unique=False)
    op.create_index('ix_documents_issued', 'documents', ['issued_at', 'id'], unique=False)
    op.create_index(op.f('ix_documents_issuer_id'), 'documents', ['issuer_id'], unique=False)
    op.create_index(op.f('ix_documents_letter_id'), 'documents', ['letter_id'], unique=False)
    op.create_index('ix_documents_pending', 'documents', ['try_at'], unique=False, postgresql_where=sa.text("state = 'pending'"))
    op.create_index(op.f('ix_documents_visit_id'), 'documents', ['visit_id'], unique=False)
    op.create_index('uq_documents_act', 'documents', ['act_id', 'kind'], unique=True, postgresql_where=sa.text("state <> 'voided'"))
    op.create_table('proposals',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('area_code', sqlmodel.sql.sqltypes.AutoString(length=12), nullable=False),
    sa.Column('state', sa.Enum('open', 'decided', 'dismissed', name='proposalstate', native_enum=False, length=40), nullable=False),
    sa.Column('about_id', sa.Uuid(), nullable=False),
    sa.Column('letter_id', sa.Uuid(), nullable=True),
    sa.Column('hazard_ids', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('facts', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('measure', sa.Enum('circular', 'listing', 'transfer', name='measure', native_enum=False, length=40), nullable=True),
    sa.Column('reason', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_proposals')),
    info={'noun': 'proposal'}
    )
    op.create_index(op.f('ix_proposals_about_id'), 'proposals', ['about_id'], unique=False)
    op.create_index(op.f('ix_proposals_area_code'), 'proposals', ['area_code'], unique=False)
    op.create_index('ix_proposals_made', 'proposals', ['made_at', 'id'], unique=False)
    op.create_table('measures',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('hazard_id', sa.Uuid(), nullable=False),
    sa.Column('cycle', sa.Integer(), nullable=False),
    sa.Column('authority_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Enum('seizure', 'preservation', name='measurekind', native_enum=False, length=40), nullable=False),
    sa.Column('state', sa.Enum('standing', 'extended', 'ended', name='measurestate', native_enum=False, length=40), nullable=False),
    sa.Column('things', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('kept_at', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('reason', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('basis', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('basis_ids', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('officers', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('evidence', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('taken_by', sa.Uuid(), nullable=False),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until', sa.Date(), nullable=False),
    sa.Column('extended_by', sa.Uuid(), nullable=True),
    sa.Column('extended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('why_extended', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('outcome', sa.Enum('returned', 'seized', 'confiscated', 'destroyed', 'transferred', name='measureend', native_enum=False, length=40), nullable=True),
    sa.Column('decision', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('decision_evidence', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('ended_by', sa.Uuid(), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['hazard_id'], ['hazards.id'], name=op.f('fk_measures_hazard_id_hazards')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_measures'))
    )
    op.create_index(op.f('ix_measures_hazard_id'), 'measures', ['hazard_id'], unique=False)
    op.create_table('case_contests',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('hazard_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Enum('objection', 'reconsideration', 'suit', name='contestkind', native_enum=False, length=40), nullable=False),
    sa.Column('body', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('number', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('filed_on', sa.Date(), nullable=False),
    sa.Column('suspends', sa.Boolean(), nullable=False),
    sa.Column('why_suspended', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('by_id', sa.Uuid(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('outcome', sa.Enum('withdrawn', 'upheld', 'changed', 'revoked', name='contestoutcome', native_enum=False, length=40), nullable=True),
    sa.Column('document', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('reason', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('decided_on', sa.Date(), nullable=True),
    sa.Column('final_on', sa.Date(), nullable=True),
    sa.Column('evidence', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('ended_by', sa.Uuid(), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_case_contests_case_id_cases')),
    sa.ForeignKeyConstraint(['hazard_id'], ['hazards.id'], name=op.f('fk_case_contests_hazard_id_hazards')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_contests'))
    )
    op.create_index(op.f('ix_case_contests_case_id'), 'case_contests', ['case_id'], unique=False)
    op.create_index(op.f('ix_case_contests_hazard_id'), 'case_contests', ['hazard_id'], unique=False)
    op.create_table('case_services',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('hazard_id', sa.Uuid(), nullable=False),
    sa.Column('document', sa.Enum('rights_notice', 'decision', 'demand', name='casedocument', native_enum=False, length=40), nullable=False),
    sa.Column('how', sa.Enum('in_person', 'left_at_premises', 'posted', 'electronic', 'taken_in_hand', name='deliveryhow', native_enum=False, length=40), nullable=False),
    sa.Column('received_by', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('refused', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('witnesses', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('evidence', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Uuid(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_case_services_case_id_cases')),
    sa.ForeignKeyConstraint(['hazard_id'], ['hazards.id'], name=op.f('fk_case_services_hazard_id_hazards')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_services'))
    )
    op.create_index(op.f('ix_case_services_case_id'), 'case_services', ['case_id'], unique=False)
    op.create_index(op.f('ix_case_services_hazard_id'), 'case_services', ['hazard_id'], unique=False)
    op.create_table('case_statements',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('case_id', sa.Uuid(), nullable=False),
    sa.Column('hazard_id', sa.Uuid(), nullable=False),
    sa.Column('statement', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('late', sa.Boolean(), nullable=False),
    sa.Column('evidence', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False),
    sa.Column('by_id', sa.Uuid(), nullable=False),
    sa.Column('by_party_id', sa.Uuid(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_case_statements_case_id_cases')),
    sa.ForeignKeyConstraint(['hazard_id'], ['hazards.id'], name=op.f('fk_case_statements_hazard_id_hazards')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_statements'))
    )
    op.create_index(op.f('ix_case_statements_case_id'), 'case_statements', ['case_id'], unique=False)
    op.create_index(op.f('ix_case_statements_hazard_id'), 'case_statements', ['hazard_id'], unique=False)
    op.add_column('cases', sa.Column('told_facts', sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.add_column('cases', sa.Column('told_reasons', sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.add_column('cases', sa.Column('told_penalty', sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.add_column('cases', sa.Column('told_kinds', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False))
    op.add_column('cases', sa.Column('told_amount_yuan', sa.BigInteger(), nullable=True))
    op.add_column('cases', sa.Column('told_basis', sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.add_column('cases', sa.Column('told_basis_ids', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False))
    op.add_column('cases', sa.Column('complicated', sa.Boolean(), server_default='false', nullable=False))
    op.add_column('cases', sa.Column('answer_until', sa.Date(), nullable=True))
    op.add_column('cases', sa.Column('hearing_right', sa.Boolean(), server_default='false', nullable=False))
    op.add_column('cases', sa.Column('hearing_asked_on', sa.Date(), nullable=True))
    op.add_column('cases', sa.Column('hearing_asked_for', sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.add_column('cases', sa.Column('hearing_waived_on', sa.Date(), nullable=True))
    op.add_column('cases', sa.Column('hearing_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('cases', sa.Column('hearing_place', sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.add_column('cases', sa.Column('hearing_presider', sa.Uuid(), nullable=True))
    op.add_column('cases', sa.Column('hearing_held_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('cases', sa.Column('hearing_attended', sa.Boolean(), nullable=True))
    op.add_column('cases', sa.Column('hearing_record', sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.add_column('cases', sa.Column('hearing_files', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False))
    op.add_column('cases', sa.Column('review_agrees', sa.Boolean(), nullable=True))
    op.add_column('cases', sa.Column('review_opinion', sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.add_column('cases', sa.Column('reviewed_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('cases', sa.Column('discussed_on', sa.Date(), nullable=True))
    op.add_column('cases', sa.Column('discussed_by', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False))
    op.add_column('cases', sa.Column('discussion', sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.add_column('cases', sa.Column('kinds', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False))
    op.add_column('cases', sa.Column('drop_cause', sa.Enum('defence_accepted', 'minor_and_corrected', 'not_proven', 'out_of_time', 'other', name='dropcause', native_enum=False, length=40), nullable=True))
    op.add_column('cases', sa.Column('served_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('cases', sa.Column('appeal_until', sa.Date(), nullable=True))
    op.add_column('cases', sa.Column('pay_until', sa.Date(), nullable=True))
    op.add_column('cases', sa.Column('instalments', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False))
    op.add_column('cases', sa.Column('terms_reason', sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.add_column('cases', sa.Column('payments', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False))
    op.add_column('cases', sa.Column('demand', sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.add_column('cases', sa.Column('revoked_on', sa.Date(), nullable=True))
    op.add_column('deadlines', sa.Column('version', sa.Integer(), server_default='0', nullable=False))
    op.add_column('deadlines', sa.Column('next_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('deadlines', sa.Column('rung', sa.Enum('approaching', 'missed', 'reminder', 'warning', 'supervision', name='rung', native_enum=False, length=40), nullable=True))
    op.add_column('deadlines', sa.Column('paused_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('deadlines', sa.Column('rules_hash', sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.add_column('deadlines', sa.Column('remaining', sa.Integer(), nullable=True))
    op.add_column('deadlines', sa.Column('remaining_from', sa.DateTime(timezone=True), nullable=True))
    op.add_column('deadlines', sa.Column('tries', sa.Integer(), server_default='0', nullable=False))
    op.create_index(op.f('ix_deadlines_area_code'), 'deadlines', ['area_code'], unique=False)
    op.create_index('ix_deadlines_going', 'deadlines', ['due_at', 'id'], unique=False, postgresql_where=sa.text("state in ('open', 'paused')"))
    op.create_index('ix_deadlines_next', 'deadlines', ['next_at', 'id'], unique=False, postgresql_where=sa.text("state = 'open' and next_at is not null"))
    op.create_index('ix_deadlines_object', 'deadlines', ['object_id'], unique=False, postgresql_where=sa.text("state in ('open', 'paused')"))
    op.create_index('ix_deadlines_owed_by', 'deadlines', ['owed_by', 'due_at', 'id'], unique=False, postgresql_where=sa.text("state in ('open', 'paused')"))
    op.create_index('ix_deadlines_unscheduled', 'deadlines', ['id'], unique=False, postgresql_where=sa.text("state = 'open' and next_at is null and rung is null"))
    op.add_column('hazards', sa.Column('answer_until', sa.Date(), nullable=True))
    op.add_column('hazards', sa.Column('hearing_right', sa.Boolean(), server_default='false', nullable=False))
    op.add_column('hazards', sa.Column('hearing_on', sa.Date(), nullable=True))
    op.add_column('hazards', sa.Column('pay_until', sa.Date(), nullable=True))
    op.add_column('hazards', sa.Column('contested', sa.Boolean(), server_default='false', nullable=False))
    op.add_column('letter_replies', sa.Column('late', sa.Boolean(), server_default='false', nullable=False))
    op.add_column('letters', sa.Column('capacity', sqlmodel.sql.sqltypes.AutoString(), server_default='', nullable=False))
    op.add_column('letters', sa.Column('root_id', sa.Uuid(), nullable=True))
    op.add_column('letters', sa.Column('deadline_id', sa.Uuid(), nullable=True))
    op.add_column('letters', sa.Column('rule', sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.add_column('letters', sa.Column('due_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('letters', sa.Column('explanation_en', sqlmodel.sql.sqltypes.AutoString(), server_default='', nullable=False))
    op.add_column('letters', sa.Column('explanation_zh', sqlmodel.sql.sqltypes.AutoString(), server_default='', nullable=False))
    op.add_column('letters', sa.Column('leader_id', sa.Uuid(), nullable=True))
    op.add_column('letters', sa.Column('leader', sqlmodel.sql.sqltypes.AutoString(), server_default='', nullable=False))
    op.add_column('letters', sa.Column('unaddressed', sa.Boolean(), server_default='false', nullable=False))
    op.add_column('letters', sa.Column('interview', postgresql.JSONB(astext_type=sa.Text()), nullable=True))
    op.add_column('letters', sa.Column('published', sqlmodel.sql.sqltypes.AutoString(), server_default='', nullable=False))
    op.add_column('letters', sa.Column('named_ids', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False))
    op.alter_column('letters', 'sent_by',
               existing_type=sa.UUID(),
               nullable=True)
    op.create_index(op.f('ix_letters_root_id'), 'letters', ['root_id'], unique=False)
