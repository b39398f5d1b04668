"""What gateway promises the other services: that an account was locked."""

from uuid import UUID

from shared.contracts.base import Event


class AccountLocked(Event, subject="gateway.account.locked"):
    """Too many wrong passwords. Aggregate: the account, which is not the person: both have versions of their own."""

    person_id: UUID
