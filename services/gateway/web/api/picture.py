"""The picture that an authenticator app reads; without it people would type thirty-two characters on a phone."""

from typing import Any
from uuid import UUID

import segno
from markupsafe import Markup
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.identity import queries
from services.gateway.identity.actions.factors import SecondFactors, offered
from services.gateway.identity.domain.factors import enrolment_uri

ISSUER = "Commonwatch"


async def enrolment(tx: AsyncSession, factors: SecondFactors, person_id: UUID) -> dict[str, Any]:
    """Give the secret that waits for its first code, as picture and as text; nothing when none was offered."""
    secret = await offered(tx, factors, person_id)
    if secret is None:
        return {"secret": None}
    account = await queries.account_of(tx, person_id)
    uri = enrolment_uri(secret, account.login if account else "", ISSUER)
    # Black on white also by night: a camera wants the contrast. Made of letters and digits of ours, so safe to embed.
    picture = Markup(segno.make_qr(uri, error="m").svg_inline(omitsize=True, border=3, light="#fff", svgclass="qr"))  # noqa: S704
    return {"secret": secret, "picture": picture, "uri": uri}
