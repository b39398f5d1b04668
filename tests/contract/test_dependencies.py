"""Routes ask for nothing that FastAPI would fetch in another thread: one such hop costs more than a whole hot route."""

from collections.abc import Iterator
from inspect import isasyncgenfunction, iscoroutinefunction

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts

from services.cli.docs import described
