"""What did not run, or ran under a doubt, and why."""

from typing import Literal

from perfrules.locale import Worded
from perfrules.values import frozen

Level = Literal["blocking", "advice"]


@frozen
class Notice:
    """A remark on a run that is not about a contradiction in the data.

    Attributes:
        code: Stable diagnostic code; ``perfrules explain CODE`` tells more.
        message: What happened and what to do.
        level: ``blocking`` if something was not checked because of it, which changes the exit code;
            ``advice`` if everything was checked all the same.
        rules: Ids of the rules concerned.
        table: The table concerned, if one is.
        where: File and position, or origin of the cell, as text; empty if there is none.
    """

    code: str
    message: Worded
    level: Level = "blocking"
    rules: tuple[str, ...] = ()
    table: str = ""
    where: str = ""
