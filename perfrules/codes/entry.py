"""One row of the table of diagnostic codes."""

from perfrules.locale import Label
from perfrules.values import frozen


@frozen
class Entry:
    """What a code means.

    Attributes:
        title: What is wrong, in a few words.
        meaning: What perfrules saw and why it matters.
        remedy: What to do.
        before, after: A small example of the fault and of its repair, as written in a file or a call; may be empty.
    """

    title: Label
    meaning: Label
    remedy: Label
    before: str = ""
    after: str = ""
