"""How long a report travels until its effect is committed; without it the platform could be busy and yet late.

Reports arrive at a fixed rate whether or not earlier ones were answered. The clock starts when a request is due, and
stops at the commit time that PostgreSQL keeps for the row that the report caused in another service.
"""

import asyncio
import json
import time
from collections.abc import AsyncGenerator, Mapping
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import httpx
from figures import BenchBroken, Figure, at_most, percentile
from load import Plan
from stage import loaded

from demo.county.codes import COUNTY
from shared.raw import connect

JOURNEYS = ("report_to_docket", "report_to_notice")
DOCKET_RATE, NOTICE_RATE = 200, 100
DOCKET_P50_MS, DOCKET_P99_MS, NOTICE_P99_MS = 15, 60, 200
CONNECTIONS = 64
ARRIVED_WITHIN_S = 30.0
