"""YAML text to packs and dataset descriptions; every fault at once, with its line."""

from perfrules.loader.datasets import load_dataset, load_facts_map
from perfrules.loader.folders import builtin_packs
from perfrules.loader.packs import load_pack
from perfrules.loader.schemas import schemas

__all__ = ["builtin_packs", "load_dataset", "load_facts_map", "load_pack", "schemas"]
