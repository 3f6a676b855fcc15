"""YAML text to packs, dataset descriptions, waivers and configurations; every fault at once, with its line.

Configurations (``configured``) and schemas (``schemas``) are needed by few runs and not imported here.
"""

from perfrules.loader.datasets import load_dataset, load_facts_map, load_waivers
from perfrules.loader.folders import builtin_packs
from perfrules.loader.packs import load_pack

__all__ = ["builtin_packs", "load_dataset", "load_facts_map", "load_pack", "load_waivers"]
