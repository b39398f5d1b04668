"""What gateway promises the other services: that an account was locked."""

from uuid import UUID

from shared.contracts.base import Event


class AccountLocked(Event, subject="gateway.account.locked"):
    """Too many wrong passwords. Aggregate: the account (= person)."""

    person_id: UUID
