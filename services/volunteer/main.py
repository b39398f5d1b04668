"""Builds the volunteer service."""

from fastapi import FastAPI

from services.volunteer import actions, api
from services.volunteer.models import Row
from services.volunteer.reactions import reactions
from services.volunteer.settings import Settings
from services.volunteer.vault import Vault
from shared.app import service_app
from shared.clock import Clock, system_clock
from shared.evidence import EvidenceStore
from shared.group import Group
from shared.service import Service

NAME = "volunteer"


def create_app(settings: Settings, *, clock: Clock = system_clock) -> FastAPI:
    parts = [Vault(settings.vault_secret()), EvidenceStore(settings.evidence_url), Group(actions.SUBMIT)]
    service = Service.build(NAME, settings, Row.metadata, [reactions], parts=parts, clock=clock, spacing_s=0.25)
    return service_app(service, [api.router, api.evidence], "Commonwatch volunteer: reports by people")
