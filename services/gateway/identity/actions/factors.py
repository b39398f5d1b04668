"""How a second factor is set up, proven and lost; without it whoever learns a password is the person."""

import base64
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

import pyotp
from sqlalchemy import delete, func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from services.gateway.identity.actions.browsers import sign_out_everywhere
from services.gateway.identity.domain import secret_digest
from services.gateway.identity.domain.factors import (
    RECOVERY_BYTES,
    RECOVERY_CODES,
    FactorState,
    SecondFactorRule,
    as_typed,
    is_code,
    step_of,
)
from services.gateway.identity.models import RecoveryCode, SecondFactor
from services.gateway.identity.vault import KEY_VERSION, FactorVault
from shared.auth import Actor
from shared.observe import logger

log = logger("identity")


@dataclass(frozen=True, slots=True)
class SecondFactors:
    """Who needs a second factor, and the key that their secrets are sealed with."""

    rule: SecondFactorRule
    vault: FactorVault


async def has_factor(tx: AsyncSession, person_id: UUID) -> bool:
    return await tx.scalar(_held(person_id, FactorState.ACTIVE)) is not None


async def prove(tx: AsyncSession, factors: SecondFactors, person_id: UUID, typed: str, now: datetime) -> bool:
    """Tell whether this is the app's present code or a recovery code; either is used up by it."""
    code = as_typed(typed)
    if not is_code(code):
        return await _use_recovery_code(tx, person_id, code)
    factor = await _factor(tx, person_id, FactorState.ACTIVE)
    return factor is not None and _is_right(factors, factor, code, now)


async def offer(tx: AsyncSession, factors: SecondFactors, person_id: UUID, now: datetime) -> None:
    """Make a secret for the person's app; one that was offered before and never confirmed is forgotten."""
    await _drop(tx, person_id, FactorState.PENDING)
    row_id = uuid4()
    sealed = factors.vault.seal(row_id, pyotp.random_base32())
    tx.add(
        SecondFactor(
            id=row_id,
            person_id=person_id,
            state=FactorState.PENDING,
            sealed=sealed,
            key_version=KEY_VERSION,
            created_at=now,
        )
    )


async def offered(tx: AsyncSession, factors: SecondFactors, person_id: UUID) -> str | None:
    """Give the secret that waits for its first code."""
    factor = await tx.scalar(_held(person_id, FactorState.PENDING))
    return None if factor is None else factors.vault.open(factor.id, factor.key_version, factor.sealed)


async def confirm(
    tx: AsyncSession, factors: SecondFactors, person_id: UUID, typed: str, now: datetime
) -> list[str] | None:
    """Put the offered secret in force, in the place of an older one; return new recovery codes. None: wrong code."""
    factor = await _factor(tx, person_id, FactorState.PENDING)
    if factor is None or not _is_right(factors, factor, as_typed(typed), now):
        return None
    await _drop(tx, person_id, FactorState.ACTIVE)
    factor.state = FactorState.ACTIVE
    log.info("second factor set up", person_id=str(person_id))
    return await new_recovery_codes(tx, person_id)


async def new_recovery_codes(tx: AsyncSession, person_id: UUID) -> list[str]:
    """Give ten new codes, shown this once; those given before open nothing any more."""
    await tx.execute(delete(RecoveryCode).where(col(RecoveryCode.person_id) == person_id))
    codes = [base64.b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode() for _ in range(RECOVERY_CODES)]
    tx.add_all([RecoveryCode(person_id=person_id, digest=secret_digest(code)) for code in codes])
    return codes


async def recovery_codes_left(tx: AsyncSession, person_id: UUID) -> int:
    left = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.person_id == person_id)
    return (await tx.scalars(left)).one()


async def reset(tx: AsyncSession, who: Actor, person_id: UUID) -> None:
    """Take away a lost second factor, and sign the person out everywhere; who did it for whom is logged."""
    for state in FactorState:
        await _drop(tx, person_id, state)
    await tx.execute(delete(RecoveryCode).where(col(RecoveryCode.person_id) == person_id))
    await sign_out_everywhere(tx, [person_id])
    log.warning("second factor reset", person_id=str(person_id), by=str(who.id))


def _is_right(factors: SecondFactors, factor: SecondFactor, code: str, now: datetime) -> bool:
    secret = factors.vault.open(factor.id, factor.key_version, factor.sealed)
    step = step_of(secret, code, factor.last_step, now)
    if step is None:
        return False
    factor.last_step = step
    return True


async def _use_recovery_code(tx: AsyncSession, person_id: UUID, code: str) -> bool:
    spent = delete(RecoveryCode).where(
        col(RecoveryCode.person_id) == person_id, col(RecoveryCode.digest) == secret_digest(code)
    )
    used = (await tx.execute(spent.returning(col(RecoveryCode.person_id)))).first() is not None
    if used:
        log.info("recovery code used", person_id=str(person_id))
    return used


async def _factor(tx: AsyncSession, person_id: UUID, state: FactorState) -> SecondFactor | None:
    """Find a factor, locked: of two who send the same code at once the second finds it used."""
    return await tx.scalar(_held(person_id, state).with_for_update().execution_options(populate_existing=True))


def _held(person_id: UUID, state: FactorState) -> SelectOfScalar[SecondFactor]:
    return select(SecondFactor).where(SecondFactor.person_id == person_id, SecondFactor.state == state)


async def _drop(tx: AsyncSession, person_id: UUID, state: FactorState) -> None:
    dropped = (col(SecondFactor.person_id) == person_id, col(SecondFactor.state) == state)
    await tx.execute(delete(SecondFactor).where(*dropped))
