"""The log of record by days and streams; dead letters that remember who did what."""

from shared.migrate.frozen.log_of_record import log_of_record

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    log_of_record()
