"""How tests are spread over several processes."""

import re
from collections import OrderedDict
from typing import Any

from xdist.scheduler import LoadScopeScheduling

_ONCE = re.compile("postgresql|spark")
"""What is started once in a run."""


def together(nodeid: str) -> str:
    """What a test shares a process with: all that names the same server, or else its module, or its rule.

    Marks cannot say it: with pytest 9.2 a mark ``xdist_group`` does nothing (pytest-xdist, issue 1386).
    """
    once = _ONCE.search(nodeid)
    if once is not None:
        return once[0]
    file, *names = nodeid.split("::")
    return "::".join([file, *names[: file.endswith(".rules.yaml")]])


def longest_first(queue: OrderedDict[str, Any]) -> None:
    """Let what takes longest be the next that is given to a process: else one works on it when all others have ended."""
    if "spark" in queue:
        queue.move_to_end("spark", last=False)


class Together(LoadScopeScheduling):  # type: ignore[misc]  # it ships no types
    """Gives tests that go together to one process, where what they share is made once."""

    def _split_scope(self, nodeid: str) -> str:
        return together(nodeid)

    def _assign_work_unit(self, node: Any) -> None:
        longest_first(self.workqueue)
        super()._assign_work_unit(node)
