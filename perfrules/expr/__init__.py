"""The rule language: text to nodes (``parse``), nodes to typed nodes (``infer``), and back to text (``format``)."""
