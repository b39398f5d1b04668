"""The stories in the order in which they are shown; each stands alone and can be shown again on the same county."""

from collections.abc import Awaitable, Callable, Mapping

from demo.scene import Scene
from demo.stories.agency import agency_story
from demo.stories.batch import batch_story
from demo.stories.doors import doors_story
from demo.stories.partner import partner_story
from demo.stories.volunteer import volunteer_story
from demo.stories.worker import worker_story

STORIES: Mapping[str, Callable[[Scene], Awaitable[None]]] = {
    "1 · A volunteer's photograph · 志愿者举报": volunteer_story,
    "2 · An agency finds a major hazard · 第三方检查发现重大隐患": agency_story,
    "3 · An anonymous worker · 匿名职工": worker_story,
    "4 · One batch of 1,000 results · 批量检查结果": batch_story,
    "5 · A partner agency listens · 协作单位订阅": partner_story,
    "6 · Two more doors · 企业自查与执法发现": doors_story,
}
"""Title → story."""
