"""Builds the gateway."""

from collections.abc import Mapping

import httpx
from fastapi import FastAPI

from services.gateway.domain import Flow
from services.gateway.edge.api import Edge, Publication, asyncapi, forwarding, router
from services.gateway.edge.api.browsers import ALWAYS_HTTPS, other_sites
from services.gateway.edge.clients import Services
from services.gateway.edge.domain.routes import PREFIX
from services.gateway.identity import api as identity
from services.gateway.identity.actions.admission import Doorkeeper
from services.gateway.identity.actions.browsers import Browsers
from services.gateway.identity.actions.clients import Operator
from services.gateway.identity.actions.tokens import Signer
from services.gateway.identity.clients import Outside
from services.gateway.identity.reactions import reactions
from services.gateway.identity.workers import tidying
from services.gateway.models import Row
from services.gateway.settings import Settings
from services.gateway.web.api import Pages
from services.gateway.web.api import router as pages
from services.gateway.web.clients import Verifier
from shared.app import service_app
from shared.clock import Clock, system_clock
from shared.evidence import VIDEO_BODY_BYTES
from shared.operator.api import operating
from shared.service import Service

NAME = "gateway"


def create_app(
    settings: Settings, *, clock: Clock = system_clock, transports: Mapping[str, httpx.AsyncBaseTransport] | None = None
) -> FastAPI:
    signer = Signer(settings.key_ring(clock), settings.issuer, settings.token_lifetime_s)
    services = Services(settings.urls(), transports)
    factors = settings.second_factors()
    cookie = identity.Cookie(settings.public_url)
    outside = settings.provider(clock)
    allowances = settings.allowances()
    parts = [
        signer,
        services,
        Publication(services),
        Operator(settings.operator_password(), settings.county_code),
        identity.SignIns(settings.sign_ins_per_minute),
        identity.PublicAddress(settings.public_url.rstrip("/")),
        factors,
        cookie,
        Outside(outside),
        Pages(settings.demo, cookie, outside),
        Verifier(services, allowances[Flow.PUBLIC_READS]),
    ]
    service = Service.build(
        NAME, settings, Row.metadata, [reactions], [tidying()], parts=parts, clock=clock, spacing_s=0.1
    )
    service.tokens.keys = signer.ring
    door = service.parts[Doorkeeper] = Doorkeeper(service.tokens, service.database, clock)
    service.parts[Browsers] = Browsers(service.database, clock, settings.lasting(), factors.rule)
    edge = Edge(services, door, allowances, clock)
    routers = [forwarding(edge), identity.router, router, asyncapi.router, pages]
    operator = operating(f"{PREFIX}/operator/{NAME}", (identity.member,))
    return service_app(
        service,
        routers,
        "Commonwatch gateway",
        operator=operator,
        inside=[other_sites(settings.cors_origins)] if settings.cors_origins else [],
        headers=ALWAYS_HTTPS if settings.public_url.startswith("https://") else (),
        secretive=True,  # its own answers may hold tokens; what it forwards is kept by the owner
        file_bytes={"inspection": VIDEO_BODY_BYTES},
    )
