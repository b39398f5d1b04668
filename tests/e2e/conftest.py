"""All six services in one process, on real databases, with a county founded through the public API."""

from collections.abc import AsyncIterator

import pytest
from county import County, founded

from shared.testing import OpenPlatform

OPERATOR = "the operator's secret of this test run"
ALL = ("registry", "volunteer", "thirdparty", "inspection", "notify", "gateway")


@pytest.fixture
async def county(services_here: OpenPlatform) -> AsyncIterator[County]:
    settings = {"operator_secret": OPERATOR, "sign_ins_per_minute": 1000, "anonymous_per_minute": 1000}
    async with services_here(*ALL, **settings) as platform, founded(platform, OPERATOR) as county:
        yield county
