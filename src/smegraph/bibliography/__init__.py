"""References that arrive as BibTeX, RIS or CSL-JSON become rows in the sheets of a study."""

from smegraph.bibliography.importing import ImportResult, import_references

__all__ = ["ImportResult", "import_references"]
