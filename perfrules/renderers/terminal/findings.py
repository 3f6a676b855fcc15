"""The middle of the page: contradictions with their cells, then what is within rounding or unknown."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import zip_longest

from rich.cells import cell_len
from rich.text import Text

from perfrules import wording
from perfrules.findings import EvidenceCell, Finding, with_unit
from perfrules.locale import Message, message
from perfrules.locale.words import SEVERITIES
from perfrules.renderers.terminal.page import DIM, Page, fitted, key_text
from perfrules.report import RuleCount, decimal_of

_STYLES = {"error": "bold red", "warning": "bold yellow", "info": "bold cyan"}
_FORMULA = "cyan"
_DIGITS = 8
"""Significant digits shown of a quotient that does not end."""
_QUOTE = 120
"""Characters shown of a quote, if the view is not verbose."""
_DITTO = "〃"


def failures(page: Page) -> None:
    """Every contradiction, by severity and rule."""
    for severity, name in SEVERITIES.items():
        total = sum(page.failed[count.rule, severity] for count in page.report.counts)
        if total:
            title = message("{severity}: {count}", severity=name, count=total)
            page.heading(title, _STYLES[severity])
            for count, found, rest in _by_rule(page, "fail", severity):
                _rule(page, count, found, rest)


def roundings(page: Page) -> None:
    """What holds only because figures are rounded: a line for each table, or one each in a verbose view."""
    total = page.report.total("rounding")
    title = message("within rounding, for information: {count}", count=total)
    if page.view.verbose:
        _compact(page, "rounding", title)
    elif total:
        page.heading(title)
        for cluster in wording.clusters(page.report):
            page.line(cluster.title, ": ", wording.clustered(cluster), indent=2)
            for note, count in cluster.notes:
                page.line(message("{count} of them: {note}", count=count, note=note), style=DIM, indent=4)  # fmt: skip


def unknowns(page: Page) -> None:
    """What could not be checked, one line each."""
    total = sum(page.open[count.rule, "unknown"] for count in page.report.counts)
    _compact(page, "unknown", message("could not be checked: {count}", count=total))


def settled(page: Page) -> None:
    """What is waived, with the reasons; of what the baseline knows only how much, unless the view is verbose."""
    waived = [detail for detail in page.report.details if detail.waiver]
    known = [detail for detail in page.report.details if detail.settled and not detail.waiver]
    if waived:
        page.heading(message("waived: {count}", count=len(waived)))
        _settled(page, waived)
    if known:
        page.heading(message("known from the baseline: {count}", count=len(known)))
        if page.view.verbose:
            _settled(page, known)


def _settled(page: Page, found: Sequence[Finding]) -> None:
    by_rule: dict[str, list[Finding]] = {}
    for detail in found:
        by_rule.setdefault(detail.rule, []).append(detail)
    for rule, own in by_rule.items():
        page.line(Text(rule, "bold"), "  ", own[0].title, indent=2)
        shown = own if page.view.verbose else own[: page.view.per_rule]
        for detail in shown:
            why = [wording.explained(detail.waiver)] if detail.waiver else [detail.why]
            _one_line(page, detail, *why, indent=4)
        _more(page, len(own) - len(shown))


def _by_rule(
    page: Page, outcome: str, severity: str | None = None
) -> Iterable[tuple[RuleCount, list[Finding], int]]:
    """The rules that have verdicts of this outcome, those of their findings that are shown, and how many are not."""
    found: dict[str, list[Finding]] = {}
    for detail in page.report.details:
        fits = severity in (None, detail.severity)
        if detail.outcome == outcome and fits and not detail.settled:
            found.setdefault(detail.rule, []).append(detail)
    most = None if page.view.verbose else page.view.per_rule
    for count in page.report.counts:
        counted = page.open[count.rule, outcome]
        number = counted if severity is None else page.failed[count.rule, severity]
        if number:
            shown = found.get(count.rule, [])[:most]
            yield count, shown, number - len(shown)


def _rule(page: Page, count: RuleCount, found: Sequence[Finding], rest: int) -> None:
    one = len({detail.formula for detail in found}) == 1
    page.line()
    page.line(Text(count.rule, "bold"), "  ", count.title)
    if one:
        page.line(Text(found[0].formula, _FORMULA), indent=2)
    for finding in found:
        _one_line(page, finding)
        if finding.baseline == "changed":
            page.line(wording.STANDINGS["changed"], indent=4)
        _story(page, finding, formula=not one)
        _cells(page, finding)
    _more(page, rest)
    if found and page.say(found[0].hint):
        page.line(message("what to do: {hint}", hint=found[0].hint), indent=2)


def _compact(page: Page, outcome: str, title: Message) -> None:
    if not any(page.open[count.rule, outcome] for count in page.report.counts):
        return
    page.heading(title)
    for count, found, rest in _by_rule(page, outcome):
        page.line(Text(count.rule, "bold"), "  ", count.title, indent=2)
        for finding in found:
            extra = (finding.why,) if outcome == "unknown" else finding.notes
            _one_line(page, finding, *extra, indent=4)
        _more(page, rest)


def _more(page: Page, rest: int) -> None:
    """How many verdicts of a rule are not shown."""
    if rest:
        page.line(message("{count} more", count=rest), style=DIM, indent=2)


# ---- one finding --------------------------------------------------------------------------------------------------------


def _one_line(page: Page, finding: Finding, *extra: object, indent: int = 2) -> None:
    """Where it is, and the numbers."""
    said = (Text(page.say(part)) for part in extra)
    parts = [_where(page, finding), *_numbers(page, finding), *said]
    page.flow([part for part in parts if part], indent)


def _where(page: Page, finding: Finding) -> Text:
    """The column that ``for`` put in, and the parts of the key that the head of the page does not say."""
    own = {name: value for name, value in finding.key.items() if name not in page.common}
    tag = f"[{finding.column}]" if finding.column else ""
    return Text(" ".join(part for part in (tag, key_text(own)) if part), "bold")


def _numbers(page: Page, finding: Finding) -> list[Text]:
    if finding.left is None or finding.right is None or finding.difference is None:
        return []
    unit = finding.unit
    parts = [
        (message("left"), with_unit(_short(finding.left), unit), ""),
        (message("right"), with_unit(_short(finding.right), unit), ""),
        (message("difference"), with_unit(_short(finding.difference, sign=True), unit), "bold"),
    ]
    if finding.slack:
        parts.append((message("slack"), with_unit(_short(finding.slack), unit), DIM))
    return [Text(f"{page.say(name)} ", DIM) + Text(figure, style) for name, figure, style in parts]


def _story(page: Page, finding: Finding, *, formula: bool) -> None:
    """What is said of this finding alone."""
    if formula:
        page.line(Text(finding.formula, _FORMULA), indent=4)
    said = page.say(page.messages.get(finding.rule, ""))
    if said not in ("", page.say(finding.title)):
        page.line(said, indent=4)
    for note in finding.notes:
        page.line(note, indent=4)


def _cells(page: Page, finding: Finding) -> None:
    view = page.view
    shown = finding.cells if view.verbose else finding.cells[: view.cells]
    most = view.width // 3
    names = [fitted(Text(_name(page, cell, finding)), most) for cell in shown]
    wide = _longest(names)
    printed = (Text(cell.printed or page.say(message("(blank)"))) for cell in shown)
    figures = [fitted(text, max(view.width - wide - 20, 12)) for text in printed]
    figure_wide = _longest(figures)
    room = max(view.width - wide - figure_wide - 8, 12)
    place = quote = ""
    lines: list[Text] = []
    for cell, name, figure in zip(shown, names, figures, strict=True):
        before, place, quote = (place, quote), _place(cell), _quote(page, cell)
        origin = fitted(Text(_origin(place, quote, before, room), DIM), room)
        # side by side: every column is broken already, so that no table need be laid out
        columns = (text.split("\n") for text in (name, figure, origin))
        for left, middle, right in zip_longest(*columns, fillvalue=Text()):
            gap = " " * (wide - left.cell_len)
            lead = " " * (figure_wide - middle.cell_len)
            lines.append(Text.assemble(left, gap, "  ", lead, middle, "  ", right))
    if shown:
        page.put(Text("\n").join(lines), 4)
    rest = len(finding.cells) - len(shown)
    if rest:
        page.line(message("{count} more cells", count=rest), style=DIM, indent=4)


def _longest(texts: Sequence[Text]) -> int:
    return max((cell_len(line) for text in texts for line in text.plain.split("\n")), default=0)


def _name(page: Page, cell: EvidenceCell, finding: Finding) -> str:
    """The title of the column, and the parts of the key that are not the finding's."""
    own = [value for name, value in cell.key.items() if finding.key.get(name) != value]
    return " ".join([page.say(cell.title) or cell.column, *own])


