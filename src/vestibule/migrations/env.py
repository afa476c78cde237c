"""Alembic's entry point: migrates over the connection that `upgrade` opened."""

from alembic import context

from vestibule.accounts import schema as _accounts  # noqa: F401
from vestibule.appointments import schema as _appointments  # noqa: F401
from vestibule.foundation.database import metadata
from vestibule.rooms import schema as _rooms  # noqa: F401

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
    compare_type=True,
    compare_server_default=True,
)
context.run_migrations()
