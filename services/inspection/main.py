"""Builds the inspection service."""

from fastapi import FastAPI

from services.inspection.copies.reactions import reactions as copying
from services.inspection.docket.api import evidence
from services.inspection.docket.api import router as docket
from services.inspection.docket.reactions import reactions as docketing
from services.inspection.documents.actions.following import follow
from services.inspection.documents.api import router as documents
from services.inspection.documents.clients import Press
from services.inspection.documents.queries.gathering import VERIFIED_AT
from services.inspection.documents.workers import printing
from services.inspection.evidence.api import router as captures
from services.inspection.gallery.api import router as gallery
from services.inspection.hazards.actions.moving import PAPERS
from services.inspection.hazards.api import router as hazards
from services.inspection.letters.api import router as letters
from services.inspection.models import Row
from services.inspection.settings import Settings
from services.inspection.visits.api import router as visits
from services.inspection.worklists.api import router as worklists
from shared.app import service_app
from shared.clock import Clock, system_clock
from shared.evidence import VIDEO_BODY_BYTES, EvidenceStore
from shared.service import Service

NAME = "inspection"


def create_app(settings: Settings, *, clock: Clock = system_clock) -> FastAPI:
    parts = [EvidenceStore(settings.evidence_url), Press(settings.printers)]
    heard = [copying, docketing]
    service = Service.build(NAME, settings, Row.metadata, heard, [printing()], parts=parts, clock=clock)
    known = {"serials": list[int](), PAPERS: follow, VERIFIED_AT: settings.public_url.rstrip("/")}
    service.database.info.update(known)
    routers = [worklists, documents, docket, hazards, gallery, visits, letters, evidence, captures]
    title = "Commonwatch inspection: docket, hazards, visits, letters"
    return service_app(service, routers, title, file_bytes={NAME: VIDEO_BODY_BYTES})
