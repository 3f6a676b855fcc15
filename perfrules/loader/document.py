"""YAML text to a tree of texts that knows where everything stands; the only module that sees ``yaml``.

Nothing is constructed: every scalar stays the text as written (``001001``, ``no``, ``1.10``), and what could make a
small file large or a text an object (anchors, aliases, merge keys, tags) is refused.
"""

import re
from collections.abc import Callable
from dataclasses import field
from operator import attrgetter
from pathlib import Path
from typing import Any

import yaml

from perfrules.errors import Diagnostic
from perfrules.loader.sources import Source, raw_of, source_of
from perfrules.locale import Message, message
from perfrules.locations import Place
from perfrules.values import frozen, mutable

MAX_DEPTH = 30
"""How deep lists and mappings may lie in one another."""
MAX_NODES = 500_000
"""How many texts, lists and mappings a file may hold."""
MAX_FAULTS = 200
"""After how many faults of a file's YAML the rest of it is not read."""

_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_OPENING = frozenset("“‘„＂")
_CURLY = r"[“‘„＂]([^“”‘’„＂]*)[”’＂]"

Span = tuple[int, int]
_span: Callable[[yaml.Event], Span] = attrgetter("start_mark.index", "end_mark.index")
_NO_KEYS: dict[str, Span] = {}  # shared by all that is no mapping
_LISTED = "", (0, 0)  # stands for the key in a list, which awaits none


@mutable
class Twig:
    """A piece of a document, with the stretch of the text that it was read from.

    Attributes:
        value: A text, nothing (None), a list, or a mapping.
        start, end: Characters of the source, from 0.
        style: How a text is written: plain is empty, else its quote or block sign; ``[`` and ``{`` for flow.
        keys: Of a mapping, where each key stands.
    """

    value: "str | list[Twig] | dict[str, Twig] | None"
    start: int
    end: int
    style: str = ""
    keys: dict[str, Span] = field(default_factory=lambda: _NO_KEYS)

    @property
    def plain(self) -> object:
        """The piece as texts, None, lists and dictionaries."""
        if isinstance(self.value, dict):
            return {key: twig.plain for key, twig in self.value.items()}
        if isinstance(self.value, list):
            return [twig.plain for twig in self.value]
        return self.value

    @property
    def mark(self) -> Span:
        """The stretch to point at: a text, a flow, or the first key or item of a block."""
        if isinstance(self.value, dict) and not self.style and self.keys:
            return next(iter(self.keys.values()))
        if isinstance(self.value, list) and not self.style and self.value:
            return self.value[0].mark
        return self.start, self.end


@frozen
class Fault:
    """A fault of the YAML itself; one that is not ``fatal`` leaves the rest of the file readable."""

    at: int
    diagnostic: Diagnostic
    fatal: bool = True


@frozen
class Document:
    """A file that could be read as YAML, with the faults that leave the rest of it readable."""

    source: Source
    root: Twig
    faults: tuple[Fault, ...] = ()

    def place(self, twig: Twig) -> Place:
        """Where ``twig`` stands."""
        return self.source.place(*twig.mark)

    def key_place(self, twig: Twig, key: str) -> Place:
        """Where ``key`` of the mapping ``twig`` stands."""
        return self.source.place(*twig.keys[key])

    def faults_in(self, twig: Twig) -> list[Diagnostic]:
        """The faults between the start and the end of ``twig``."""
        return [fault.diagnostic for fault in self.faults if twig.start <= fault.at < twig.end]


def read_document(path: Path, keys: frozenset[str]) -> tuple[Document | None, list[Diagnostic]]:
    """Read a YAML file.

    Args:
        path: The file.
        keys: Keys of the format.

    Returns:
        The document, or None and every fault for which the file cannot be used.
    """
    return document_of(path, raw_of(path), keys)


def document_of(
    path: Path, raw: bytes | None, keys: frozenset[str]
) -> tuple[Document | None, list[Diagnostic]]:
    """Read a YAML file whose bytes are known, likewise."""
    source, diagnostics = source_of(path, raw, keys)
    if source is None:
        return None, diagnostics
    composer = _Composer(source)
    root = composer.run()
    if root is None:
        return None, [fault.diagnostic for fault in composer.faults]
    return Document(source, root, tuple(composer.faults)), []


class _StopReading(Exception):  # noqa: N818  # not an error for anybody: it ends the loop over events
    """The rest of the file is not worth reading."""


