"""Where in a tree the rules are, and the texts that stand below some keys."""

from collections.abc import Collection, Iterator, Mapping

from perfrules.loader.document import Twig


def rule_twigs(root: Twig) -> Iterator[Twig]:
    """The rules of a rules file that are mappings."""
    listed = root.value.get("rules") if isinstance(root.value, dict) else None
    if listed is not None and isinstance(listed.value, list):
        yield from (twig for twig in listed.value if isinstance(twig.value, dict))


def blocks(root: Twig) -> Iterator[Mapping[str, Twig]]:
    """The rules of a rules file, each as its keys and what stands under them."""
    for twig in rule_twigs(root):
        if isinstance(twig.value, dict):
            yield twig.value


def texts_below(root: Twig, keys: Collection[str]) -> Iterator[Twig]:
    """The texts below any of ``keys``, however deep; keys themselves are none."""
    todo = [(root, False)]
    while todo:
        twig, inside = todo.pop()
        if isinstance(twig.value, dict):
            todo += [(below, inside or key in keys) for key, below in twig.value.items()]
        elif isinstance(twig.value, list):
            todo += [(below, inside) for below in twig.value]
        elif inside and twig.value is not None:
            yield twig
