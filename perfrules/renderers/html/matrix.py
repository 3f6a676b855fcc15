"""The outcomes as a picture: a line for every rule, a column for every unit, as plain SVG."""

from itertools import groupby

from markupsafe import Markup, escape

from perfrules.locale import Message, message, word
from perfrules.locale.words import OUTCOMES
from perfrules.report import Report, RuleCount
from perfrules.report.league import league
from perfrules.report.units import UnitCount
from perfrules.values import frozen

UNITS = 60
RULES = 60
"""Units and rules that are drawn; those with the gravest findings."""
COLORS = {
    "fail": "#c6423a", "unknown": "#dfa63a", "rounding": "#8ba3c0", "pass": "#5da880", "not-applicable": "#d8d5cc", "": "#f4f2ea",
}  # fmt: skip
FADED = {"error": 1.0, "warning": 0.72, "info": 0.48}
"""How strong a contradiction of each severity is."""
FONT = "'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif"
CELL, GAP, LABEL, LEGEND = 16, 2, 300, 420
_NAME = 11
"""Characters of Chinese that are shown of a unit."""
_TOLD = ("fail", "unknown", "rounding")


@frozen
class Matrix:
    """What is drawn: rules by units, and what is left out."""

    rules: tuple[RuleCount, ...]
    units: tuple[UnitCount, ...]
    left_out: Message | None

    @property
    def head(self) -> int:
        """The height of the names of the units."""
        longest = max(_width(unit.unit) for unit in self.units)
        return 18 + 5 * min(longest, 2 * _NAME)

    def outcome(self, rule: RuleCount, unit: UnitCount) -> str:
        """The gravest outcome of a rule on a unit; empty where there is no verdict."""
        return next((name for name in COLORS if name and unit.of(name, rule.rule)), "")


def matrix(report: Report) -> Matrix | None:
    """The matrix of a report; None where verdicts were not counted by unit."""
    if report.units is None or not report.units.counts:
        return None
    standings = league(report).units
    units = tuple(one.count for one in standings[:UNITS])
    spoken = {rule for unit in units for rules in unit.outcomes.values() for rule in rules}
    grave = {"error": 0, "warning": 1, "info": 2}
    there = [count for count in report.counts if count.rule in spoken]
    worst = sorted(there, key=lambda c: (not c.failed, not c.unknown, grave[c.severity], -c.failed))
    chosen = {count.rule for count in worst[:RULES]}
    rules = tuple(count for count in there if count.rule in chosen)
    more_units, more_rules = len(standings) - len(units), len(there) - len(rules)
    told = None
    if more_units or more_rules:
        told = message(
            "left out: {units} units and {rules} rules; those with the gravest findings are shown",
            units=more_units,
            rules=more_rules,
        )
    return Matrix(rules, units, told)


def svg(found: Matrix, language: str) -> Markup:
    """The picture."""
    width = LABEL + max(len(found.units) * CELL + found.head, LEGEND)
    height = found.head + len(found.rules) * CELL + 44
    parts = [*_columns(found), *_lines(found, language), _foot(found, language, height - 26)]
    name = word(message("outcomes of rules by unit"), language)
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="matrix" viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="img" '
        'aria-label="{name}" font-family="{font}" font-size="11" fill="#5c5f66">{parts}</svg>'
    ).format(w=width, h=height, name=name, font=FONT, parts=Markup("").join(parts))


def _columns(found: Matrix) -> list[Markup]:
    return [
        Markup('<text transform="translate({} {}) rotate(-55)"><title>{}</title>{}</text>').format(
            LABEL + at * CELL + 11, found.head - 6, unit.unit, _cut(unit.unit, _NAME)
        )
        for at, unit in enumerate(found.units)
    ]


def _lines(found: Matrix, language: str) -> list[Markup]:
    return [
        part
        for line, rule in enumerate(found.rules)
        for part in _line(found, rule, found.head + line * CELL, language)
    ]


def _line(found: Matrix, rule: RuleCount, top: int, language: str) -> list[Markup]:
    """A rule: its title, and its cells; cells that need no words are drawn together."""
    title = word(rule.title, language) or rule.rule
    parts = [
        Markup('<text x="{}" y="{}" text-anchor="end"><title>{}</title>{}</text>').format(
            LABEL - 8, top + 11, rule.rule, _cut(title, 25)
        )
    ]
    cells = [(at, unit, found.outcome(rule, unit)) for at, unit in enumerate(found.units)]
    for outcome, run in groupby(cells, key=lambda cell: cell[2]):
        group = list(run)
        if outcome in _TOLD:
            parts += [_cell(rule, unit, outcome, at, top, language) for at, unit, _ in group]
        else:
            parts.append(_rect(group[0][0], len(group), top, outcome, 1.0))
    return parts


def _rect(at: int, count: int, top: int, outcome: str, strength: float) -> Markup:
    opacity = Markup("") if strength == 1 else Markup(' opacity="{}"').format(strength)
    return Markup('<rect class="m-{}" x="{}" y="{}" width="{}" height="{}" fill="{}"{}/>').format(
        outcome or "none", LABEL + at * CELL, top, count * CELL - GAP, CELL - GAP, COLORS[outcome], opacity
    )  # fmt: skip


def _cell(
    rule: RuleCount, unit: UnitCount, outcome: str, at: int, top: int, language: str
) -> Markup:  # fmt: skip
    strength = FADED[rule.severity] if outcome == "fail" else 1.0
    told = "  ".join(
        f"{word(OUTCOMES[name], language)} {unit.of(name, rule.rule)}"
        for name in OUTCOMES
        if unit.of(name, rule.rule)
    )
    said = f"{unit.unit} · {word(rule.title, language) or rule.rule}: {told}"
    return Markup("<g><title>{}</title>{}</g>").format(said, _rect(at, 1, top, outcome, strength))


def _foot(found: Matrix, language: str, top: int) -> Markup:
    """What the colours mean, and what is left out."""
    parts, x = [], LABEL
    for outcome in COLORS:
        if outcome:
            said = word(OUTCOMES[outcome], language)
            swatch = _rect(0, 1, 0, outcome, 1.0)
            parts.append(
                Markup('<g transform="translate({} {})">{}<text x="{}" y="11">{}</text></g>').format(
                    x - LABEL, top, swatch, LABEL + CELL + 2, said
                )
            )  # fmt: skip
            x += CELL + 12 + _width(said) * 6
    if found.left_out is not None:
        parts.append(
            Markup('<text x="{}" y="{}">{}</text>').format(
                8, top + 24, word(found.left_out, language)
            )
        )
    return Markup("").join(parts)


def _width(text: str) -> int:
    """Columns that a text takes: two for a character of Chinese."""
    return sum(1 if sign.isascii() else 2 for sign in text)


def _cut(text: str, columns: int) -> Markup:
    """``text`` in so many columns of two."""
    if _width(text) <= 2 * columns:
        return escape(text)
    kept = ""
    for sign in text:
        if _width(kept + sign) > 2 * columns - 2:
            break
        kept += sign
    return escape(f"{kept}…")
