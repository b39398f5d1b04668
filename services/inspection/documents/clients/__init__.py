"""What stands outside the database: the process that prints, and the store that keeps what was printed."""

from services.inspection.documents.clients.press import CannotPrint, Press
from services.inspection.documents.clients.printing import Job, Printed

__all__ = ["CannotPrint", "Job", "Press", "Printed"]
