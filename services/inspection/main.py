"""Builds the inspection service."""

from fastapi import FastAPI

from services.inspection.arbitration.api import router as arbitration
from services.inspection.campaigns.api import router as campaigns
from services.inspection.campaigns.reactions import reactions as looking_back
from services.inspection.copies.reactions import reactions as copying
from services.inspection.docket.api import evidence
from services.inspection.docket.api import router as docket
from services.inspection.docket.reactions import reactions as docketing
from services.inspection.evidence.api import router as captures
from services.inspection.gallery.api import router as gallery
from services.inspection.hazards.api import router as hazards
from services.inspection.letters.api import router as letters
from services.inspection.models import Row
from services.inspection.settings import Settings
from services.inspection.transfers.api import router as transfers
from services.inspection.visits.api import router as visits
from services.inspection.worklists.api import router as worklists
from shared.app import service_app
from shared.clock import Clock, system_clock
from shared.evidence import VIDEO_BODY_BYTES, EvidenceStore
from shared.service import Service

NAME = "inspection"


def create_app(settings: Settings, *, clock: Clock = system_clock) -> FastAPI:
    parts = [EvidenceStore(settings.evidence_url)]
    service = Service.build(NAME, settings, Row.metadata, [copying, docketing, looking_back], parts=parts, clock=clock)
    service.database.info["serials"] = list[int]()
    routers = [worklists, docket, hazards, gallery, visits, letters, evidence, captures]
    routers += [campaigns, transfers, arbitration]
    title = "Commonwatch inspection: docket, hazards, visits, letters"
    return service_app(service, routers, title, file_bytes={NAME: VIDEO_BODY_BYTES})
