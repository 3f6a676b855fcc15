"""The page: what the template is given, what is packed, and what the page may do."""

import json
from base64 import b64encode
from collections.abc import Iterable, Sequence
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any
from zlib import compress

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from perfrules import wording
from perfrules.locale import message, word
from perfrules.locale.words import OUTCOMES, SEVERITIES
from perfrules.renderers.html.bars import ORDER, bar
from perfrules.renderers.html.matrix import matrix, svg
from perfrules.renderers.html.texts import PAGE, SCRIPT, STANDING_OF
from perfrules.renderers.html.view import CELLS, Teller, Told, clean, tallies
from perfrules.report import Report, RuleCount
from perfrules.report.league import UnitStanding, absent, league, present, share_of

STANDING = 200
"""Findings that stand in the page; those beyond are packed."""
PACKET = 250
"""Findings that are unpacked together."""
STYLES = ("colors.css", "finding.css", "page.css")
"""What a page wears."""
RULES = 12
"""Rules of the league that are shown; the table of rules has them all."""
UNITS = 1000
"""Units of the league that are shown; the list of findings may be chosen by any."""
_FOLDER = "perfrules.renderers.html"
OPEN = 40
"""Contradictions up to which they are all unfolded at first."""


def page_of(report: Report, language: str, standing: int = STANDING) -> str:
    """The page; ``standing`` findings are in it as they are, the others packed."""
    teller = Teller(report, language)
    ranked = teller.ranked()
    failed = sum(finding.outcome == "fail" and not finding.settled for _, finding in ranked)
    part = template("finding.html").module.finding
    texts = {name: capital(teller.say(text)) for name, text in PAGE.items()}
    told = [teller.told(place, finding) for place, finding in ranked]
    made = [str(part(one, texts, CELLS, failed <= OPEN)) for one in told]
    style, script = "".join(map(resource, STYLES)), resource("page.js")
    page: str = template("page.html").render(
        t=texts,
        language={"zh": "zh-Hans", "en": "en"}[language],
        **worn(style, script),
        head=head_of(report, teller),
        counts=[_count(count, teller) for count in report.counts],
        units=_units(report, teller),
        clusters=_clusters(report, teller),
        idle=_idle(report, teller),
        facets=_facets(report, teller, told),
        notices=_notices(report, teller),
        standing=Markup("").join(map(Markup, made[:standing])),
        index_size=len(made),
        rest=len(made) - len(made[:standing]),
        rest_said=_rest(made, standing, teller),
        packets=_packets(made[standing:]),
        index=_data(_index(told, teller, standing)),
        outcomes=[(name, capital(teller.say(OUTCOMES[name]))) for name in ORDER],
    )
    return page.rstrip("\n") + "\n"


def worn(style: str, script: str) -> dict[str, object]:
    """Style and script of a page as its template takes them, with the policy that allows these two alone."""
    return {
        "policy": policy(style, script),
        "style": Markup(style),  # noqa: S704  # our own files
        "script": Markup(script),  # noqa: S704  # likewise
    }


