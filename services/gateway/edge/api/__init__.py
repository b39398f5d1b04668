"""The routes of the public API: its description, its health, and every address of a service, forwarded to it."""

from fastapi import APIRouter
from starlette.convertors import Convertor, register_url_convertor
from starlette.routing import Route

from services.gateway.edge.api import asyncapi
from services.gateway.edge.api.forward import Edge
from services.gateway.edge.api.published import Publication, router
from services.gateway.edge.domain.routes import OWNED, PREFIX

__all__ = ["Edge", "Publication", "asyncapi", "forwarding", "router"]


class _Owned(Convertor[str]):
    regex = OWNED

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("owned", _Owned())


def forwarding(edge: Edge) -> APIRouter:
    """Give the one route through which nearly every request goes; tried first, because each look costs time."""
    owned = APIRouter()
    owned.routes.append(Route(PREFIX + "/{path:owned}", edge, include_in_schema=False))
    return owned
