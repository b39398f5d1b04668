"""Requests that are sent again are answered as the first time."""

from shared.migrate.frozen.kept_answers import kept_answers

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    kept_answers()
