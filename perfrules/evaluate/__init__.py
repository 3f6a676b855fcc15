"""Evaluation: the reference that defines the meaning, the lowering, pandera checks and engines."""
