"""Builds the inspection service."""

from fastapi import FastAPI

from services.inspection.copies.reactions import reactions as copying
from services.inspection.docket.api import evidence
from services.inspection.docket.api import router as docket
from services.inspection.docket.reactions import reactions as docketing
from services.inspection.hazards.api import router as hazards
from services.inspection.models import Row
from services.inspection.settings import Settings
from services.inspection.worklists.api import router as worklists
from shared.app import service_app
from shared.clock import Clock, system_clock
from shared.evidence import EvidenceStore
from shared.service import Service

NAME = "inspection"


def create_app(settings: Settings, *, clock: Clock = system_clock) -> FastAPI:
    parts = [EvidenceStore(settings.evidence_url)]
    service = Service.build(NAME, settings, Row.metadata, [copying, docketing], parts=parts, clock=clock)
    service.database.info["serials"] = list[int]()
    return service_app(service, [worklists, docket, hazards, evidence], "Commonwatch inspection: docket and hazards")
