"""YAML text to packs, dataset descriptions and waivers; every fault at once, with its line."""

from perfrules.loader.datasets import load_dataset, load_facts_map, load_waivers
from perfrules.loader.folders import builtin_packs
from perfrules.loader.packs import load_pack
from perfrules.loader.schemas import schemas

__all__ = [
    "builtin_packs", "load_dataset", "load_facts_map", "load_pack", "load_waivers", "schemas",
]  # fmt: skip
