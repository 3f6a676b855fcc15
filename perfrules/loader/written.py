"""Places looked up after loading: where a key of a rule or of ``pack.yaml`` stands, and a stretch of an expression."""

from collections.abc import Mapping
from dataclasses import field

from perfrules.loader.document import Document, Span, Twig
from perfrules.loader.spans import Filled, span_in_source
from perfrules.locations import Place
from perfrules.values import frozen


@frozen
class WrittenTwig:
    """A mapping of a file, as :class:`perfrules.model.Written`.

    Nothing is worked out before it is asked for: few places ever are.

    Attributes:
        document: The file.
        twig: The mapping.
        filled: The expressions under its keys, with ``for`` put in.
    """

    document: Document
    twig: Twig
    filled: Mapping[str, Filled] = field(default_factory=dict)

    def place(self, *keys: str, span: Span | None = None) -> Place:
        """Where a key stands, below the others; with ``span`` that stretch of the text that stands under it."""
        source, twig, mark = self.document.source, self.twig, self.twig.mark
        for key in keys:
            below = twig.value.get(key) if isinstance(twig.value, dict) else None
            if below is None:
                return source.place(*mark)
            mark, twig = twig.keys[key], below
        if span is None or not isinstance(twig.value, str):
            return source.place(*mark)
        if keys[-1] in self.filled:
            span = self.filled[keys[-1]].original(span)
        return source.place(*span_in_source(source, twig, span))
