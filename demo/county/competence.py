"""Who is responsible for what in the demo county (domain reference §2.2), with one gap on purpose.

Nobody supervises the leasing trade (letter L), a new one with battery-exchange cabinets, and the township fallback is
missing in two of nine places: there the matter goes to the committee's arbitration.
"""

from demo.county.areas import TOWNSHIPS
from demo.county.codes import COUNTY, Body, demo_id
from demo.county.parties import PARTIES
from shared.contracts.registry import CompetenceBy
from shared.contracts.values import Category

GAP_INDUSTRY = "L7119"
NO_FALLBACK = ("H", "J")
"""Townships in which nobody answers for what is nobody's."""

_CATEGORIES = {Category.SPECIAL_EQUIPMENT: "market", Category.FIRE: "fire", Category.GAS: "housing"}
_INDUSTRIES = {
    "agriculture": ["A"],
    "resources": ["A02", "N77"],
    "emergency": ["B", "C", "F5265", "G594"],
    "industry": ["C2671", "I"],
    "energy": ["D44"],
    "housing": ["D45", "E", "K", "N78"],
    "water": ["D46", "E482", "N76"],
    "transport": ["E4812", "G", "O8111"],
    "commerce": ["F", "H62", "O80"],
    "culture": ["H61", "N786", "R86", "R87", "R88", "R90"],
    "education": ["P"],
    "health": ["Q84"],
    "police": ["L727"],
}


def competence() -> list[Body]:
    """One row each; the longest industry prefix wins, a category of danger goes before the industry."""
    rows = [
        *((CompetenceBy.CATEGORY, str(category), key, COUNTY) for category, key in _CATEGORIES.items()),
        *((CompetenceBy.INDUSTRY, prefix, key, COUNTY) for key, prefixes in _INDUSTRIES.items() for prefix in prefixes),
        *(
            (CompetenceBy.TOWNSHIP, township.code, "emergency", township.code)
            for township in TOWNSHIPS
            if township.letter not in NO_FALLBACK
        ),
    ]
    return [
        {
            "id": str(demo_id("competence", f"{by}:{key}")),
            "by": by,
            "key": key,
            "authority_id": str(PARTIES[authority].id),
            "area_code": area_code,
            "in_force": True,
            "basis": "Demo: default map of the domain reference, section 2.2 · 演示：默认职责分工",
        }
        for by, key, authority, area_code in rows
    ]
