"""Drafts: a small pack to start from, and rules to fill in."""
