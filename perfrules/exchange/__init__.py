"""Formats that other programs define, as far as they are the same whatever is written in them: SARIF, JUnit, GitHub's commands, Markdown."""
