"""Grids, enterprises and people whole; certificates, letters of delegation, legal bases."""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql
revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("create extension if not exists pg_trgm")  # trusted: the owner of a database may
    op.create_table('bases',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('area_code', sqlmodel.sql.sqltypes.AutoString(length=12), nullable=False),
    sa.Column('short_name', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('title_zh', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('title_en', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('number', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('issuer', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('article', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('level', sa.Enum('law', 'regulation', 'rule', 'standard', 'local', name='basislevel', native_enum=False, length=40), nullable=False),
    sa.Column('mark', sa.Enum('L', 'S', 'K', 'D', name='basismark', native_enum=False, length=40), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=True),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('date_verified', sa.Boolean(), nullable=False),
    sa.Column('text_zh', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('text_en', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('supersedes_id', sa.Uuid(), nullable=True),
    sa.Column('note', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.CheckConstraint('valid_to >= valid_from', name=op.f('ck_bases_term')),
    sa.ForeignKeyConstraint(['supersedes_id'], ['bases.id'], name=op.f('fk_bases_supersedes_id_bases')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bases')),
    info={'noun': 'basis'}
    )
    op.create_index(op.f('ix_bases_area_code'), 'bases', ['area_code'], unique=False)
    op.create_table('boundaries',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('code', sqlmodel.sql.sqltypes.AutoString(length=15), nullable=False),
    sa.Column('west', sa.Float(), nullable=False),
    sa.Column('south', sa.Float(), nullable=False),
    sa.Column('east', sa.Float(), nullable=False),
    sa.Column('north', sa.Float(), nullable=False),
    sa.Column('wkb', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_boundaries'))
    )
    op.create_index(op.f('ix_boundaries_code'), 'boundaries', ['code'], unique=False)
    op.create_table('grids',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('area_code', sqlmodel.sql.sqltypes.AutoString(length=12), nullable=False),
    sa.Column('code', sqlmodel.sql.sqltypes.AutoString(length=15), nullable=False),
    sa.Column('name_en', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('name_zh', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('retired', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_grids')),
    sa.UniqueConstraint('code', name=op.f('uq_grids_code')),
    info={'noun': 'grid'}
    )
    op.create_index(op.f('ix_grids_area_code'), 'grids', ['area_code'], unique=False)
    op.create_table('certificates',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('area_code', sqlmodel.sql.sqltypes.AutoString(length=12), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Enum('enforcement', 'safety_engineer', 'special_operation', 'principal', 'safety_manager', 'evaluator', 'grid_worker', name='certificatekind', native_enum=False, length=40), nullable=False),
    sa.Column('number', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('issuer', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('scope', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('issued_on', sa.Date(), nullable=True),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('status', sa.Enum('valid', 'suspended', 'revoked', name='certificatestatus', native_enum=False, length=40), nullable=False),
    sa.Column('reason', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('expiry_told', sa.Boolean(), nullable=False),
    sa.CheckConstraint('valid_to >= valid_from', name=op.f('ck_certificates_term')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_certificates_person_id_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_certificates')),
    info={'noun': 'certificate'}
    )
    op.create_index(op.f('ix_certificates_area_code'), 'certificates', ['area_code'], unique=False)
    op.create_index('ix_certificates_expiring', 'certificates', ['valid_to'], unique=False, postgresql_where=sa.text('not expiry_told'))
    op.create_index(op.f('ix_certificates_person_id'), 'certificates', ['person_id'], unique=False)
    op.create_index('uq_certificates_kind_number', 'certificates', ['kind', 'number'], unique=True, postgresql_where=sa.text("number not like '%*%'"))
    op.create_table('delegations',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('area_code', sqlmodel.sql.sqltypes.AutoString(length=12), nullable=False),
    sa.Column('authority_id', sa.Uuid(), nullable=False),
    sa.Column('delegate_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Enum('entrusted', 'assigned', 'authorised', name='delegationkind', native_enum=False, length=40), nullable=False),
    sa.Column('state', sa.Enum('draft', 'published', 'suspended', 'revoked', 'expired', name='delegationstate', native_enum=False, length=40), nullable=False),
    sa.Column('powers', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('categories', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('industries', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('basis_ids', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=False),
    sa.Column('letter_no', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('publication_url', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('conditions', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('supervisor_id', sa.Uuid(), nullable=True),
    sa.Column('evaluations', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('lawfully_established', sa.Boolean(), nullable=False),
    sa.Column('certified_staff', sa.Boolean(), nullable=False),
    sa.Column('technical_means', sa.Boolean(), nullable=False),
    sa.Column('reason', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state = 'draft' or publication_url <> ''", name=op.f('ck_delegations_published')),
    sa.CheckConstraint('valid_to >= valid_from', name=op.f('ck_delegations_term')),
    sa.ForeignKeyConstraint(['authority_id'], ['parties.id'], name=op.f('fk_delegations_authority_id_parties')),
    sa.ForeignKeyConstraint(['delegate_id'], ['parties.id'], name=op.f('fk_delegations_delegate_id_parties')),
    sa.ForeignKeyConstraint(['supervisor_id'], ['people.id'], name=op.f('fk_delegations_supervisor_id_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_delegations')),
    info={'noun': 'delegation'}
    )
    op.create_index(op.f('ix_delegations_area_code'), 'delegations', ['area_code'], unique=False)
    op.create_index(op.f('ix_delegations_authority_id'), 'delegations', ['authority_id'], unique=False)
    op.create_index(op.f('ix_delegations_delegate_id'), 'delegations', ['delegate_id'], unique=False)
    op.create_index(op.f('ix_delegations_state'), 'delegations', ['state'], unique=False)
    op.create_table('grid_objects',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('area_code', sqlmodel.sql.sqltypes.AutoString(length=12), nullable=False),
    sa.Column('enterprise_id', sa.Uuid(), nullable=False),
    sa.Column('grid_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['enterprise_id'], ['enterprises.id'], name=op.f('fk_grid_objects_enterprise_id_enterprises')),
    sa.ForeignKeyConstraint(['grid_id'], ['grids.id'], name=op.f('fk_grid_objects_grid_id_grids')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_grid_objects')),
    info={'noun': 'gridobject'}
    )
    op.create_index(op.f('ix_grid_objects_area_code'), 'grid_objects', ['area_code'], unique=False)
    op.create_index(op.f('ix_grid_objects_enterprise_id'), 'grid_objects', ['enterprise_id'], unique=False)
    op.create_index(op.f('ix_grid_objects_grid_id'), 'grid_objects', ['grid_id'], unique=False)
    op.create_table('grid_posts',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('grid_id', sa.Uuid(), nullable=False),
    sa.Column('post', sa.Enum('worker', 'supervisor', 'leader', name='post', native_enum=False, length=40), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.Column('until', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['grid_id'], ['grids.id'], name=op.f('fk_grid_posts_grid_id_grids')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_grid_posts_person_id_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_grid_posts'))
    )
    op.create_index(op.f('ix_grid_posts_grid_id'), 'grid_posts', ['grid_id'], unique=False)
    op.create_index(op.f('ix_grid_posts_person_id'), 'grid_posts', ['person_id'], unique=False)
    op.create_index('ix_grid_posts_present', 'grid_posts', ['grid_id', 'post'], unique=True, postgresql_where=sa.text('until is null'))
    op.create_table('sites',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('enterprise_id', sa.Uuid(), nullable=False),
    sa.Column('nth', sa.Integer(), nullable=False),
    sa.Column('name', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('area_code', sqlmodel.sql.sqltypes.AutoString(length=12), nullable=False),
    sa.Column('address', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('lon', sa.Float(), nullable=True),
    sa.Column('lat', sa.Float(), nullable=True),
    sa.Column('closed', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['enterprise_id'], ['enterprises.id'], name=op.f('fk_sites_enterprise_id_enterprises')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sites'))
    )
    op.create_index(op.f('ix_sites_area_code'), 'sites', ['area_code'], unique=False)
    op.create_index(op.f('ix_sites_enterprise_id'), 'sites', ['enterprise_id'], unique=False)
    op.create_table('staffing',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('area_code', sqlmodel.sql.sqltypes.AutoString(length=12), nullable=False),
    sa.Column('party_id', sa.Uuid(), nullable=False),
    sa.Column('required', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['party_id'], ['parties.id'], name=op.f('fk_staffing_party_id_parties')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_staffing')),
    sa.UniqueConstraint('party_id', name=op.f('uq_staffing_party_id')),
    info={'noun': 'staffing'}
    )
    op.create_index(op.f('ix_staffing_area_code'), 'staffing', ['area_code'], unique=False)
    op.create_table('training',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('area_code', sqlmodel.sql.sqltypes.AutoString(length=12), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('course', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('held_on', sa.Date(), nullable=False),
    sa.Column('hours', sa.Float(), nullable=False),
    sa.Column('passed', sa.Boolean(), nullable=True),
    sa.Column('score', sa.Float(), nullable=True),
    sa.CheckConstraint('hours >= 0', name=op.f('ck_training_hours')),
    sa.CheckConstraint('score between 0 and 100', name=op.f('ck_training_score')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_training_person_id_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_training')),
    info={'noun': 'training'}
    )
    op.create_index(op.f('ix_training_area_code'), 'training', ['area_code'], unique=False)
    op.create_index('ix_training_person', 'training', ['person_id', 'held_on'], unique=False)
    op.add_column('areas', sa.Column('retired', sa.Boolean(), server_default=sa.text('false'), nullable=False))
    op.add_column('competence', sa.Column('valid_from', sa.Date(), nullable=True))
    op.add_column('competence', sa.Column('valid_to', sa.Date(), nullable=True))
    op.add_column('competence', sa.Column('co_authority_ids', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False))
    op.add_column('competence', sa.Column('township_id', sa.Uuid(), nullable=True))
    op.add_column('competence', sa.Column('leader_id', sa.Uuid(), nullable=True))
    op.drop_index(op.f('uq_competence_in_force'), table_name='competence', postgresql_where='in_force')
    op.create_index('uq_competence_begins', 'competence', ['by', 'key', 'area_code', 'valid_from'], unique=True, postgresql_where=sa.text('in_force'), postgresql_nulls_not_distinct=True)
    op.create_foreign_key(op.f('fk_competence_leader_id_people'), 'competence', 'people', ['leader_id'], ['id'])
    op.add_column('criteria', sa.Column('basis_id', sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f('fk_criteria_basis_id_bases'), 'criteria', 'bases', ['basis_id'], ['id'])
    op.add_column('enterprises', sa.Column('searched', sqlmodel.sql.sqltypes.AutoString(), server_default='', nullable=False))
    op.add_column('enterprises', sa.Column('legal_rep', sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.add_column('enterprises', sa.Column('registered_capital_fen', sa.BigInteger(), nullable=True))
    op.add_column('enterprises', sa.Column('established_on', sa.Date(), nullable=True))
    op.add_column('enterprises', sa.Column('standing', sa.Enum('active', 'suspended', 'revoked', 'deregistered', 'moved_out', name='standing', native_enum=False, length=40), server_default='active', nullable=False))
    op.add_column('enterprises', sa.Column('registered_addr', sqlmodel.sql.sqltypes.AutoString(), server_default='', nullable=False))
    op.add_column('enterprises', sa.Column('phone', sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.add_column('enterprises', sa.Column('sector', sa.Enum('coal_mine', 'non_coal_mine', 'hazardous_chemicals', 'fireworks', 'metallurgy', 'non_ferrous', 'building_materials', 'machinery', 'light_industry', 'textile', 'tobacco', 'commerce', 'construction', 'transport', 'gas', 'power', 'civil_explosives', 'fishery', 'crowded_place', 'other', name='sector', native_enum=False, length=40), nullable=True))
    op.add_column('enterprises', sa.Column('scale', sa.Enum('large', 'medium', 'small', 'micro', name='scale', native_enum=False, length=40), nullable=True))
    op.add_column('enterprises', sa.Column('dispatched_workers', sa.Integer(), server_default='0', nullable=False))
    op.add_column('enterprises', sa.Column('output_value_fen', sa.BigInteger(), nullable=True))
    op.add_column('enterprises', sa.Column('shifts', sa.Integer(), server_default='1', nullable=False))
    op.add_column('enterprises', sa.Column('high_hazard', sa.Boolean(), server_default=sa.text('false'), nullable=False))
    op.add_column('enterprises', sa.Column('crowded', sa.Boolean(), server_default=sa.text('false'), nullable=False))
    op.add_column('enterprises', sa.Column('mixed_living', sa.Boolean(), server_default=sa.text('false'), nullable=False))
    op.add_column('enterprises', sa.Column('risk_colour', sqlmodel.sql.sqltypes.AutoString(length=8), nullable=True))
    op.create_index(op.f('ix_enterprises_industry_code'), 'enterprises', ['industry_code'], unique=False)
    op.create_index('ix_enterprises_name_zh_id', 'enterprises', ['name_zh', 'id'], unique=False)
    op.create_index(op.f('ix_enterprises_risk_colour'), 'enterprises', ['risk_colour'], unique=False)
    op.create_index('ix_enterprises_searched', 'enterprises', ['searched'], unique=False, postgresql_using='gin', postgresql_ops={'searched': 'gin_trgm_ops'})
    op.create_index(op.f('ix_enterprises_sector'), 'enterprises', ['sector'], unique=False)
    op.add_column('memberships', sa.Column('valid_from', sa.Date(), nullable=True))
    op.add_column('memberships', sa.Column('valid_to', sa.Date(), nullable=True))
    op.create_index('ix_memberships_ending', 'memberships', ['valid_to'], unique=False, postgresql_where=sa.text('not revoked'))
    op.add_column('parties', sa.Column('uscc', sqlmodel.sql.sqltypes.AutoString(length=18), nullable=True))
    op.add_column('parties', sa.Column('parent_id', sa.Uuid(), nullable=True))
    op.add_column('parties', sa.Column('address', sqlmodel.sql.sqltypes.AutoString(), server_default='', nullable=False))
    op.add_column('parties', sa.Column('phone', sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.add_column('parties', sa.Column('dissolved', sa.Boolean(), server_default=sa.text('false'), nullable=False))
    op.create_index(op.f('ix_parties_parent_id'), 'parties', ['parent_id'], unique=False)
    op.create_unique_constraint(op.f('uq_parties_uscc'), 'parties', ['uscc'])
    op.create_foreign_key(op.f('fk_parties_parent_id_parties'), 'parties', 'parties', ['parent_id'], ['id'])
    op.add_column('people', sa.Column('phone', sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.add_column('people', sa.Column('state', sa.Enum('active', 'left', name='personstate', native_enum=False, length=40), server_default='active', nullable=False))
    op.add_column('people', sa.Column('registered_by', sa.Uuid(), nullable=True))
    _spell_names()
    _certificates_of_their_own()


def _spell_names() -> None:
    """Spell the names of those who are there already as a search looks through them (`parties.domain.names`)."""
    op.execute(r"""
update enterprises set searched = regexp_replace(
    case when folded_zh = folded_en then folded_zh else folded_zh || E'\n' || folded_en end, '(.)', '\1\1', 'g'
)
from (
    select id as one, lower(normalize(name_zh, nfkc)) as folded_zh, lower(normalize(name_en, nfkc)) as folded_en
    from enterprises
) as names
where id = one
""")


def _certificates_of_their_own() -> None:
    """Make a certificate of each that stood on a person; before there were any, only its last day was told."""
    op.execute("""
insert into certificates (id, version, area_code, person_id, kind, number, issuer, scope,
                          valid_from, valid_to, status, expiry_told)
select id, 0, area_code, id, 'enforcement', certificate_no, '', '',
       least(date '2000-01-01', certificate_valid_to), certificate_valid_to, 'valid',
       certificate_valid_to < current_date
  from people where certificate_no is not null and certificate_valid_to is not null
on conflict do nothing
""")
