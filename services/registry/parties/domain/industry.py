"""The classes of industry (GB/T 4754-2017, letters and two digits); without it any four digits would be a trade."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path


@cache
def industries() -> Mapping[str, tuple[str, str]]:
    """Give code → (Chinese title, English title): 20 letters such as `C`, 97 two-digit classes such as `C13`."""
    table = json.loads((Path(__file__).parent / "industries.json").read_text("utf-8"))
    return {code: (zh, en) for code, (zh, en) in table.items()}


def is_industry(code: str) -> bool:
    """Tell whether the letter exists and its first two digits are a class of it; finer digits are taken as given."""
    return code[:3] in industries()
