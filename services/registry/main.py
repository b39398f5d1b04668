"""Builds the registry service."""

from fastapi import FastAPI

from services.registry.areas import api as areas
from services.registry.bases import api as bases
from services.registry.competence import api as competence
from services.registry.delegations import api as delegations
from services.registry.delegations.workers import REST_S, expire_letters
from services.registry.duties import api as duties
from services.registry.duties.reactions import reactions
from services.registry.models import Row
from services.registry.parties import api as parties
from services.registry.people import api as people
from services.registry.settings import Settings
from shared.app import service_app
from shared.clock import Clock, system_clock
from shared.evidence import EvidenceStore
from shared.service import Service, Worker

NAME = "registry"


def create_app(settings: Settings, *, clock: Clock = system_clock) -> FastAPI:
    parts = [EvidenceStore(settings.evidence_url)]
    workers = [Worker("letters", expire_letters, rest_s=REST_S, woken=False)]
    service = Service.build(NAME, settings, Row.metadata, [reactions], workers, parts, clock, spacing_s=0.5)
    nouns = [
        *(areas.router, parties.router, people.router, competence.router, bases.router, delegations.router),
        *(duties.router, duties.evidence),
    ]
    return service_app(service, nouns, "Commonwatch registry: who, where, who is responsible")
