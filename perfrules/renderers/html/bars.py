"""Bars of outcomes as plain SVG, without colours of their own: the style sheet knows what each outcome looks like."""

from collections.abc import Mapping

from markupsafe import Markup

ORDER = ("fail", "unknown", "rounding", "pass", "not-applicable")
"""Outcomes from left to right."""


def bar(counts: Mapping[str, int], label: str) -> Markup:
    """A bar whose parts are as wide as the counts; what is there is never too narrow to be seen."""
    total = sum(counts.values())
    found = [(name, counts.get(name, 0)) for name in ORDER if counts.get(name, 0)]
    spare = 100 - len(found) * 0.8
    rects, at = [], 0.0
    for name, count in found:
        width = 0.8 + spare * count / total
        rects.append(
            Markup('<rect class="o-{}" x="{:.2f}" y="0" width="{:.2f}" height="1"/>').format(
                name, at, width
            )
        )
        at += width
    return Markup(
        '<svg class="bar" viewBox="0 0 100 1" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>'
    ).format(label, Markup("").join(rects))
