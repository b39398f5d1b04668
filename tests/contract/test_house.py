"""The tree keeps the rules of the house; without this file they would be advice."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from house import RULES

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_tree_keeps_the_rule(rule: Callable[[Path], Iterator[str]]):
    faults = list(rule(ROOT))
    assert not faults, "\n" + "\n".join(faults)
