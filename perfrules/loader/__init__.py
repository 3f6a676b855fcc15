"""YAML text to packs, dataset descriptions, waivers and configurations; every fault at once, with its line."""

from perfrules.loader.configured import load_configuration
from perfrules.loader.datasets import load_dataset, load_facts_map, load_waivers
from perfrules.loader.folders import builtin_packs
from perfrules.loader.packs import load_pack
from perfrules.loader.schemas import schemas

__all__ = [
    "builtin_packs", "load_configuration", "load_dataset", "load_facts_map", "load_pack", "load_waivers", "schemas",
]  # fmt: skip