def _place(cell: EvidenceCell) -> str:
    origin = cell.origin
    file = origin.file if origin.row is None else f"{origin.file}:{origin.row}"
    return "  ".join(part for part in (file, origin.section) if part)


def _quote(page: Page, cell: EvidenceCell) -> str:
    quote = " ".join(cell.origin.quote.split())
    if not page.view.verbose and len(quote) > _QUOTE:
        quote = quote[:_QUOTE] + "…"
    return f"「{quote}」" if quote else ""


def _origin(place: str, quote: str, before: tuple[str, str], room: int) -> str:
    """Where a cell was printed, and the words around it: in the same line, if there is room; said once for its neighbours."""
    if (place, quote) == before:
        return _DITTO
    if quote and quote == before[1]:
        return f"{place}  {_DITTO}"
    gap = "  " if cell_len(f"{place}  {quote}") <= room else "\n"
    return f"{place}{gap}{quote}" if quote else place


def _short(value: Fraction, *, sign: bool = False) -> str:
    """A number for the eye: whole if it ends, else its first digits behind a sign of approximation."""
    figure, exact = decimal_of(value)
    if not exact:
        figure = type(figure)(f"{figure:.{_DIGITS}g}")
    text = f"{figure:+f}" if sign else f"{figure:f}"
    return text if exact else f"≈{text}"
