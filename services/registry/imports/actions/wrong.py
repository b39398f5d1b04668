"""What the checks of every table give for a row: the column at fault and why."""

from services.registry.imports.domain.faults import Fault

Wrong = tuple[str | None, Fault]