class _Composer:
    """Builds the tree from the events of the YAML parser, without recursion."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.faults: list[Fault] = []
        self.root: Twig | None = None
        self._open: list[Twig] = []
        self._key: list[
            tuple[str, Span] | None
        ] = []  # for each of these, the key that was read; None where one is due
        self._nodes = 0

    def run(self) -> Twig | None:
        """The root, or None if there is a fatal fault."""
        loader = _Loader(self.source.text)
        next_event: Callable[[], yaml.Event] = loader.get_event
        dispose: Callable[[], None] = loader.dispose
        take: dict[type[yaml.Event], Callable[[Any], None]] = {
            yaml.ScalarEvent: self._scalar,
            yaml.MappingStartEvent: self._mapping,
            yaml.SequenceStartEvent: self._sequence,
            yaml.MappingEndEvent: self._end,
            yaml.SequenceEndEvent: self._end,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._document,
        }
        try:
            while type(event := next_event()) is not yaml.StreamEndEvent:
                if handler := take.get(type(event)):
                    handler(event)
        except yaml.YAMLError as error:
            self.faults.append(self._broken(error))
        except _StopReading:
            pass
        finally:
            dispose()
        if self.root is None and not self.faults:
            self.root = Twig(None, 0, 0)
        return None if any(fault.fatal for fault in self.faults) else self.root

    # ---- one method for each kind of event --------------------------------------------------------------------------

    def _document(self, event: yaml.DocumentStartEvent) -> None:
        if self.root is not None:
            what = message("a second document begins here")
            self._fail("PR103", what, _span(event), message("keep one document to a file"))
            raise _StopReading

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        if event.anchor is not None or event.tag is not None:
            self._refuse_magic(event)
        span = _span(event)
        style = event.style or ""
        text: str = event.value
        if not style and text[:1] in _OPENING:
            self._refuse_curly(text, span)
        if self._key and self._key[-1] is None:
            self._begin_entry(text, span, style)
        else:
            self._add(Twig(None if not style and text in _NULLS else text, *span, style, _NO_KEYS))

    def _mapping(self, event: yaml.MappingStartEvent) -> None:
        self._begin(Twig({}, *_span(event), "{" if event.flow_style else "", {}), event)

    def _sequence(self, event: yaml.SequenceStartEvent) -> None:
        self._begin(Twig([], *_span(event), "[" if event.flow_style else "", _NO_KEYS), event)

    def _end(self, event: yaml.Event) -> None:
        twig = self._open.pop()
        self._key.pop()
        twig.end = _span(event)[1]

    def _alias(self, event: yaml.AliasEvent) -> None:
        what = message("aliases (*{name}) are not allowed", name=event.anchor)
        self._fail("PR108", what, _span(event), _WRITE_OUT)
        raise _StopReading

    # ---- the tree ---------------------------------------------------------------------------------------------------

    def _begin_entry(self, key: str, span: Span, style: str) -> None:
        keys = self._open[-1].keys
        if key == "<<" and not style:
            self._fail("PR108", message("merge keys are not allowed"), span, _WRITE_OUT)
        elif key in keys:
            self._fail(
                "PR104",
                message(
                    "{key} stands twice, here and in line {line}",
                    key=key,
                    line=self.source.row(keys[key][0]),
                ),
                span,
                message("remove one of the two"),
                fatal=False,
            )
        self._key[-1] = key, span

    def _begin(self, twig: Twig, event: yaml.MappingStartEvent | yaml.SequenceStartEvent) -> None:
        if event.anchor is not None or event.tag is not None:
            self._refuse_magic(event)
        if len(self._open) >= MAX_DEPTH:
            what = message("nested deeper than {limit}", limit=MAX_DEPTH)
            self._fail("PR110", what, _span(event))
            raise _StopReading
        if self._key and self._key[-1] is None:
            self._fail(
                "PR103",
                message("a list or a mapping stands where a key is due"),
                _span(event),
                message("put the text in quotes if it begins with a bracket"),
            )
            raise _StopReading
        self._add(twig)
        self._open.append(twig)
        self._key.append(None if isinstance(twig.value, dict) else _LISTED)

    def _add(self, twig: Twig) -> None:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            self._fail(
                "PR110",
                message("more than {limit} entries", limit=MAX_NODES),
                (twig.start, twig.end),
            )
            raise _StopReading
        if not self._open:
            self.root = twig
            return
        above, entry = self._open[-1], self._key[-1]
        if isinstance(above.value, list):
            above.value.append(twig)
        elif isinstance(above.value, dict) and entry is not None:
            self._key[-1] = None
            if entry[0] not in above.keys:
                above.value[entry[0]] = twig
                above.keys[entry[0]] = entry[1]

    def _refuse_magic(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> None:
        if event.anchor is not None:
            what = message("anchors (&{name}) are not allowed", name=event.anchor)
            self._fail("PR108", what, _span(event), _WRITE_OUT)
        else:
            self._fail(
                "PR108",
                message("tags ({name}) are not allowed", name=self._word(event)),
                _span(event),
                message("remove the tag: every value is read as the text that is written"),
            )

    def _word(self, event: yaml.Event) -> str:
        start = _span(event)[0]
        return self.source.text[start : start + 40].split()[0]

    def _refuse_curly(self, text: str, span: Span) -> None:
        curly = re.fullmatch(_CURLY, text)
        if curly:
            self._fail(
                "PR107",
                message("curly quotes stand around {text}", text=curly[1]),
                span,
                message(
                    "write {straight}; where the curly quotes are meant, {both}",
                    straight=f'"{curly[1]}"',
                    both=f"'{text}'",
                ),
                fatal=False,
            )

    def _fail(
        self,
        code: str,
        what: Message,
        span: Span,
        hint: Message | None = None,
        *,
        fatal: bool = True,
    ) -> None:
        place = self.source.place(span[0], max(span[1], span[0] + 1))
        self.faults.append(Fault(span[0], Diagnostic(code, what, place, hint), fatal))
        if len(self.faults) == MAX_FAULTS:
            what = message("more than {limit} faults; the rest is not read", limit=MAX_FAULTS)
            self._fail("PR110", what, span)
            raise _StopReading

    def _broken(self, error: yaml.YAMLError) -> Fault:
        from perfrules.loader.syntax import explained  # noqa: PLC0415  # few files are broken

        at, context, problem = len(self.source.text), None, ""
        if isinstance(error, yaml.MarkedYAMLError):
            at = error.problem_mark.index if error.problem_mark else at
            context = error.context_mark.index if error.context_mark else None
            problem = error.problem or ""
        return Fault(at, explained(self.source, min(at, len(self.source.text)), context, problem))


_WRITE_OUT = message("write the value out at every place")
