"""Builds the registry service."""

from fastapi import FastAPI

from services.registry.areas import api as areas
from services.registry.bases import api as bases
from services.registry.certificates import api as certificates
from services.registry.certificates.workers import tell_days
from services.registry.competence import api as competence
from services.registry.delegations import api as delegations
from services.registry.delegations.workers import expire_letters
from services.registry.dossiers import api as dossiers
from services.registry.dossiers.workers import tell_expired
from services.registry.duties import api as duties
from services.registry.duties.reactions import reactions as dutiful
from services.registry.funds import api as funds
from services.registry.grids import api as grids
from services.registry.imports import api as imports
from services.registry.imports.clients import Files
from services.registry.imports.workers import look_after_files
from services.registry.models import Row
from services.registry.parties import api as parties
from services.registry.people import api as people
from services.registry.people.workers import end_terms
from services.registry.risks import api as risks
from services.registry.risks.reactions import reactions as risking
from services.registry.risks.workers import assess
from services.registry.settings import Settings
from shared.app import service_app
from shared.clock import Clock, system_clock
from shared.evidence import EvidenceStore
from shared.service import Service, Worker

NAME = "registry"
WORKERS = (
    Worker("terms", end_terms, rest_s=60, woken=False),
    Worker("certificates", tell_days, rest_s=60, woken=False),
    Worker("letters", expire_letters, rest_s=60, woken=False),
    Worker("expiry", tell_expired, rest_s=60, woken=False),
    Worker("risk", assess, rest_s=30, pause_s=0.2),
    Worker("imports", look_after_files, rest_s=2),
)
"""What a new day brings (nobody waits for it, because whoever decides asks the day), changed colours, files."""


def create_app(settings: Settings, *, clock: Clock = system_clock) -> FastAPI:
    parts = [EvidenceStore(settings.evidence_url), Files(settings.evidence_url)]
    heard = [dutiful, risking]
    service = Service.build(NAME, settings, Row.metadata, heard, WORKERS, parts=parts, clock=clock, spacing_s=0.5)
    # Certificates before people: `/people/staffing` is nobody's own address.
    nouns = [
        *(areas.router, parties.router, certificates.router, people.router, grids.router, grids.retirement),
        *(competence.router, bases.router, delegations.router, dossiers.router, funds.router),
        *(duties.router, duties.evidence, risks.router, imports.router),
    ]
    return service_app(service, nouns, "Commonwatch registry: who, where, who is responsible")
