"""How much work a function does: counted, since seconds measure the machine and what else it has to do."""

from collections.abc import Callable
from cProfile import Profile


def calls(function: Callable[[], object]) -> int:
    """How many calls of functions written in Python it takes."""
    profile = Profile(subcalls=False, builtins=False)
    profile.runcall(function)
    return sum(entry.callcount for entry in profile.getstats())
