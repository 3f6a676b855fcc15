"""Rules under test: their cases run, mutants of them, and the cases that are missing."""
