"""The project: ontology, sheets, rules, studies and sources of one place, each read once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from smegraph.errors import Problem
from smegraph.links.check import check_sets
from smegraph.links.errors import refuse_errors as refuse_links
from smegraph.links.folder import link_files, read_sets
from smegraph.links.folder import strangers as strange_links
from smegraph.links.known import Known
from smegraph.links.model import MappingSet
from smegraph.links.target import Target
from smegraph.ontology.locate import ontology_dir
from smegraph.ontology.ontology import Ontology
from smegraph.ontology.rules import Rules
from smegraph.ontology.schema import REFERENCE, STUDY, Schema
from smegraph.studies.errors import refuse_errors
from smegraph.studies.folder import StudyFolder, find_folders, open_folder
from smegraph.studies.ingest import ingest
from smegraph.studies.passages import find_sources
from smegraph.studies.reader import Ingested
from smegraph.studies.strangers import Stranger, shown_path, strays


@dataclass
class Project:
    """What every command works on; a part is read when it is first asked for, and once.

    Attributes:
        ontology_folder: the folder of the ontology.
        data: the folder with `reference/` and `studies/`.
        sources: the source documents by file name, to prove passages against; None proves none.
        follow_links: whether links are followed that lead out of the data.
    """

    ontology_folder: Path
    data: Path = Path("data")
    sources: Mapping[str, Path] | None = None
    follow_links: bool = False

    @classmethod
    def find(
        cls,
        ontology: Path | None = None,
        data: Path = Path("data"),
        sources: Path | None = None,
        *,
        follow_links: bool = False,
    ) -> Project:
        """Return the project of the folders that somebody named, or of those that there are.

        Raises:
            OntologyError: there is no ontology.
        """
        texts = find_sources(sources) if sources else None
        return cls(ontology_dir(ontology), data, texts, follow_links)

    @cached_property
    def ontology(self) -> Ontology:
        """The ontology.

        Raises:
            OntologyError: the folder cannot be read, or a file is not Turtle.
        """
        return Ontology.load(self.ontology_folder)

    @cached_property
    def schema(self) -> Schema:
        """The sheets that the ontology describes.

        Raises:
            OntologyError: the ontology cannot be read, or a shape is no sheet.
        """
        return Schema.read(self.ontology)

    @cached_property
    def rules(self) -> Rules:
        """The rules of the ontology."""
        return Rules.load(self.ontology_folder)

    @cached_property
    def folders(self) -> list[StudyFolder]:
        """The reference data, and every study."""
        return find_folders(self.data, self.schema, follow_links=self.follow_links)

    @cached_property
    def strays(self) -> list[Stranger]:
        """The sheets that lie outside of every folder of sheets."""
        return list(strays(self.data, self.schema, follow_links=self.follow_links))

    @property
    def studies(self) -> dict[str, StudyFolder]:
        """The folders of the studies by key."""
        return {folder.name: folder for folder in self.folders if folder.scope == STUDY}

    def include(self, path: Path) -> StudyFolder:
        """Return the folder of sheets at a path.

        One that lies outside of the data joins the others, in place of one of its name. A link that
        somebody names is followed.
        """
        real = path.resolve()
        self.strays[:] = [s for s in self.strays if s.problem.file != shown_path(path)]
        found = next((f for f in self.folders if f.path.resolve() == real), None)
        if found is None:
            scope = REFERENCE if path.name == "reference" else STUDY
            found = open_folder(path, self.schema, scope=scope, follow_links=self.follow_links)
            others = [folder for folder in self.folders if folder.name != found.name]
            self.folders[:] = [*others, found]
        return found

    def ingest(self, only: Iterable[str] | None = None) -> list[Ingested]:
        """Read the sheets into statements; nothing is raised for wrong ones, the problems tell.

        Args:
            only: the names of the studies to read; the others serve as things to refer to.
        """
        lost = [one for stranger in self.strays for one in stranger.lost]
        return ingest(
            self.folders, self.ontology, self.schema, sources=self.sources, only=only, lost=lost
        )

    @cached_property
    def results(self) -> list[Ingested]:
        """What became of every folder."""
        return self.ingest()

    @property
    def strangers(self) -> list[Problem]:
        """What is wrong with files that are no sheets where they lie."""
        outside = [stranger.problem for stranger in self.strays]
        return [*outside, *(problem for folder in self.folders for problem in folder.problems)]

    @property
    def problems(self) -> list[Problem]:
        """What is wrong in the sheets of all folders, and outside of them."""
        outside = [stranger.problem for stranger in self.strays]
        return [*outside, *(problem for result in self.results for problem in result.problems)]

    @cached_property
    def links(self) -> list[MappingSet]:
        """The links to others, each set with what is wrong with its file by itself."""
        return read_sets(self.ontology_folder, self.data, shown_path)

    @property
    def link_files(self) -> list[Path]:
        """The files of links."""
        return link_files(self.ontology_folder, self.data)

    @cached_property
    def known(self) -> Known:
        """What there is in ontology and data that can be linked."""
        facts = (line for result in self.results for line in result.lines)
        return Known.of(self.ontology, facts)

    def link_problems(self, targets: Sequence[Target] = ()) -> list[Problem]:
        """Return what is wrong with links, and with files beside them.

        Args:
            targets: vocabularies at hand, in which objects must be.
        """
        found = check_sets(self.links, self.known, targets)
        return [*self.strange_links, *found]

    @property
    def strange_links(self) -> list[Problem]:
        """What is wrong with files that lie beside those of links."""
        return strange_links(self.ontology_folder, self.data, shown_path)

    @property
    def clean_links(self) -> list[MappingSet]:
        """The links to others, when none has an error.

        Raises:
            LinkError: one has; every problem is named.
        """
        refuse_links(self.link_problems())
        return self.links

    @property
    def clean_results(self) -> list[Ingested]:
        """What became of every folder, when no sheet has an error.

        Raises:
            DataError: a sheet has one; every problem is named.
        """
        refuse_errors(self.problems)
        return self.results
