"""The words shown to people: messages in English and Chinese, and the one function that words them.

A :class:`Message` is an English sentence with named places and the values for them; nothing else in the
package builds a sentence by hand. The Chinese catalogue is ``zh/LC_MESSAGES/perfrules.mo``, made from the
``.po`` file beside it by ``make locale``.
"""

import gettext
from collections.abc import Mapping
from dataclasses import field
from functools import cache
from pathlib import Path

from perfrules.values import frozen

LANGUAGES = ("zh", "en")
DOMAIN = "perfrules"
FOLDER = Path(__file__).parent
_SEPARATOR = {"zh": "、", "en": ", "}


@frozen
class Message:
    """A sentence in English with ``{named}`` places, and what stands in them.

    A value may be a text, a number, a :class:`Label`, another message, or a tuple of these.
    """

    text: str
    args: Mapping[str, object] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return word(self, "en")


@frozen
class Label:
    """A title that somebody wrote in a pack, in one language or in both."""

    zh: str | None = None
    en: str | None = None

    def __str__(self) -> str:
        return word(self, "en")


Worded = Message | Label
"""What is said to a person; a label where it was made elsewhere and only its words are known."""


def message(text: str, /, **args: object) -> Message:
    """Make a :class:`Message`; ``text`` must be a literal so that the catalogues can be checked."""
    return Message(text, args)


def word(item: object, language: str) -> str:
    """Put ``item`` into words.

    Args:
        item: A message, a label, a tuple or list of these, or anything with a ``str``.
        language: ``zh`` or ``en``.

    Raises:
        ValueError: The language is neither.
    """
    if language not in LANGUAGES:
        raise ValueError(language)
    if isinstance(item, Message):
        args = {name: word(value, language) for name, value in item.args.items()}
        return _catalogue(language).gettext(item.text).format_map(args)
    if isinstance(item, Label):
        first, second = (item.zh, item.en) if language == "zh" else (item.en, item.zh)
        return first or second or ""
    if isinstance(item, tuple | list):
        return _SEPARATOR[language].join(word(part, language) for part in item)
    return str(item)


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    if language == "en":
        return gettext.NullTranslations()
    return gettext.translation(DOMAIN, FOLDER, [language])
