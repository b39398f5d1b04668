"""Whatever is sent to an address that the API describes, the answer is as described and never our fault.

`COMMONWATCH_FUZZ_EXAMPLES=500` looks for longer, draws anew each time and makes small what it finds.
"""

import asyncio
import json
import os
import re
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import requests
import schemathesis
from fuzz_world import PEOPLE, UNDER_WAY, furnish, served
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, CheckContext, GenerationMode, Response
from schemathesis import checks as built_in
from schemathesis.core.failures import AcceptedNegativeData
from schemathesis.schemas import APIOperation

from shared.testing import START, OpenPlatform, Platform, token

AT_LENGTH = "COMMONWATCH_FUZZ_EXAMPLES" in os.environ
pytestmark = pytest.mark.timeout(0 if AT_LENGTH else 400)
"""Each test sends thousands of requests, more with every address, and a machine may have other things to do."""
EXAMPLES = int(os.environ.get("COMMONWATCH_FUZZ_EXAMPLES", "3"))
PARTS = ("registry", "volunteer", "thirdparty", "inspection", "notify")
ENDLESS = "/events/stream"
SLUG = re.compile(r"urn:commonwatch:problem:[a-z0-9]+(-[a-z0-9]+)*")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@schemathesis.check
def a_refusal_is_a_problem_that_a_citizen_can_read(_: CheckContext, response: Response, case: Case) -> None:
    if response.status_code < 400:
        return
    assert response.headers["content-type"] == ["application/problem+json"]
    problem = json.loads(response.content)
    assert SLUG.fullmatch(problem["type"])
    assert problem["type"] != "urn:commonwatch:problem:http-error", "the framework refused, and nobody wrote the words"
    assert problem["status"] == response.status_code
    assert CHINESE.search(problem["detail_zh"])
    assert not CHINESE.search(problem["detail_en"])
    language = response.headers["content-language"][0]
    assert problem["detail"] == problem[{"zh-CN": "detail_zh", "en": "detail_en"}[language]]


@schemathesis.check
def what_is_not_as_described_is_refused(context: CheckContext, response: Response, case: Case) -> None:
    try:
        built_in.negative_data_rejection(context, response, case)
    except AcceptedNegativeData as accepted:
        if "violates `maxLength`" not in accepted.message:  # a text is measured without the blanks around it
            raise


CHECKS = [
    built_in.not_a_server_error,
    built_in.status_code_conformance,
    built_in.content_type_conformance,
    built_in.response_schema_conformance,
    built_in.response_headers_conformance,
    what_is_not_as_described_is_refused,
    a_refusal_is_a_problem_that_a_citizen_can_read,
]

Document = dict[str, Any]


class Caller:
    """Sends cases from a thread of its own, as schemathesis wants, and looks at every answer."""

    def __init__(self, url: str, session: requests.Session) -> None:
        self._url = url
        self._session = session
        self._session.trust_env = False

    def ask(self, case: Case, bearer: str | None, language: str = "en") -> int:
        headers = {"accept-language": language}
        if bearer is not None:
            headers["authorization"] = f"Bearer {bearer}"
        response = case.call(base_url=self._url, session=self._session, headers=headers, timeout=20)
        case.validate_response(response, checks=CHECKS, headers=headers)
        return response.status_code

    def fuzz(self, document: Document, examples: int) -> None:
        """Send every operation what its description allows and what it does not, as everybody until somebody may."""
        people = [None if actor is None else token(actor, at=START) for actor in PEOPLE]
        for operation in _operations(document):

            @_settings(examples)
            @given(_cases(operation), st.integers(0, len(people) - 1), st.sampled_from(["zh", "en"]))
            def ask(case: Case, first: int, language: str) -> None:
                for bearer in people[first:] + people[:first]:
                    if self.ask(case, bearer, language) not in {401, 403}:
                        return

            ask()

    def knock(self, document: Document, bearer: str | None) -> set[str]:
        """Send every operation one case that its description allows; name those that did not ask to sign in."""
        answered: set[str] = set()
        for operation in _operations(document):

            @_settings(1)
            @given(operation.as_strategy())
            def ask(case: Case) -> None:
                if self.ask(case, bearer) != 401:
                    answered.add(case.operation.label)

            ask()
        return answered


def _settings(examples: int) -> settings:
    return settings(
        max_examples=examples,
        derandomize=not AT_LENGTH,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink) if AT_LENGTH else (Phase.generate,),
    )


def _operations(document: Document) -> Iterator[APIOperation]:
    schema = schemathesis.openapi.from_dict(document)
    schema.config.generation.update(with_security_parameters=False)
    for found in schema.get_all_operations():
        if not (operation := found.ok()).path.endswith(ENDLESS):
            yield operation


def _cases(operation: APIOperation) -> st.SearchStrategy[Case]:
    """Give well-formed cases, some about what is under way, and malformed ones where any can be."""
    kinds = [operation.as_strategy()]
    for parameter in operation.path_parameters:
        kinds += [operation.as_strategy(path_parameters={parameter.name: one}) for one in UNDER_WAY[parameter.name]]
    if operation.body or operation.path_parameters or operation.query:
        kinds.append(operation.as_strategy(GenerationMode.NEGATIVE))
    return st.one_of(kinds)


@asynccontextmanager
async def calling(platform: Platform, name: str) -> AsyncGenerator[Caller]:
    async with served(platform.apps[name]) as url:
        with requests.Session() as session:
            yield Caller(url, session)


async def published(platform: Platform) -> Document:
    async with platform.client("gateway") as http:
        document: Document = (await http.get("/api/v1/openapi.json")).json()
    return document


@pytest.mark.parametrize("service", [*PARTS, "gateway"])
async def test_a_service_answers_as_it_describes_itself_whoever_sends_whatever(
    services_here: OpenPlatform, service: str
):
    async with services_here(service) as platform, calling(platform, service) as caller:
        await furnish(platform)
        await asyncio.to_thread(caller.fuzz, platform.apps[service].openapi(), EXAMPLES)


async def test_the_published_api_answers_as_it_is_described(services_here: OpenPlatform):
    flows = ("anonymous", "bulk", "public_reads", "requests", "sign_ins", "tracking")
    unhurried = {f"{flow}_per_minute": 100_000 for flow in flows}
    async with services_here(*PARTS, "gateway", **unhurried) as platform, calling(platform, "gateway") as caller:
        await furnish(platform)
        await asyncio.to_thread(caller.fuzz, await published(platform), max(1, EXAMPLES // 3))


async def test_only_what_is_published_as_open_answers_nobody_and_nothing_answers_a_forger(services_here: OpenPlatform):
    async with services_here(*PARTS, "gateway", anonymous_per_minute=1000) as platform:
        document = await published(platform)
        doors = {
            f"{method.upper()} {path}": operation.get("security", document["security"])
            for path, item in document["paths"].items()
            for method, operation in item.items()
        }
        async with calling(platform, "gateway") as caller:
            nobody = await asyncio.to_thread(caller.knock, document, None)
            forger = await asyncio.to_thread(caller.knock, document, token(PEOPLE[0], at=START)[:-4] + "AAAA")
    # Who signs in with a wrong password is told so by a 401 as well.
    assert nobody | {"POST /api/v1/session"} == {door for door, asks in doors.items() if asks == [] or {} in asks}
    assert forger | {"POST /api/v1/session"} == {door for door, asks in doors.items() if asks == []}
