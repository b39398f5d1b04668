"""Codes that messages mention are words in Chinese, each of them."""

from services.notify.messages.domain import CHINESE
from shared.contracts import inspection as facts
from shared.contracts.inspection import campaigns, transfers
from shared.contracts.values import Category


def test_every_code_has_a_chinese_word():
    codes = (Category, facts.RejectReason, facts.Suspension, facts.VisitKind, facts.LetterKind, facts.DocumentKind)
    codes += (facts.ReturnReason, facts.PartTask, facts.CountyFinding)
    codes += (
        campaigns.CampaignKind,
        campaigns.LookState,
        campaigns.Unlooked,
        campaigns.Carried,
        transfers.TransferGround,
    )
    codes += (facts.DocumentKind, facts.ContestKind, facts.ContestOutcome, facts.MeasureKind, facts.MeasureEnd)
    codes += (facts.StayGround,)
    assert {code for kind in codes for code in kind} == set(CHINESE)
