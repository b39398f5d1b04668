"""What the ladder looks up: what missed clocks are about, what was climbed before, and who may read of it."""

from services.inspection.ladder.queries.seeing import climbs_of, proposal, proposals

__all__ = ["climbs_of", "proposal", "proposals"]
