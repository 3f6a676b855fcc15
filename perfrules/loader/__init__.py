"""YAML text to packs and dataset descriptions; every fault at once, with its line."""

from perfrules.loader.datasets import load_dataset, load_facts_map
from perfrules.loader.packs import builtin_packs, load_pack

__all__ = ["builtin_packs", "load_dataset", "load_facts_map", "load_pack"]
