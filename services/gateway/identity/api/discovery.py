"""Routes: what this server can do and which keys it signs with, where client libraries look for it."""

from typing import Annotated, Any

from fastapi import APIRouter, Request, Response

from services.gateway.identity.actions.admission import Doorkeeper
from services.gateway.identity.actions.protocol import METHODS, SECRETS
from services.gateway.identity.actions.tokens import Signer
from services.gateway.identity.api.visitors import PublicAddress
from services.gateway.identity.domain.grants import OF_PEOPLE, GrantType, Scope
from shared.errors import Forbidden, Unauthenticated
from shared.web import part

router = APIRouter(include_in_schema=False)


@router.get("/.well-known/jwks.json")
async def keys(signer: Annotated[Signer, part(Signer)]) -> Response:
    """Show the public keys that sign tokens: also the next one, and those whose tokens are still in use."""
    headers = {"Cache-Control": "public, max-age=300"}
    return Response(signer.ring.published(), media_type="application/jwk-set+json", headers=headers)


@router.get("/.well-known/oauth-authorization-server")
@router.get("/.well-known/openid-configuration")
async def metadata(
    signer: Annotated[Signer, part(Signer)], public: Annotated[PublicAddress, part(PublicAddress)]
) -> dict[str, Any]:
    """Describe this server (RFC 8414, OpenID Connect Discovery)."""
    return {
        "issuer": public.url,
        "authorization_endpoint": f"{public.url}/oauth/authorize",
        "token_endpoint": f"{public.url}/oauth/token",
        "revocation_endpoint": f"{public.url}/oauth/revoke",
        "introspection_endpoint": f"{public.url}/oauth/introspect",
        "userinfo_endpoint": f"{public.url}/oauth/userinfo",
        "jwks_uri": f"{public.url}/.well-known/jwks.json",
        "service_documentation": f"{public.url}/api/docs",
        "scopes_supported": [str(scope) for scope in OF_PEOPLE],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": [str(grant) for grant in GrantType],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": list(METHODS),
        "revocation_endpoint_auth_methods_supported": list(METHODS),
        "introspection_endpoint_auth_methods_supported": list(SECRETS),
        "authorization_response_iss_parameter_supported": True,
        "ui_locales_supported": ["en", "zh-CN"],
        "prompt_values_supported": ["none", "login", "consent"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [signer.ring.active.algorithm],
        "access_token_signing_alg_values_supported": [signer.ring.active.algorithm],
        "claims_supported": ["iss", "sub", "aud", "iat", "exp", "auth_time", "nonce", "name", "locale"],
    }


@router.get("/oauth/userinfo")
@router.post("/oauth/userinfo")
async def userinfo(request: Request, door: Annotated[Doorkeeper, part(Doorkeeper)]) -> dict[str, str]:
    """Tell a program who lets it act (OpenID Connect Core §5.3): the name and the language, nothing else."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated("sign-in-first", "Sign in first.", "请先登录。")
    actor = (await door.prove(token)).actor
    if Scope.OPENID not in (actor.scopes or ()):
        raise Forbidden(
            "scope-may-not",
            "The program was not allowed to learn who you are.",
            "该程序未获授权获取您的身份信息。",
            scope=str(Scope.OPENID),
        )
    return {"sub": str(actor.id), "name": actor.name, "locale": actor.language}
