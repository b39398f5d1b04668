"""Builds the thirdparty service."""

from fastapi import FastAPI

from services.thirdparty import api
from services.thirdparty.models import Row
from services.thirdparty.reactions import reactions
from services.thirdparty.settings import Settings
from shared.app import service_app
from shared.clock import Clock, system_clock
from shared.evidence import EvidenceStore
from shared.service import Service

NAME = "thirdparty"


def create_app(settings: Settings, *, clock: Clock = system_clock) -> FastAPI:
    parts = [EvidenceStore(settings.evidence_url)]
    service = Service.build(NAME, settings, Row.metadata, [reactions], parts=parts, clock=clock, spacing_s=0.5)
    return service_app(service, [api.router, api.evidence], "Commonwatch thirdparty: audits by agencies")
