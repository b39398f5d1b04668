"""Builds the inspection service."""

from fastapi import FastAPI

from services.inspection.copies.reactions import reactions as copying
from services.inspection.deadlines.actions.firing import nothing_more
from services.inspection.deadlines.api import router as deadlines
from services.inspection.deadlines.scheduler import Scheduler
from services.inspection.docket.api import evidence
from services.inspection.docket.api import router as docket
from services.inspection.docket.models import Report
from services.inspection.docket.reactions import reactions as docketing
from services.inspection.domain import Kind
from services.inspection.evidence.api import router as captures
from services.inspection.gallery.api import router as gallery
from services.inspection.hazards.actions.listed import keep_dates_for_lists
from services.inspection.hazards.api import router as hazards
from services.inspection.hazards.models import Hazard
from services.inspection.letters.api import router as letters
from services.inspection.letters.models import Letter
from services.inspection.models import Row
from services.inspection.settings import Settings
from services.inspection.visits.api import router as visits
from services.inspection.visits.models import Visit
from services.inspection.worklists.api import router as worklists
from shared.app import service_app
from shared.clock import Clock, system_clock
from shared.evidence import VIDEO_BODY_BYTES, EvidenceStore
from shared.service import Service

NAME = "inspection"
OBJECTS = {Kind.ENTRY: Report, Kind.HAZARD: Hazard, Kind.VISIT: Visit, Kind.LETTER: Letter}
"""The tables of what clocks are about."""
CLIMB = nothing_more
"""What happens at each rung of a clock besides telling."""


def create_app(settings: Settings, *, clock: Clock = system_clock) -> FastAPI:
    parts = [EvidenceStore(settings.evidence_url)]
    workers = [Scheduler(OBJECTS, CLIMB, keep_dates_for_lists).worker]
    service = Service.build(NAME, settings, Row.metadata, [copying, docketing], workers, parts, clock)
    service.database.info["serials"] = list[int]()
    routers = [worklists, deadlines, docket, hazards, gallery, visits, letters, evidence, captures]
    title = "Commonwatch inspection: docket, hazards, deadlines, visits, letters"
    return service_app(service, routers, title, file_bytes={NAME: VIDEO_BODY_BYTES})
