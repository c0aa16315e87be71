"""BibTeX as people and programs write it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from bibtexparser import write_string
from bibtexparser.library import Library
from bibtexparser.model import Entry, Field
from hypothesis import given
from hypothesis import strategies as st
from pylatexenc.latexencode import unicode_to_latex

from smegraph.bibliography.latex import decode
from smegraph.bibliography.record import Name, Reading, Record, clean

Read = Callable[[str, str], Reading]


def one(read: Read, text: str) -> Record:
    reading = read("bibtex", text)
    assert reading.problems == []
    (record,) = reading.records
    return record


def names(read: Read, author: str) -> list[Name]:
    return one(read, f"@book{{k, author = {{{author}}}}}").names["author"]


def test_braces_quotes_numbers_and_macros_are_values(read: Read) -> None:
    record = one(
        read,
        '@string{j = "Journal of "}\n'
        '@article{k, Title = "A {SME} # story", journal = j # {Marketing},'
        " year = 2013, month = may}",
    )
    assert record.fields == {
        "@type": "article", "title": "A SME # story", "journal": "Journal of Marketing",
        "year": "2013", "month": "5",
    }  # fmt: skip


def test_a_macro_may_be_made_of_others(read: Read) -> None:
    text = '@string{a = "International"}\n@string{b = a # " Marketing"}\n@article{k, journal = b}'
    assert one(read, text).fields["journal"] == "International Marketing"


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"{\'E}cole", "École"),
        (r"\c{c}a va, S{\o}ren \v{S}koda", "ça va, Søren Škoda"),
        (r"{\"O}zt{\"{u}}rk", "Öztürk"),
        (r"Research & Development \& 50% of it", "Research & Development & 50% of it"),
        (r"``So'' -- he said", "“So” – he said"),
        ("costs $5 million", "costs $5 million"),
        (r"\emph{SMEs} and \textbf{exports}", "SMEs and exports"),
        ("Müller", "Müller"),
    ],
)
def test_latex_becomes_text(tex: str, text: str) -> None:
    assert clean(decode(tex)) == text


def test_the_dash_of_pages_is_one_hyphen(read: Read) -> None:
    assert one(read, "@article{k, pages = {687--711}}").fields["pages"] == "687-711"


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ("Shintaro Okazaki", Name("Okazaki", "Shintaro")),
        ("Okazaki, S.", Name("Okazaki", "S.")),
        ("van der Berg, Jan", Name("van der Berg", "Jan")),
        ("Jan van der Berg", Name("van der Berg", "Jan")),
        ("Garc{\\'i}a de la Torre, Ana", Name("García de la Torre", "Ana")),
        ("King, Jr., Martin Luther", Name("King", "Martin Luther", "Jr.")),
        ("{World Health Organization}", Name("World Health Organization", is_person=False)),
        ("{Barnes and Noble, Inc.}", Name("Barnes and Noble, Inc.", is_person=False)),
        ("{\\O}stergaard, {\\AA}se", Name("Østergaard", "Åse")),
    ],
)
def test_a_name_has_its_parts(read: Read, author: str, expected: Name) -> None:
    assert names(read, author) == [expected]


def test_and_others_is_no_author(read: Read) -> None:
    record = one(read, "@book{k, author = {Bell, J. and others}}")
    assert record.names["author"] == [Name("Bell", "J.")]
    assert record.incomplete == {"author"}


def test_names_with_semicolons_are_taken_apart_and_told(read: Read) -> None:
    record = one(read, "@book{k, author = {Bell, J.; Loane, S.}}")
    assert record.names["author"] == [Name("Bell", "J."), Name("Loane", "S.")]
    assert "separated by" in record.flaws[0]


def test_three_thousand_authors_are_read(read: Read) -> None:
    author = " and ".join(f"Author{number}, A." for number in range(3000))
    assert len(names(read, author)) == 3000


def test_an_unclosed_record_is_named_and_the_others_are_kept(read: Read) -> None:
    reading = read(
        "bibtex",
        "@book{a, title = {A}}\n\n@article{b, title = {unclosed, year = 2013\n}\n"
        "@book{c, title = {C}}",
    )
    assert [record.id for record in reading.records] == ["a", "c"]
    (problem,) = reading.problems
    assert problem.row == 3
    assert '"@article{b' in problem.message
    assert problem.severity == "error"


def test_a_missing_comma_is_no_part_of_a_title(read: Read) -> None:
    reading = read("bibtex", "@book{a, title = {A} year = {2013}}\n@book{b, title = {B}}")
    assert [record.id for record in reading.records] == ["b"]
    (problem,) = reading.problems
    assert problem.row == 1
    assert "a comma is missing" in problem.message


@pytest.mark.parametrize(
    "text", ["@book{a, title = {A}", "@book{a, title = {A", '@book{a, title = "A']
)
def test_a_record_cut_off_at_the_end_is_named(read: Read, text: str) -> None:
    reading = read("bibtex", text)
    assert reading.records == []
    assert [problem.row for problem in reading.problems] == [1]


def test_a_field_that_stands_twice_is_told(read: Read) -> None:
    record = one(read, "@book{a, title = {First}, title = {Second}}")
    assert record.fields["title"] == "First"
    assert "title stands twice" in record.flaws[0]


def test_two_records_with_one_name_are_both_read(read: Read) -> None:
    reading = read("bibtex", "@book{a, title = {First}}\n@book{a, title = {Second}}")
    assert [record.fields["title"] for record in reading.records] == ["First", "Second"]
    assert [len(record.flaws) for record in reading.records] == [0, 1]


def test_a_macro_that_the_file_lacks_is_told(read: Read) -> None:
    record = one(read, "@article{a, journal = jibs, year = 2013, month = may}")
    assert record.fields["journal"] == "jibs"
    assert record.flaws == ['journal: "jibs" is no macro of the file; it is taken as a word.']


def test_a_part_inherits_from_its_volume(read: Read) -> None:
    reading = read(
        "bibtex",
        "@incollection{p, title = {Part}, crossref = {V}}\n"
        "@incollection{q, title = {Other}, crossref = {none}}\n"
        "@book{v, title = {Volume}, year = 1988, editor = {Hood, Neil}}",
    )
    part, other, _ = reading.records
    assert (part.fields["booktitle"], part.fields["year"]) == ("Volume", "1988")
    assert part.fields["title"] == "Part"
    assert part.names["editor"] == [Name("Hood", "Neil")]
    assert 'crossref "none"' in other.flaws[0]


def test_comments_and_words_between_records_are_no_records(read: Read) -> None:
    text = 'Exported by hand\n@comment{jabref}\n@preamble{"x"}\n@book{a, title = {A}}'
    assert one(read, text).id == "a"


def test_control_characters_of_a_file_reach_no_terminal(read: Read) -> None:
    reading = read("bibtex", "@book{a\x1b[31m, title = {\x1b[2JA\u202e}}\n@book{\x1bb, title = {")
    assert reading.records[0].fields["title"] == "[2JA"
    assert all(text.isprintable() for text in (reading.records[0].id, reading.problems[0].message))


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ("Doe, J. \\& Roe, M.", [Name("Doe", "J."), Name("Roe", "M.")]),
        ("Doe, J., Roe, M., Poe, A.", [Name("Doe", "J."), Name("Roe", "M."), Name("Poe", "A.")]),
        ("John Doe, Maria Roe and Ana Poe",
         [Name("Doe", "John"), Name("Roe", "Maria"), Name("Poe", "Ana")]),
        ("Ministry of Trade and Industry",
         [Name("Ministry of Trade and Industry", is_person=False)]),
        ("Barnes \\& Noble", [Name("Barnes & Noble", is_person=False)]),
        ("{Doe, J.; Roe, M.}", [Name("Doe, J.; Roe, M.", is_person=False)]),
    ],
)  # fmt: skip
def test_what_only_looks_like_one_name_or_several_is_told(
    read: Read, author: str, expected: list[Name]
) -> None:
    record = one(read, f"@book{{k, author = {{{author}}}}}")
    assert record.names["author"] == expected
    assert record.flaws[0].startswith("author: ")


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ("Fran\\c cois Dupont", Name("Dupont", "François")),
        ("{\\O}ystein Olsen", Name("Olsen", "Øystein")),
        ("Smith, J., Jr.", Name("Smith", "J.", "Jr.")),
        ("Smith, Jr., J.", Name("Smith", "J.", "Jr.")),
        ("Mu&ntilde;oz, J.", Name("Muñoz", "J.")),
        ("William Press", Name("Press", "William")),
        (
            "\\ifmmode \\check{C}\\else \\v{C}\\fi{}ernot\\'{\\i}k, Ond\\ifmmode"
            " \\check{r}\\else \\v{r}\\fi{}ej",
            Name("Černotík", "Ondřej"),
        ),
    ],
)
def test_latex_is_read_before_a_name_is_taken_apart(
    read: Read, author: str, expected: Name
) -> None:
    assert names(read, author) == [expected]


@pytest.mark.parametrize("end", [" et al.", " and et al.", " and others"])
def test_those_who_are_left_out_are_no_person_and_told(read: Read, end: str) -> None:
    record = one(read, f"@book{{k, author = {{Bell, J.{end}}}}}")
    assert record.names["author"] == [Name("Bell", "J.")]
    assert record.incomplete == {"author"}
    assert "in author is no person" in record.flaws[0]


def test_entities_and_tags_are_read_behind_latex(read: Read) -> None:
    record = one(
        read,
        "@article{k, title={$\\less$p$\\greater$A $\\less$em$\\greater$thing"
        "$\\less$/em$\\greater$ of R{\\&}amp;D$\\less$/p$\\greater$},"
        " journal={Geometry \\&amp; Topology}}",
    )
    assert record.fields["title"] == "A thing of R&D"
    assert record.fields["journal"] == "Geometry & Topology"
    assert record.flaws == []


def test_a_macro_that_is_unknown_is_told_with_its_field(read: Read) -> None:
    record = one(read, "@article{k, title={A \\foo{kept} text}}")
    assert record.fields["title"] == "A kept text"
    assert record.flaws == ["title: \\foo is an unknown macro; its text is kept."]


def test_a_doi_keeps_its_dashes(read: Read) -> None:
    record = one(read, "@article{k, doi={10.1000/a--b\\_c~d}}")
    assert record.fields["doi"] == "10.1000/a--b_c~d"


def test_no_library_writes_to_the_terminal(read: Read, capfd: pytest.CaptureFixture[str]) -> None:
    one(read, "@article{k, title={\\frac\\frac \\textcolor \\href{x} \\unknown \\[ $a $}}")
    read("bibtex", "@article{k, title={A\n@book{b, title = {B}}")
    assert capfd.readouterr() == ("", "")


LETTERS = "abcXYZ019 .,:;-&%$#_{}\\'?!()àáâãäåæçèéêëìíîïñòóôõöøùúûüýßšžčćłőğşÉÖØŠŽ"
# Without what stands for something else in TeX even in a text: ~, ^, -- and ''.
texts = (
    st.text(LETTERS, min_size=1, max_size=60)
    .map(lambda text: clean(text.replace("--", "-").replace("''", "'")))
    .filter(lambda text: text and "--" not in text and "''" not in text)
)


@given(title=texts, journal=texts)
def test_what_others_write_reads_back(read: Read, title: str, journal: str) -> None:
    """A writer that is not ours, with every special character in LaTeX."""
    fields = [
        Field("title", "{" + unicode_to_latex(title, unknown_char_policy="keep") + "}"),
        Field("journal", "{" + unicode_to_latex(journal, unknown_char_policy="keep") + "}"),
    ]
    text = write_string(Library([Entry("article", "k", fields)]), unparse_stack=[])
    record = one(read, text)
    assert (record.fields["title"], record.fields["journal"]) == (title, journal)


def test_a_pit_of_braces_is_told(read: Read) -> None:
    pit = "{" * 3000 + r"\a" + "}" * 3000
    reading = read("bibtex", f"@book{{a, title = {{{pit}}}}}\n@book{{b, author = {{{pit}}}}}\n")
    assert reading.records == []
    assert [problem.row for problem in reading.problems] == [1, 2]


@given(st.text("\\{}[]$%&#~^_'`\"-abc begindv \n", max_size=60))
def test_no_latex_breaks_the_reader(text: str) -> None:
    assert isinstance(decode(text), str)


@given(st.text(max_size=300))
def test_no_text_breaks_the_reader(read: Read, text: str) -> None:
    reading = read("bibtex", f"@book{{a, title = {{A}}}}\n{text}\n@book{{z, title = {{Z}}}}\n")
    assert reading.records or reading.problems


@given(st.text('@{}",=#\\ \nabook', max_size=80))
def test_no_syntax_breaks_the_reader(read: Read, text: str) -> None:
    reading = read("bibtex", f"@book{{a, title = {{A}}}}\n{text}")
    assert [record.id for record in reading.records[:1]] == ["a"] or reading.problems
