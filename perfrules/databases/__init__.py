"""Databases: tables that live there as relations, questions asked there, and results written there."""
