"""Where the demo county lies and how its things are numbered; without it invented facts could collide with real ones.

The division code begins with 99: GB/T 2260 assigns provinces between 11 and 82, so no real place can ever have it.
The coordinates are in the open North Pacific, hundreds of kilometres from any island: nobody lives there.
"""

from random import Random
from typing import Any
from uuid import UUID

from shared.contracts.uscc import check_character, organisation_check_character
from shared.contracts.values import derived_id

COUNTY = "999921"
CENTRE_LON, CENTRE_LAT = 165.0, 30.0
CERTIFIED_FROM = "2024-01-01"
CERTIFIED_UNTIL = "2031-12-31"
EXPIRED_ON = "2025-06-30"


Body = dict[str, Any]
"""What the registry is asked to keep, as its public interface reads it."""


def demo_id(kind: str, key: object) -> UUID:
    """Give the id of a thing of the demo county: always the same for the same thing."""
    return derived_id("demo-county", COUNTY, kind, key)


def draws(purpose: str) -> Random:
    """Give chance that falls the same way each time, separate for each purpose."""
    return Random(f"demo-county:{COUNTY}:{purpose}")


def unified_code(registrar_and_type: str, serial: int) -> str:
    """Make a valid unified social credit code of the county (GB 32100-2015)."""
    organisation = f"DF{serial:06d}"
    body = f"{registrar_and_type}{COUNTY}{organisation}{organisation_check_character(organisation)}"
    return body + check_character(body)


def place(area_code: str, spread: Random, address: str = "") -> Body:
    """Give a place in an area: each township has its own square of ocean, about ten kilometres wide."""
    column, row = divmod(int(area_code[6:9]) % 9, 3)
    return {
        "area_code": area_code,
        "address": address,
        "lon": round(CENTRE_LON + 0.1 * column + spread.uniform(0.01, 0.09), 6),
        "lat": round(CENTRE_LAT + 0.1 * row + spread.uniform(0.01, 0.09), 6),
    }
