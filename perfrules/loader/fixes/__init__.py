"""What is safe to mend in the files of a pack or dataset: pieces of the text are written otherwise, the rest stays as it is.

First what keeps a file from being read (``lines``), then what reads the same either way (``forms``, ``quotes``, ``order``).
Nothing is mended that cannot be proved: behind every change to a file that could be read, the pack is the pack that it was.
"""

from perfrules.loader.fixes.files import Fixed, fixed_dataset, fixed_pack

__all__ = ["Fixed", "fixed_dataset", "fixed_pack"]
