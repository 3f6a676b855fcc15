"""``perfrules explain``: a diagnostic code, a rule, or a rule with the numbers of a row put in."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path

from rich.text import Text

from perfrules import loader
from perfrules.cli.checks_width import width
from perfrules.cli.page import Page
from perfrules.cli.settings import Settings
from perfrules.cli.words import CERTAINTY, OUTCOMES, SEVERITIES, STATUS, TOLERANCES, TYPES
from perfrules.codes import CODES, Entry
from perfrules.errors import Diagnostic, UsageError
from perfrules.expr import format as formatting
from perfrules.expr.nodes import Call, Field, IsBlank, Node, Parameter
from perfrules.expr.parse import parse
from perfrules.locale import Message, message
from perfrules.model import Case, Pack, Rule, Tolerance
from perfrules.tables import Column

_CODE = re.compile(r"PR\d+", re.IGNORECASE)
