"""Rules about what the registry says of people and letters, for every noun that lets somebody act by them. Pure."""

from services.inspection.copies.domain.delegation import Letter, Scope, allowing
from services.inspection.copies.domain.officers import Officer, acting_together, all_enforce, enforce_together

__all__ = ["Letter", "Officer", "Scope", "acting_together", "all_enforce", "allowing", "enforce_together"]
