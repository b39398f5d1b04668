"""Demo County F: an invented county, the same on every machine, as the requests that register it."""

import json
from hashlib import sha256

from demo.county.areas import areas
from demo.county.codes import COUNTY, Body
from demo.county.competence import competence
from demo.county.criteria import criteria
from demo.county.enterprises import enterprises
from demo.county.parties import parties
from demo.county.people import certificates, memberships, people

COUNTY_CODE = COUNTY


def registrations() -> dict[str, list[Body]]:
    """Give every list of the registry in the order in which it must be registered."""
    return {
        "areas": areas(),
        "parties": parties(),
        "enterprises": enterprises(),
        "people": people(),
        "certificates": certificates(),
        "memberships": memberships(),
        "competence": competence(),
        "criteria": criteria(),
    }


def content_version() -> str:
    """Give a mark that changes whenever anything in the county does."""
    return sha256(json.dumps(registrations(), sort_keys=True).encode()).hexdigest()[:16]
