"""The whole way in, on each screen and in each language, also by a browser that runs no script."""

import pyotp
import pytest
from playwright.async_api import Page, expect
from screens import SIZES, Arrival, County, Screens, barriers, hidden_sideways_px, picture

from shared.contracts.values import Role

pytestmark = pytest.mark.browser
WAYS = [(size, language) for size in SIZES for language in ("en", "zh")]


async def looked_at(page: Page, name: str) -> None:
    await picture(page, name)
    assert await hidden_sideways_px(page) == 0
    assert await barriers(page) == []


async def fill_in(page: Page, arrival: Arrival) -> None:
    await page.locator("#login").fill(arrival.login)
    await page.locator("#password").fill(arrival.password)
    await page.locator("form button.wide").click()


@pytest.mark.parametrize(("size", "language"), WAYS)
@pytest.mark.parametrize("light", ["light", "dark"])
async def test_an_officer_sets_up_the_second_step_chooses_an_office_and_finds_the_account(
    county: County, screens: Screens, size: str, language: str, light: str
) -> None:
    officer = await county.arrives(Role.AUTHORITY_DESK, Role.VOLUNTEER)
    county.needs_second_factor()
    named = f"{size}-{language}-{light}"
    page = await screens.open("/account", SIZES[size], language, light, java_script_enabled=True)
    await looked_at(page, f"sign-in-{named}")
    await fill_in(page, officer)
    await expect(page.locator("svg.qr")).to_be_visible()
    await looked_at(page, f"enrol-{named}")
    await page.get_by_text("Type the key" if language == "en" else "手动输入密钥").click()
    secret = (await page.locator("details code").inner_text()).replace(" ", "")
    await page.locator("#code").fill(pyotp.TOTP(secret).at(county.platform.now))
    await page.locator("form button.wide").click()
    await expect(page.locator(".codes li")).to_have_count(10)
    await looked_at(page, f"recovery-codes-{named}")
    await page.locator("a.button").click()
    await expect(page.locator(".choice")).to_have_count(2)
    await looked_at(page, f"offices-{named}")
    await page.locator(".choice").first.click()
    await expect(page).to_have_url(f"{county.url}/account")
    await looked_at(page, f"account-{named}")
    assert screens.complaints == []


@pytest.mark.parametrize(("size", "language"), WAYS)
async def test_the_code_is_asked_for_and_a_wrong_one_is_told_kindly(
    county: County, screens: Screens, size: str, language: str
) -> None:
    volunteer = await county.arrives(Role.VOLUNTEER, enrolled=True)
    page = await screens.open("/sign-in", SIZES[size], language, java_script_enabled=False)
    await fill_in(page, volunteer)
    await expect(page.locator("#code")).to_be_visible()
    await page.locator("#code").fill("000000")
    await page.locator("form button.wide").click()
    await expect(page.locator(".told")).to_be_visible()
    await picture(page, f"wrong-code-{size}-{language}")
    assert await page.locator("html").get_attribute("lang") == {"en": "en", "zh": "zh-CN"}[language]
    await page.locator("#code").fill(volunteer.code(county.platform.now))
    await page.locator("form button.wide").click()
    await expect(page).to_have_url(f"{county.url}/account")
    await page.locator("form[action='/sign-out'] button").click()
    await expect(page).to_have_url(f"{county.url}/")
    await page.goto("/account")
    await expect(page).to_have_url(f"{county.url}/sign-in?return_to=%2Faccount")


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_a_refusal_keeps_the_login_and_the_language_is_one_touch_away(
    county: County, screens: Screens, language: str
) -> None:
    page = await screens.open("/sign-in?return_to=%2Fapi%2Fdocs", language=language)
    await page.locator("#login").fill("nobody")
    await page.locator("#password").fill("a secret guess")
    await page.locator("form button.wide").click()
    await expect(page.locator(".told")).to_be_visible()
    await expect(page.locator("#login")).to_have_value("nobody")
    await expect(page.locator("#password")).to_have_value("")
    await looked_at(page, f"wrong-login-{language}")
    await page.get_by_role("link", name={"en": "中文", "zh": "English"}[language]).click()
    await expect(page.locator("html")).to_have_attribute("lang", {"en": "zh-CN", "zh": "en"}[language])
    await expect(page.locator("input[name=return_to]")).to_have_value("/api/docs")
    [complaint] = screens.complaints  # the browser tells of every answer of 4xx
    assert "401" in complaint
