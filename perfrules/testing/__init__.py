"""Rules under test: their cases, mutants of them, and the cases that are missing."""
