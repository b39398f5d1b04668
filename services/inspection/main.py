"""Builds the inspection service."""

from fastapi import FastAPI

from services.inspection.arbitration.api import router as arbitration
from services.inspection.assessments.api import router as assessments
from services.inspection.assessments.models import Assessment
from services.inspection.campaigns.api import router as campaigns
from services.inspection.campaigns.models import Campaign
from services.inspection.campaigns.reactions import reactions as looking_back
from services.inspection.copies.reactions import reactions as copying
from services.inspection.deadlines.api import router as deadlines
from services.inspection.deadlines.scheduler import Scheduler
from services.inspection.docket.actions.escalating import SUMMON
from services.inspection.docket.api import evidence
from services.inspection.docket.api import router as docket
from services.inspection.docket.models import Report
from services.inspection.docket.reactions import reactions as docketing
from services.inspection.documents.actions.following import follow
from services.inspection.documents.api import router as documents
from services.inspection.documents.clients import Press
from services.inspection.documents.models import Document
from services.inspection.documents.queries.gathering import VERIFIED_AT
from services.inspection.documents.workers import printing
from services.inspection.domain import Kind
from services.inspection.evidence.api import router as captures
from services.inspection.gallery.api import router as gallery
from services.inspection.hazards.actions.listed import keep_dates_for_lists
from services.inspection.hazards.actions.moving import PAPERS
from services.inspection.hazards.api import router as hazards
from services.inspection.hazards.models import Hazard
from services.inspection.joint_actions.api import router as joint_actions
from services.inspection.joint_actions.models import JointAction
from services.inspection.ladder.actions import busy_behind, call_after_a_death, climb
from services.inspection.ladder.api import proposals
from services.inspection.ladder.api import router as ladder
from services.inspection.ladder.models import Proposal
from services.inspection.letters.api import router as letters
from services.inspection.letters.models import Letter
from services.inspection.meetings.api import router as meetings
from services.inspection.meetings.models import CommitteeTask, Meeting
from services.inspection.models import Row
from services.inspection.settings import Settings
from services.inspection.transfers.api import router as transfers
from services.inspection.transfers.models import Transfer
from services.inspection.visits.api import router as visits
from services.inspection.visits.models import Visit
from services.inspection.worklists.api import router as worklists
from shared.app import service_app
from shared.clock import Clock, system_clock
from shared.evidence import VIDEO_BODY_BYTES, EvidenceStore
from shared.service import Service

NAME = "inspection"
OBJECTS = {
    Kind.ENTRY: Report,
    Kind.HAZARD: Hazard,
    Kind.VISIT: Visit,
    Kind.LETTER: Letter,
    Kind.PROPOSAL: Proposal,
    Kind.MEETING: Meeting,
    Kind.COMMITTEE_TASK: CommitteeTask,
    Kind.JOINT_ACTION: JointAction,
    Kind.ASSESSMENT: Assessment,
    Kind.CAMPAIGN: Campaign,
    Kind.TRANSFER: Transfer,
    Kind.DOCUMENT: Document,
}
"""The tables of what clocks are about."""


def create_app(settings: Settings, *, clock: Clock = system_clock) -> FastAPI:
    parts = [EvidenceStore(settings.evidence_url), Press(settings.printers)]
    workers = [Scheduler(OBJECTS, climb, keep_dates_for_lists, busy_behind).worker, printing()]
    reacting = [copying, docketing, looking_back]
    service = Service.build(NAME, settings, Row.metadata, reacting, workers, parts, clock)
    known = {
        "serials": list[int](),
        PAPERS: follow,
        SUMMON: call_after_a_death,
        VERIFIED_AT: settings.public_url.rstrip("/"),
    }
    service.database.info.update(known)
    routers = [worklists, deadlines, docket, hazards, gallery, visits, letters, ladder, proposals, evidence, captures]
    routers += [meetings, joint_actions, assessments, campaigns, transfers, arbitration, documents]
    title = "Commonwatch inspection: docket, hazards, deadlines, visits, letters, documents, committee"
    return service_app(service, routers, title, file_bytes={NAME: VIDEO_BODY_BYTES})
