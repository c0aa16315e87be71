"""morph-kgc, which ingestion is measured against, in an environment of its own."""

from __future__ import annotations

import os
import string
from dataclasses import dataclass
from pathlib import Path

import environment
from measure import Run, measure

NAME = "morph-kgc 2.10.0"
_HERE = Path(__file__).parent
_PINS = _HERE / "requirements-morph-kgc.txt"
_MAPPING = _HERE / "firm-observations.rml.ttl"


@dataclass(frozen=True)
class Settings:
    """Options of morph-kgc that make no difference to the quads, only to the time."""

    name: str
    options: tuple[tuple[str, str], ...] = ()


# The default is two processes for each core, and partial aggregations.
SETTINGS = (
    Settings("as it comes"),
    Settings("one process", (("number_of_processes", "1"),)),
    Settings("cores + 1 processes", (("number_of_processes", str((os.cpu_count() or 1) + 1)),)),
    Settings("maximal partitioning", (("mapping_partitioning", "MAXIMAL"),)),
    Settings("no words for missing values", (("na_values", ""),)),
)


def prepare(folder: Path) -> Path:
    """Make the environment of morph-kgc, unless it is there, and return its Python."""
    return environment.prepare(folder / "morph-kgc-venv", _PINS, NAME, "build")


class Rival:
    """morph-kgc on one study."""

    def __init__(self, python: Path, study: Path, work: Path) -> None:
        self._python, self._work, self._study = python, work, study
        self.output = work / f"{study.name}-morph-kgc.nq"
        self.settings = SETTINGS[0]

    def write_mapping(self) -> None:
        """Fill in the mapping."""
        template = string.Template(_MAPPING.read_text(encoding="utf-8"))
        text = template.substitute(study=self._study.name, folder=self._study.as_posix())
        self._mapping.write_text(text, encoding="utf-8")

    @property
    def _mapping(self) -> Path:
        return self._work / f"{self._study.name}.rml.ttl"

    def run(self) -> Run:
        """Map the study to N-Quads in a new process."""
        self.output.unlink(missing_ok=True)
        options = {
            "output_file": str(self.output),
            "output_format": "N-QUADS",
            "logging_level": "WARNING",
            **dict(self.settings.options),
        }
        lines = ["[CONFIGURATION]", *(f"{name}: {value}" for name, value in options.items())]
        lines += ["[Sheets]", f"mappings: {self._mapping}", ""]
        config = self._work / f"{self._study.name}.ini"
        config.write_text("\n".join(lines), encoding="utf-8")
        clean = {key: text for key, text in os.environ.items() if not key.startswith("PYTHON")}
        command = [str(self._python), "-m", "morph_kgc", str(config)]
        return measure(command, self._work / "morph-kgc.log", clean)

    def take_best_settings(self, tries: int = 2) -> dict[str, float]:
        """Try all settings, keep the fastest, and return the best wall seconds of each."""
        walls: dict[str, float] = {}
        for settings in SETTINGS:
            self.settings = settings
            walls[settings.name] = min(self.run().wall for _ in range(tries))
        self.settings = min(SETTINGS, key=lambda settings: walls[settings.name])
        return walls
