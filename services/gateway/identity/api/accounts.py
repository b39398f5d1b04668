"""Routes: the operator gives people accounts and systems clients. Sending the same again is safe."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body
from pydantic import Field

from services.gateway.identity.actions.accounts import link_identity, set_accounts, unlink_identities
from services.gateway.identity.actions.clients import set_clients
from services.gateway.identity.actions.factors import reset
from services.gateway.identity.api.visitors import Who, member
from services.gateway.identity.models import Account, Client
from services.gateway.identity.queries import account_by_login
from services.gateway.identity.shapes import (
    MOST_AT_ONCE,
    AccountView,
    ClientId,
    ClientView,
    LinkIdentity,
    Login,
    SetAccount,
    SetAccountOf,
    SetClient,
    SetClientOf,
)
from shared.permission import allowed
from shared.web import Now, Tx

router = APIRouter()

Accounts = Annotated[list[SetAccountOf], Field(max_length=MOST_AT_ONCE), Body()]
Clients = Annotated[list[SetClientOf], Field(max_length=MOST_AT_ONCE), Body()]


@router.put("/accounts/{person_id}", response_model=AccountView, dependencies=[allowed("account.keep")])
async def put_account(person_id: UUID, ask: SetAccount, who: Who, tx: Tx) -> Account:
    """Give a person a login and a password, or new ones; either ends a lock."""
    [account] = await set_accounts(tx, who, {person_id: ask})
    return account


@router.put("/accounts", response_model=list[AccountView], dependencies=[allowed("account.keep")])
async def put_accounts(asks: Accounts, who: Who, tx: Tx) -> list[Account]:
    """Give many people an account at once: all or none."""
    return await set_accounts(tx, who, {ask.person_id: ask for ask in asks})


@router.delete("/accounts/{person_id}/second-factor", status_code=204, dependencies=[allowed("second_factor.reset")])
async def reset_second_factor(person_id: UUID, who: Who, tx: Tx) -> None:
    """Take away a second factor that was lost; the person is signed out everywhere and sets up a new one."""
    await reset(tx, who, person_id)


@router.put("/accounts/{person_id}/external-identity", status_code=204, dependencies=[allowed("account.keep")])
async def put_external_identity(person_id: UUID, ask: LinkIdentity, _: Who, now: Now, tx: Tx) -> None:
    """Let a person sign in by this identity at the outside provider."""
    await link_identity(tx, person_id, ask.issuer, ask.subject, now)


@router.delete("/accounts/{person_id}/external-identity", status_code=204, dependencies=[allowed("account.keep")])
async def delete_external_identity(person_id: UUID, _: Who, tx: Tx) -> None:
    await unlink_identities(tx, person_id)


@router.get("/accounts", response_model=list[AccountView], dependencies=[allowed("account.read")])
async def find_account(login: Login, _: Who, tx: Tx) -> list[Account]:
    """Find the account that signs in by this name: one, or none."""
    found = await account_by_login(tx, login)
    return [found] if found else []


@router.put("/clients/{client_id}", response_model=ClientView, dependencies=[allowed("client.keep"), member])
async def put_client(client_id: ClientId, ask: SetClient, now: Now, tx: Tx) -> Client:
    """Register a program, or change it; a new secret takes the place of the old one at once, unless told to wait."""
    [client] = await set_clients(tx, {client_id: ask}, now)
    return client


@router.put("/clients", response_model=list[ClientView], dependencies=[allowed("client.keep"), member])
async def put_clients(asks: Clients, now: Now, tx: Tx) -> list[Client]:
    """Register many programs at once: all or none."""
    return await set_clients(tx, {ask.client_id: ask for ask in asks}, now)
