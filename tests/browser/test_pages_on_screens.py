"""Every public page, on each screen, in each language, by day and by night."""

import pytest
from playwright.async_api import Page, ViewportSize, expect
from screens import SIZES, County, Screens, barriers, hidden_sideways_px, picture

pytestmark = pytest.mark.browser
PAGES = {"front": "/", "reference": "/api/docs"}
NARROWEST: ViewportSize = {"width": 320, "height": 640}
"""A page enlarged four times on a desktop screen (WCAG 2.2, 1.4.10 Reflow)."""


async def filled(page: Page, name: str) -> None:
    """Wait until the script has shown what the API answered."""
    if name == "front":
        await expect(page.locator("#health .state.ready")).to_have_count(6)
    else:
        await expect(page.locator("#addresses-list")).to_contain_text("/api/v1/tracking")


@pytest.mark.parametrize("light", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", PAGES)
async def test_a_page_fits_the_screen_has_no_barrier_and_the_browser_no_complaint(
    screens: Screens, name: str, size: str, language: str, light: str
) -> None:
    page = await screens.open(PAGES[name], SIZES[size], language, light)
    await filled(page, name)
    await picture(page, f"{name}-{size}-{language}-{light}")
    assert await page.locator("html").get_attribute("lang") == {"en": "en", "zh": "zh-CN"}[language]
    assert await hidden_sideways_px(page) == 0
    assert await barriers(page) == []
    assert screens.complaints == []


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", PAGES)
async def test_nothing_is_pushed_off_the_narrowest_screen(screens: Screens, name: str, language: str) -> None:
    page = await screens.open(PAGES[name], NARROWEST, language)
    await filled(page, name)
    assert await hidden_sideways_px(page) == 0


async def test_the_language_is_one_touch_away_and_stays_on_the_way_to_the_reference(screens: Screens) -> None:
    page = await screens.open("/", language="en")
    await page.get_by_role("link", name="中文").click()
    await page.get_by_role("link", name="接口文档").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("接口文档")
    await page.get_by_role("link", name="English").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("API reference")


async def test_a_part_that_does_not_answer_is_named_on_the_front_page(county: County, screens: Screens) -> None:
    del county.platform.apps["notify"]
    page = await screens.open("/")
    await expect(page.get_by_role("listitem").filter(has_text="Messages")).to_contain_text("not answering")
    await expect(page.locator("#health .state.ready")).to_have_count(5)
    await picture(page, "front-part-down")
    assert await barriers(page) == []


async def test_a_script_slipped_into_a_page_is_refused_by_the_browser(screens: Screens) -> None:
    page = await screens.open("/")
    await page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.owned = true' }))"
    )
    assert await page.evaluate("window.owned") is None
    [complaint] = screens.complaints
    assert "Content Security Policy" in complaint


async def test_the_reference_opens_group_by_group_and_has_no_barrier_when_all_are_open(screens: Screens) -> None:
    page = await screens.open("/api/docs")
    await filled(page, "reference")
    await expect(page.get_by_text("/api/v1/tracking", exact=True)).not_to_be_visible()
    await page.get_by_text("reports (", exact=False).press("Enter")
    await expect(page.get_by_text("/api/v1/tracking", exact=True)).to_be_visible()
    await page.evaluate("document.querySelectorAll('details').forEach((group) => (group.open = true))")
    await picture(page, "reference-phone-open")
    assert await hidden_sideways_px(page) == 0
    assert await barriers(page) == []
