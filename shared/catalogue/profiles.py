"""The JSON Schema of a profile file; without it an editor could not help whoever writes a county's rules."""

from shared.catalogue.schemas import DIALECT, Json, closed_form
from shared.profile import File

PROFILE_SCHEMA = "schemas/profile.json"


def profile_schema() -> Json:
    """Give what one YAML file may say; how files stand to one another is for `commonwatch profile check`."""
    return {"$schema": DIALECT, **closed_form(File), "title": "A Commonwatch jurisdiction profile"}
