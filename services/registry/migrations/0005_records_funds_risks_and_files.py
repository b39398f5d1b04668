"""Enterprises' records, funds, risks; files of tables."""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql
revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('funds',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('area_code', sqlmodel.sql.sqltypes.AutoString(length=12), nullable=False),
    sa.Column('balance_fen', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_funds')),
    info={'noun': 'fund'}
    )
    op.create_index(op.f('ix_funds_area_code'), 'funds', ['area_code'], unique=False)
    op.create_table('hazard_copies',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('enterprise_id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.Enum('suspected', 'confirmed', 'assigned', 'ordered', 'rectifying', 'recheck_requested', 'rechecking', 'verified', 'closed', 'reopened', 'dismissed', 'void', name='hazardstate', native_enum=False, length=40), nullable=False),
    sa.Column('category', sa.Enum('special_equipment', 'fire', 'gas', 'chemicals', 'electricity', 'machinery', 'confined_space', 'dust', 'height', 'construction', 'traffic', 'food_premises', 'management', 'other', name='category', native_enum=False, length=40), nullable=False),
    sa.Column('grade', sa.Enum('general', 'major', name='grade', native_enum=False, length=40), nullable=True),
    sa.Column('limit', sa.Date(), nullable=True),
    sa.Column('cycle', sa.Integer(), nullable=False),
    sa.Column('confirmed_on', sa.Date(), nullable=True),
    sa.Column('told', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hazard_copies'))
    )
    op.create_index(op.f('ix_hazard_copies_enterprise_id'), 'hazard_copies', ['enterprise_id'], unique=False)
    op.create_table('imports',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('kind', sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
    sa.Column('file_name', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('sha256', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.Column('size_bytes', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('waiting', 'unreadable', 'checked', 'confirmed', 'done', 'discarded', name='state', native_enum=False, length=40), nullable=False),
    sa.Column('handed_in_by', sa.Uuid(), nullable=False),
    sa.Column('handed_in_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('share', sa.Float(), nullable=False),
    sa.Column('rows', sa.Integer(), nullable=False),
    sa.Column('new', sa.Integer(), nullable=False),
    sa.Column('changed', sa.Integer(), nullable=False),
    sa.Column('unchanged', sa.Integer(), nullable=False),
    sa.Column('bad_rows', sa.Integer(), nullable=False),
    sa.Column('ignored', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('first_rows', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('refusal', postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    sa.Column('skip_bad', sa.Boolean(), nullable=False),
    sa.Column('confirmed_by', sa.Uuid(), nullable=True),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_imports'))
    )
    op.create_index('ix_imports_due', 'imports', ['handed_in_at'], unique=False, postgresql_where=sa.text("state in ('waiting', 'confirmed')"))
    op.create_index(op.f('ix_imports_handed_in_at'), 'imports', ['handed_in_at'], unique=False)
    op.create_index('uq_imports_open', 'imports', ['kind', 'sha256'], unique=True, postgresql_where=sa.text("state in ('waiting', 'checked', 'confirmed')"))
    op.create_table('risks',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('area_code', sqlmodel.sql.sqltypes.AutoString(length=12), nullable=False),
    sa.Column('colour', sa.Enum('red', 'orange', 'yellow', 'blue', name='colour', native_enum=False, length=40), nullable=True),
    sa.Column('score', sa.Integer(), nullable=True),
    sa.Column('reasons', postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    sa.Column('assessed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_risks')),
    info={'noun': 'risk'}
    )
    op.create_index(op.f('ix_risks_area_code'), 'risks', ['area_code'], unique=False)
    op.create_index(op.f('ix_risks_colour'), 'risks', ['colour'], unique=False)
    op.create_index('ix_risks_due_at', 'risks', ['due_at'], unique=False, postgresql_where=sa.text('due_at is not null'))
    op.create_index(op.f('ix_risks_score'), 'risks', ['score'], unique=False)
    op.create_table('fund_entries',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('enterprise_id', sa.Uuid(), nullable=False),
    sa.Column('move', sa.Enum('extraction', 'use', 'reversal', name='fundmove', native_enum=False, length=40), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('amount_fen', sa.BigInteger(), nullable=False),
    sa.Column('use', sa.Enum('risk_and_hazards', 'evaluation', 'protective_gear', 'education', 'equipment_tests', 'emergency', 'insurance', 'other', name='funduse', native_enum=False, length=40), nullable=True),
    sa.Column('reverses', sa.Uuid(), nullable=True),
    sa.Column('applied', postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    sa.Column('note', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('entered_by', sa.Uuid(), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(move = 'reversal') = (reverses is not null)", name=op.f('ck_fund_entries_reversal')),
    sa.ForeignKeyConstraint(['enterprise_id'], ['funds.id'], name=op.f('fk_fund_entries_enterprise_id_funds')),
    sa.ForeignKeyConstraint(['reverses'], ['fund_entries.id'], name=op.f('fk_fund_entries_reverses_fund_entries')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fund_entries')),
    sa.UniqueConstraint('reverses', name=op.f('uq_fund_entries_reverses'))
    )
    op.create_index('ix_fund_entries_ledger', 'fund_entries', ['enterprise_id', 'on'], unique=False)
    op.create_table('fund_plans',
    sa.Column('enterprise_id', sa.Uuid(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('planned_fen', sa.BigInteger(), nullable=False),
    sa.Column('due_fen', sa.BigInteger(), nullable=False),
    sa.Column('applied', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('planned_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['enterprise_id'], ['funds.id'], name=op.f('fk_fund_plans_enterprise_id_funds')),
    sa.PrimaryKeyConstraint('enterprise_id', 'year', name=op.f('pk_fund_plans'))
    )
    op.create_table('import_faults',
    sa.Column('import_id', sa.Uuid(), nullable=False),
    sa.Column('ordinal', sa.Integer(), nullable=False),
    sa.Column('line', sa.Integer(), nullable=False),
    sa.Column('column', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('position', sa.Integer(), nullable=True),
    sa.Column('value', sa.Text(), nullable=False),
    sa.Column('slug', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('en', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('zh', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('mend_en', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('mend_zh', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.ForeignKeyConstraint(['import_id'], ['imports.id'], name=op.f('fk_import_faults_import_id_imports'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('import_id', 'ordinal', name=op.f('pk_import_faults'))
    )
    op.create_table('past_colours',
    sa.Column('enterprise_id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('colour', sa.Enum('red', 'orange', 'yellow', 'blue', name='colour', native_enum=False, length=40), nullable=False),
    sa.Column('score', sa.Integer(), nullable=False),
    sa.Column('reasons', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.ForeignKeyConstraint(['enterprise_id'], ['risks.id'], name=op.f('fk_past_colours_enterprise_id_risks')),
    sa.PrimaryKeyConstraint('enterprise_id', 'version', name=op.f('pk_past_colours'))
    )
    op.create_table('records',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('area_code', sqlmodel.sql.sqltypes.AutoString(length=12), nullable=False),
    sa.Column('enterprise_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Enum('licence', 'organisation', 'major_source', 'key_process', 'features', 'standardisation', 'dual_prevention', 'insurance', 'emergency_plan', 'drill', 'project', 'contractor', 'penalty', 'accident', name='recordkind', native_enum=False, length=40), nullable=False),
    sa.Column('state', sa.Enum('declared', 'verified', 'ended', name='recordstate', native_enum=False, length=40), nullable=False),
    sa.Column('number', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('valid_from', sa.Date(), nullable=True),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('detail', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('kept_by', sa.Uuid(), nullable=False),
    sa.Column('kept_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('verified_by', sa.Uuid(), nullable=True),
    sa.Column('verified_on', sa.Date(), nullable=True),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('end_reason', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('expired_on', sa.Date(), nullable=True),
    sa.CheckConstraint('valid_to >= valid_from', name=op.f('ck_records_term')),
    sa.ForeignKeyConstraint(['enterprise_id'], ['enterprises.id'], name=op.f('fk_records_enterprise_id_enterprises')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_records')),
    info={'noun': 'record'}
    )
    op.create_index(op.f('ix_records_area_code'), 'records', ['area_code'], unique=False)
    op.create_index('ix_records_ending', 'records', ['kind', 'valid_to'], unique=False, postgresql_where=sa.text("state <> 'ended'"))
    op.create_index(op.f('ix_records_enterprise_id'), 'records', ['enterprise_id'], unique=False)
    op.create_index('ix_records_to_expire', 'records', ['valid_to'], unique=False, postgresql_where=sa.text("expired_on is null and state <> 'ended'"))
    op.create_index('uq_records_single', 'records', ['enterprise_id', 'kind'], unique=True, postgresql_where=sa.text("kind in ('organisation', 'features', 'dual_prevention') and state <> 'ended'"))
    op.create_table('risk_points',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('area_code', sqlmodel.sql.sqltypes.AutoString(length=12), nullable=False),
    sa.Column('enterprise_id', sa.Uuid(), nullable=False),
    sa.Column('place', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('description', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('grading', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('value', sa.Float(), nullable=False),
    sa.Column('colour', sa.Enum('red', 'orange', 'yellow', 'blue', name='colour', native_enum=False, length=40), nullable=False),
    sa.Column('measures', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('responsible', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('assessed_on', sa.Date(), nullable=False),
    sa.Column('withdrawn_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['enterprise_id'], ['enterprises.id'], name=op.f('fk_risk_points_enterprise_id_enterprises')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_risk_points')),
    info={'noun': 'riskpoint'}
    )
    op.create_index(op.f('ix_risk_points_area_code'), 'risk_points', ['area_code'], unique=False)
    op.create_index(op.f('ix_risk_points_enterprise_id'), 'risk_points', ['enterprise_id'], unique=False)
