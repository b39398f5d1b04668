"""What stands outside the database: the process that prints, and the store that keeps what was printed."""

from services.inspection.documents.clients.jobs import Job, Printed
from services.inspection.documents.clients.press import CannotPrint, Press

__all__ = ["CannotPrint", "Job", "Press", "Printed"]
