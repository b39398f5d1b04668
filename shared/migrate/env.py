"""Alembic's entry: the connection and the tables are handed over by `shared.migrate`."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=context.config.attributes["metadata"],
    compare_type=True,
    compare_server_default=False,
)
with context.begin_transaction():
    context.run_migrations()
