"""Generating data from rules: rules grounded on a few rows, solved, and varied without leaving what the rules allow."""