def policy(style: str, script: str) -> str:
    """What the page may do: run its own script, wear its own style, and nothing else."""
    known = [b64encode(sha256(text.encode()).digest()).decode() for text in (style, script)]
    return (
        f"default-src 'none'; style-src 'sha256-{known[0]}'; script-src 'sha256-{known[1]}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def capital(text: str) -> str:
    """``text`` as a label: its first letter large."""
    return text[:1].upper() + text[1:]


@cache
def resource(name: str, folder: str = _FOLDER) -> str:
    """A file of this folder, or of another package."""
    return (files(folder) / name).read_text("utf-8")


@cache
def template(name: str, folder: str = _FOLDER) -> Any:
    """A template of this folder, or of another package; whatever it is given is escaped."""
    environment = Environment(
        loader=FunctionLoader(lambda name: resource(name, folder)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)


# ---- parts of the page --------------------------------------------------------------------------------------------------


def head_of(report: Report, teller: Teller) -> dict[str, Any]:
    """What ran, and what came out."""
    run, say = report.run, teller.say
    rows = sum(run.tables.values())
    totals = {outcome: report.total(outcome) for outcome in ORDER}
    kept = wording.not_kept(report)
    open_ = wording.unsettled(report)
    failed = [
        (
            severity,
            say(name),
            sum(open_[c.rule, "fail"] for c in report.counts if c.severity == severity),
        )
        for severity, name in SEVERITIES.items()
    ]
    facts = [
        ("pack", f"{run.pack} {run.pack_version}"),
        ("dataset", say(message("{tables} tables, {rows} rows", tables=len(run.tables), rows=rows))),
        ("engine", f"{run.engine}, perfrules {run.perfrules}"),
    ]  # fmt: skip
    if run.started is not None:
        facts.insert(0, ("checked", f"{run.started:%Y-%m-%d %H:%M} UTC"))
    return {
        "title": clean(run.dataset) or say(message("frames")),
        "pack": say(run.pack_title) or clean(run.pack),
        "common": [clean(value) for value in teller.common.values()],
        "facts": [(name, clean(text)) for name, text in facts],
        "totals": totals,
        "bar": bar(totals, say(wording.left_out(totals.items()) or message("nothing was found"))),
        "all": sum(totals.values()),
        "failed": [item for item in failed if item[2]],
        "coverage": say(wording.coverage(report)),
        "share": wording.share(report),
        "none": say(message("nothing was found")),
        "ran": say(wording.ran(report)),
        "rules": len(report.counts),
        "settled": [say(part) for part in wording.settled(report)],
        "kept": say(kept) if kept else "",
        "state": _state(report),
    }  # fmt: skip


def _state(report: Report) -> str:
    """What the head of the page is coloured by: the exit code that the report has by itself."""
    return {0: "clean", 1: "broken", 3: "open"}[report.exit_code()]


def _count(count: RuleCount, teller: Teller) -> dict[str, Any]:
    numbers = {outcome: count.of(outcome) for outcome in ORDER}
    facts = teller.rules.get(count.rule)
    return {
        "rule": clean(count.rule),
        "title": teller.say(count.title) or clean(count.rule),
        "formula": clean(facts.formula) if facts else "",
        "severity": count.severity,
        "severity_said": teller.say(SEVERITIES[count.severity]),
        "numbers": numbers,
        "bar": bar(numbers, teller.say(wording.tallied(count))) if count.rows else "",
    }


def _units(report: Report, teller: Teller) -> dict[str, Any] | None:
    """Units and rules in their order, and the picture of both; None where there is nothing to compare."""
    if report.units is None or (len(report.units.counts) < 2 and not report.units.missing):
        return None
    standing = league(report)
    drawn = matrix(report)
    return {
        "said": teller.say(present(report.units)),
        "missing": [clean(name) for name in absent(report.units)],
        "units": [_unit(one, teller) for one in standing.units[:UNITS]],
        "rest": max(len(standing.units) - UNITS, 0),
        "rules": [
            {**_count(one.count, teller), "broken": one.broken, "due": one.due}
            for one in standing.rules[:RULES]
        ],
        "more": max(len(standing.rules) - RULES, 0),
        "matrix": svg(drawn, teller.language) if drawn and len(drawn.units) > 1 else "",
    }


def _unit(one: UnitStanding, teller: Teller) -> dict[str, Any]:
    numbers = {outcome: one.count.of(outcome) for outcome in ORDER}
    told = wording.left_out(numbers.items()) or message("nothing was found")
    return {
        "unit": clean(one.count.unit),
        "failed": [one.failed[severity] for severity in SEVERITIES],
        "unknown": one.unknown,
        "share": share_of(one.count),
        "bar": bar(numbers, teller.say(told)) if sum(numbers.values()) else "",
    }


def _clusters(report: Report, teller: Teller) -> list[dict[str, Any]]:
    """What holds within rounding, a line for each table."""
    return [
        {
            "title": teller.say(cluster.title),
            "count": cluster.count,
            "rules": [clean(rule) for rule in cluster.rules],
            "largest": [clean(f"{gap} {key}".rstrip()) for gap, key in cluster.largest],
            "notes": [
                teller.say(message("{count} of them: {note}", count=count, note=note))
                for note, count in cluster.notes
            ],
        }
        for cluster in wording.clusters(report)
    ]


def _idle(report: Report, teller: Teller) -> list[tuple[str, str, str]]:
    return [
        (
            clean(rule),
            teller.say(teller.rules[rule].title) if rule in teller.rules else "",
            teller.say(wording.why_idle(notices)),
        )
        for rule, notices in report.idle.items()
    ]


def _notices(report: Report, teller: Teller) -> list[dict[str, str]]:
    """Notices, those that stand in the way first."""
    ordered = sorted(report.remarks, key=lambda notice: notice.level != "blocking")
    return [
        {
            "code": notice.code,
            "level": notice.level,
            "said": teller.say(notice.message),
            "where": clean(notice.where),
        }
        for notice in ordered
    ]


def _facets(report: Report, teller: Teller, told: Sequence[Told]) -> dict[str, Any]:
    """What can be chosen from, with the number of findings of each."""
    counted = tallies(told)
    found = {one.unit for one in told if one.unit}
    counted_ = report.units.counts if report.units is not None else ()
    units = sorted(found | {clean(count.unit) for count in counted_ if count.unit})
    return {
        "outcome": [
            (name, capital(teller.say(OUTCOMES[name])), counted["outcome"][name]) for name in wording.SEEN
        ],
        "severity": [
            (name, capital(teller.say(said)), counted["severity"][name])
            for name, said in SEVERITIES.items()
        ],
        "standing": [
            (name, capital(teller.say(said)), counted["standing"][name])
            for name, said in STANDING_OF.items()
        ]
        if len(counted["standing"]) > 1
        else [],
        "units": units,
        "unit_name": _unit_name(teller),
        "rules": [(clean(c.rule), teller.say(c.title) or clean(c.rule)) for c in report.counts],
        "group": "unit" if len(found) > 1 else "rule",
    }  # fmt: skip


def _unit_name(teller: Teller) -> str:
    """What the column of units is called: a title of it in the pack."""
    name = teller.unit_column
    if name == "dataset":
        return capital(teller.say(message("dataset")))
    tables = (facts.table for facts in teller.report.tables if name in facts.columns)
    return teller.heading(next(tables, ""), name) if name else teller.say(PAGE["unit"])


def _rest(made: Sequence[str], standing: int, teller: Teller) -> str:
    rest = len(made) - standing
    if rest <= 0:
        return ""
    return teller.say(
        message(
            "{count} more findings are in this file; they are shown where scripts may run, and perfrules render writes them in other formats",
            count=rest,
        )
    )


def _index(told: Sequence[Told], teller: Teller, standing: int) -> dict[str, Any]:
    """What the script must know of every finding before it is shown."""
    columns = {
        name: [getattr(one, name) for one in told]
        for name in ("rule", "unit", "table", "outcome", "severity", "standing")
    }
    names = {name: list(dict.fromkeys(values)) for name, values in columns.items()}
    places = {name: {value: at for at, value in enumerate(names[name])} for name in names}
    titles = {one.rule: one.title for one in told}
    return {
        "names": names,
        "titles": [titles[rule] for rule in names["rule"]],
        "items": {n: [places[n][value] for value in values] for n, values in columns.items()},
        "standing": min(standing, len(told)),
        "packet": PACKET,
        "texts": {
            **{name: word(text, teller.language) for name, text in SCRIPT.items()},
            "outcomes": {name: word(OUTCOMES[name], teller.language) for name in wording.SEEN},
        },
    }


def _packets(made: Sequence[str]) -> Iterable[str]:
    for start in range(0, len(made), PACKET):
        text = json.dumps(made[start : start + PACKET], ensure_ascii=False)
        yield b64encode(compress(text.encode(), 9)).decode()


def _data(found: object) -> Markup:
    """JSON as it may stand in a page: no tag and no comment can begin in it."""
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704  # what could begin a tag is gone
