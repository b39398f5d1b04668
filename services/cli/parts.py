"""The six services by name: how they are imported, built and configured."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from fastapi import FastAPI
from pydantic import ValidationError
from sqlalchemy import MetaData

from shared.embedded.faults import Misconfigured
from shared.profile import BadProfile
from shared.service import Service

SERVICES = ("registry", "inspection", "thirdparty", "volunteer", "notify", "gateway")
"""In the order in which they start: the gateway last, when there is something to forward to."""
PORTS = {"gateway": 8000, "registry": 8001, "inspection": 8002, "thirdparty": 8003, "volunteer": 8004, "notify": 8005}


@dataclass(frozen=True, slots=True)
class Part:
    """A service that was built but is not running."""

    name: str
    app: FastAPI

    @property
    def service(self) -> Service:
        service: Service = self.app.state.service
        return service

    @property
    def metadata(self) -> MetaData:
        return self.service.metadata

    @property
    def database_url(self) -> str:
        return self.service.settings.database_url.get_secret_value()


def build(name: str, settings: Mapping[str, Any] | None = None) -> Part:
    """Build a service from these settings, or from the environment when none are given.

    Raises `Misconfigured` naming the settings that are missing or cannot be read; never shows their values.
    """
    try:
        made = import_module(f"services.{name}.settings").Settings(**(settings or {}))
        return Part(name, import_module(f"services.{name}.main").create_app(made))
    except ValidationError as wrong:
        lines = (f"COMMONWATCH_{e['loc'][0]}".upper() + f" ({e['msg']})" for e in wrong.errors(include_input=False))
        raise Misconfigured(f"The {name} service lacks settings: {', '.join(lines)}.") from None
    except (AssertionError, BadProfile) as wrong:
        raise Misconfigured(f"The {name} service cannot be set up: {wrong}.") from None
