"""A real Chromium before a gateway on a real port; without them a page would be text that nobody ever looked at."""

import asyncio
import shutil
from collections.abc import AsyncIterator

import pytest
import uvicorn
from playwright.async_api import Browser, async_playwright
from screens import County, Screens

from shared.testing import OpenPlatform

ALL = ("registry", "volunteer", "thirdparty", "inspection", "notify", "gateway")
QUIET = [
    "--no-sandbox",  # a fresh machine runs the tests as root, whom Chromium's sandbox refuses
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    path = shutil.which("chromium")
    if path is None:
        pytest.fail(
            "The browser tests need Chromium and a Chinese font; on Debian and Ubuntu: "
            "apt-get install chromium fonts-noto-cjk.",
            pytrace=False,
        )
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        await browser.close()


@pytest.fixture
async def county(services_here: OpenPlatform) -> AsyncIterator[County]:
    """All six services; the gateway's port is real, for a browser knows no other way in."""
    async with services_here(*ALL, demo=True, anonymous_per_minute=1000) as platform:
        config = uvicorn.Config(platform.apps["gateway"], port=0, lifespan="off", log_level="error")
        server = uvicorn.Server(config)
        config.load()
        server.lifespan = config.lifespan_class(config)
        await server.startup()
        serving = asyncio.create_task(server.main_loop())
        yield County(platform, f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}")
        server.should_exit = True
        await serving
        await server.shutdown()


@pytest.fixture
async def screens(chromium: Browser, county: County) -> AsyncIterator[Screens]:
    """Open pages on any screen: `page = await screens.open("/", PHONE, "zh")`."""
    screens = Screens(chromium, county.url)
    yield screens
    await screens.close()
