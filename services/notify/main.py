"""Builds the notify service."""

from fastapi import FastAPI

from services.notify.digests.reactions import reactions as gather
from services.notify.digests.workers import send_due_digests
from services.notify.gathering.reactions import reactions as lay_by
from services.notify.gathering.workers import tell_gathered
from services.notify.messages import api as inbox
from services.notify.messages.clients import Mailer
from services.notify.messages.reactions import reactions as tell
from services.notify.messages.workers import send_due_mail
from services.notify.models import Row
from services.notify.outside import api as outside
from services.notify.outside.reactions import reactions as copy_outside
from services.notify.outside.workers import Tail
from services.notify.people.reactions import reactions as remember
from services.notify.settings import Settings
from services.notify.webhooks import api as webhooks
from services.notify.webhooks.clients import Endpoints
from services.notify.webhooks.workers import Lanes
from shared.app import service_app
from shared.clock import Clock, system_clock
from shared.service import Service, Worker

NAME = "notify"


def create_app(settings: Settings, *, clock: Clock = system_clock) -> FastAPI:
    mailer = Mailer(settings.smtp_url.get_secret_value(), settings.mail_from, settings.public_url, settings.demo)
    tail, parts = Tail(), [mailer, Endpoints(settings.webhook_allow_loopback)]
    workers = [
        Worker("digests", send_due_digests, rest_s=5.0, woken=False),
        Worker("gathering", tell_gathered, rest_s=1.0, woken=False),
        Worker("mail", send_due_mail, woken=False, pause_s=1.0),
        Worker("tail", tail.follow, pause_s=0.02),
        Worker("webhooks", Lanes().deliver, pause_s=0.05),
    ]
    heard = [remember, tell, lay_by, gather, copy_outside]
    service = Service.build(NAME, settings, Row.metadata, heard, workers, [*parts, tail], clock=clock, spacing_s=0.06)
    return service_app(service, [inbox.router, outside.router, webhooks.router], "Commonwatch notify: who must know")
