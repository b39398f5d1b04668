"""Somebody holds a paper, or its file, and wants to know whether it is genuine."""

from hashlib import sha256
from uuid import UUID

import pytest
from playwright.async_api import expect
from screens import AREA, DESKTOP, SIZES, County, Screens, barriers, hidden_sideways_px, picture

from services.inspection.documents.domain import code_of
from services.inspection.documents.models import Document, Rendition
from shared.contracts.inspection import DocumentKind, DocumentState, Language

pytestmark = pytest.mark.browser
PDF = b"%PDF-1.7 as it was issued %%EOF"
NUMBER = "云湖县应急管理局责改〔2026〕000123号"
DATA = {
    "issuer": {"zh": "云湖县应急管理局", "en": "Yunhu County Emergency Management Bureau"},
    "issued_on": "2026-09-30",
    "verify_url": {"page": "http://gateway/verify"},
}
CODE = code_of(UUID(int=1), DATA)
GENUINE = {"en": "Genuine.", "zh": "真实有效。"}


async def issue(county: County, state: DocumentState = DocumentState.ISSUED) -> None:
    """Put one document where inspection keeps them."""
    now = county.platform.now
    void = {"voided_at": now, "void_reason": "misnamed"} if state is DocumentState.VOIDED else {}
    async with county.platform.service("inspection").database.transaction() as tx:
        tx.add(
            Document(
                id=UUID(int=1),
                area_code=AREA,
                version=1,
                state=state,
                kind=DocumentKind.RECTIFICATION_ORDER,
                number=NUMBER,
                code=CODE,
                issuer_id=UUID(int=2),
                act_id=UUID(int=3),
                data=DATA,
                issued_at=now,
                printed_at=now,
                template="test",
                **void,
            )
        )
        digest = sha256(PDF).hexdigest()
        tx.add(Rendition(document_id=UUID(int=1), language=Language.ZH, sha256=digest, size_bytes=len(PDF), pages=1))


@pytest.mark.parametrize("light", ["light", "dark"])
@pytest.mark.parametrize(("size", "language"), [("phone", "en"), ("phone", "zh"), ("desktop", "en"), ("desktop", "zh")])
async def test_the_code_on_a_paper_leads_to_what_it_is(
    county: County, screens: Screens, size: str, language: str, light: str
) -> None:
    await issue(county)
    page = await screens.open(f"/verify/{CODE}", SIZES[size], language, light)
    await expect(page.get_by_role("status")).to_contain_text(GENUINE[language])
    await expect(page.locator("dl")).to_contain_text(NUMBER)
    assert await hidden_sideways_px(page) == 0
    assert await barriers(page) == []
    await picture(page, f"verify-{size}-{language}-{light}")
    assert screens.complaints == []


async def test_a_file_is_compared_without_being_sent(county: County, screens: Screens) -> None:
    await issue(county, DocumentState.VOIDED)
    page = await screens.open("/verify", DESKTOP, "en")
    await page.locator("#file").set_input_files({"name": "a.pdf", "mimeType": "application/pdf", "buffer": PDF})
    await expect(page.locator("#compared")).to_contain_text(f"declared void: Rectification order, {NUMBER}")
    changed = PDF.replace(b"was", b"is")
    await page.locator("#file").set_input_files({"name": "a.pdf", "mimeType": "application/pdf", "buffer": changed})
    await expect(page.locator("#compared")).to_contain_text("It was changed, or nobody issued it")
    await page.locator("#code").fill(CODE.lower())
    await page.get_by_role("button", name="Check").click()
    await expect(page.get_by_role("status")).to_contain_text("Void.")
    assert await barriers(page) == []
    assert screens.complaints == []
