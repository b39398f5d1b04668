"""What people ask of the list of hazards: each role its own questions, of worklists and of the archive."""

from typing import Any
from uuid import UUID

from hazards_county import COMMITTEE
from hazards_rows import AUTHORITIES, COUNTY, TOWNSHIPS, Handout, officer

from shared.auth import Actor

Asked = tuple[Actor, dict[str, Any]]


def actors(handout: Handout) -> dict[str, Actor]:
    """Give one person of each kind; `fire` has a quarter of all hazards, `schools` a twentieth."""
    fire, schools = 1, 6
    return {
        "desk": Actor(UUID(int=0x1), "authority.desk", AUTHORITIES[fire], COUNTY, "zh", "Desk"),
        "schools": Actor(UUID(int=0x2), "authority.desk", AUTHORITIES[schools], COUNTY, "zh", "Schools"),
        "officer": Actor(officer(fire, 5), "authority.officer", AUTHORITIES[fire], COUNTY, "zh", "Officer"),
        "committee": Actor(UUID(int=0x3), "committee", COMMITTEE, COUNTY, "zh", "Committee"),
        "township": Actor(UUID(int=0x4), "township", UUID(int=0x70), TOWNSHIPS[9], "zh", "Township"),
        "enterprise": Actor(UUID(int=0x5), "enterprise.principal", handout.enterprise(3), TOWNSHIPS[0], "zh", "Works"),
    }


def questions(handout: Handout) -> list[Asked]:
    """Give who asks what."""
    people = actors(handout)
    words = ("消火栓", "灭火器过期", "除尘器积尘", "locked", "吊篮缺失", "没有的字")
    asked: dict[str, list[dict[str, Any]]] = {
        "desk": [
            {},
            {"type": "open"},
            {"type": "open", "sort": "due"},
            {"type": "open", "category": ["fire", "gas"], "grade": "major"},
            {"type": "open", "overdue": True},
            {"state": "suspected"},
            {"state": ["recheck_requested", "rechecking"], "clock": "hazard.recheck", "overdue": True},
            {"state": "verified"},
            {"clock": "hazard.lookback.second", "due_before": "2026-10-05T00:00:00+08:00"},
            {"part": "assisting", "type": "open"},
            {"extension": "requested"},
            {"channel": "media"},
            {"type": "fixed", "sort": "newest"},
            {"enterprise": str(handout.enterprise(0))},
            {"q": "H2024-000123"},
            *({"q": word} for word in words[:3]),
        ],
        "schools": [
            {"type": "open"},
            {"type": "fixed", "category": "gas"},
            {"sort": "newest", "registered_from": "2024-01-01", "registered_to": "2024-03-31"},
            {"state": "closed", "enforcement": "case_open"},
            {"sort": "due"},
            {"type": "open", "q": words[0]},
            {"q": words[4]},
        ],
        "officer": [
            {"mine": True, "type": "open"},
            {"mine": True, "sort": "newest"},
            {"mine": True, "overdue": True, "sort": "due"},
            {"type": "open", "area": TOWNSHIPS[2]},
        ],
        "committee": [
            {},
            {"type": "open", "escalation_at_least": 3},
            {"type": "open", "overdue": True, "grade": "major"},
            {"listing": "listed"},
            {"suspension": "partial_stop"},
            {"type": "closed", "category": "dust"},
            {"type": "open", "authority": str(AUTHORITIES[6])},
            {"grade": "major", "category": "fire", "sort": "newest"},
            {"recurrent": True, "sort": "newest"},
            {"q": words[3]},
            {"q": words[5]},
        ],
        "township": [
            {"type": "open"},
            {"type": "open", "clock": "hazard.limit", "overdue": True},
            {"type": "fixed", "category": "gas", "grade": "major"},
            {"area": f"{TOWNSHIPS[9]}205"},
            {"self_governed": True, "type": "open"},
        ],
        "enterprise": [{}, {"type": "open", "overdue": True}, {"sort": "due"}, {"q": words[0]}],
    }
    return [(people[name], params) for name, each in asked.items() for params in each]
