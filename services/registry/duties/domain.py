"""What an enterprise may learn of the hazards that it declared. Pure."""

from shared.contracts.inspection import (
    HazardState,
    ReportState,
)

SUBMITTED = "submitted"


def progress(docket_state: str | None, hazard_state: str | None) -> str:
    """Say how far a declared hazard is: as far as the hazard, or else as its docket entry.

    A merged entry reads as an accepted one, a merged hazard as one that is being verified: the word would tell the
    enterprise that somebody else had reported the same matter (domain reference §9.1).
    """
    if hazard_state is not None:
        hazard = HazardState(hazard_state)
        return HazardState.SUSPECTED if hazard is HazardState.MERGED else hazard
    if docket_state is None:
        return SUBMITTED
    state = ReportState(docket_state)
    return ReportState.ACCEPTED if state is ReportState.MERGED else state
