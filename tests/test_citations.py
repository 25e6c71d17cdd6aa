"""References and their BibTeX."""

import re

import pytest

from lisse.citations import TAGS, Bibliography, Source, to_bibtex
from lisse.materials import library

DOUX = Source(
    citation="J.-M. Doux, H. Nguyen, Y.S. Meng, Adv. Energy Mater. 10 (2020) 1903253", doi="10.1002/aenm.201903253"
)
NOTE = Source(citation="Handbook of {Odd} & Ends_2, page 5")
GUESS = Source(citation="lisse assumption: nobody knows", tag="assume")


def test_an_article():
    text = to_bibtex([DOUX])
    assert text.startswith("@article{doux2020")
    for line in (
        "author = {J.-M. Doux and H. Nguyen and Y.S. Meng}",
        "journal = {Adv. Energy Mater.}",
        "volume = {10}",
        "year = {2020}",
        "pages = {1903253}",
        "doi = {10.1002/aenm.201903253}",
    ):
        assert line in text


def test_anything_else_is_a_note_with_escapes():
    text = to_bibtex([NOTE])
    assert text.startswith("@misc{")
    assert r"note = {Handbook of Odd \& Ends\_2, page 5}" in text


def test_et_al():
    text = to_bibtex([Source(citation="Z. Liu et al., J. Am. Chem. Soc. 135 (2013) 975-978", doi="10.1021/ja3110895")])
    assert "author = {Z. Liu and others}" in text
    assert "pages = {975-978}" in text


def test_keys_do_not_depend_on_company():
    assert DOUX.key in to_bibtex([NOTE, DOUX, DOUX])
    assert to_bibtex([NOTE, DOUX, DOUX]) == to_bibtex([DOUX, NOTE])
    assert to_bibtex([DOUX, NOTE]).count("@") == 2
    sibling = Source(citation="J.-M. Doux, Y. Yang, J. Mater. Chem. A 8 (2020) 5049-5055")
    assert sibling.key != DOUX.key


def test_assumptions_are_counted_not_listed():
    books = Bibliography()
    for source, method in ((DOUX, "measured"), (DOUX, "fitted"), (GUESS, "assumed"), (NOTE, "assumed")):
        books.add(source, method)
    assert books.assumptions == 2
    assert books.sources == [DOUX]
    assert books.to_bibtex() == to_bibtex([DOUX])
    assert to_bibtex([GUESS]) == ""


def parse(text: str) -> dict[str, dict[str, str]]:
    """Read BibTeX by its grammar: @kind{key, name = {value with balanced braces}, ...}."""
    entries: dict[str, dict[str, str]] = {}
    at = 0
    while (at := text.find("@", at)) >= 0:
        head = re.compile(r"@(\w+)\{([^\s,{}]+),\s*").match(text, at)
        assert head, text[at : at + 60]
        assert head[2] not in entries, head[2]
        fields = entries[head[2]] = {"": head[1]}
        at = head.end()
        while text[at] != "}":
            name = re.compile(r"(\w+) = \{").match(text, at)
            assert name, text[at : at + 60]
            depth, start = 1, name.end()
            at = start
            while depth:
                step = 2 if text[at] == "\\" else 1
                depth += {"{": 1, "}": -1}.get(text[at], 0) if step == 1 else 0
                at += step
            assert name[1] not in fields
            fields[name[1]] = text[start : at - 1]
            at = re.compile(r",?\s*").match(text, at).end()
        at += 1
    return entries


def test_the_library_as_bibtex_parses_and_lists_each_work_once():
    sources = [claim.source for material in library().values() for claim in material.claims]
    entries = parse(to_bibtex(sources))
    assert len(entries) > 40
    assert [f["note"] for f in entries.values() if "memory" in f.get("note", "") or "lisse" in f.get("note", "")] == []
    for key, fields in entries.items():
        assert fields[""] in ("article", "misc")
        if fields[""] == "article":
            assert {"author", "journal", "year"} <= set(fields), key
            assert "note" not in fields
            assert "(" not in fields["author"]
        else:
            assert "author" not in fields
            assert fields["note"]
    works = [fields.get("doi", "") or str(sorted(fields.items())) for fields in entries.values()]
    assert len(works) == len(set(works))


def test_the_review_is_an_article_of_the_library():
    entries = parse(to_bibtex(source for m in library().values() for source in m.references()))
    review = next(fields for key, fields in entries.items() if key.startswith("wu2021"))
    assert review["author"].startswith("C. Wu and J. Lou and J. Zhang")
    assert review["author"].endswith("Y. Yao and Z. Fan")
    assert (review["journal"], review["volume"], review["pages"]) == ("Nano Energy", "87", "106081")
    assert review["doi"] == "10.1016/j.nanoen.2021.106081"


def test_an_article_without_doi_and_what_lisse_did_with_it():
    text = "H. Muramatsu, A. Hayashi, Solid State Ion. 182 (2011) 116-119"
    plain, used = Source(citation=text, tag="seed"), Source(citation=f"{text}; fitted by lisse", tag="fit")
    assert plain.key == used.key
    (fields,) = parse(to_bibtex([plain, used])).values()
    assert fields == {
        "": "article",
        "author": "H. Muramatsu and A. Hayashi",
        "journal": "Solid State Ion.",
        "volume": "182",
        "year": "2011",
        "pages": "116-119",
    }


@pytest.mark.parametrize(
    ("citation", "tag"),
    [
        ("General literature value from memory, medium confidence", "mem-m"),
        ("Handbook value (CRC Handbook of Chemistry and Physics)", "mem-h"),
        ("IUPAC standard atomic weights", "defined"),
        ("Faraday law, In to InLi", "derived"),
        ("Second-hand list of moduli; originals not seen", "2nd"),
        ("lisse assumption: nobody knows", "assume"),
    ],
)
def test_what_is_no_publication_is_left_out(citation, tag):
    source = Source(citation=citation, tag=tag)
    assert not source.is_publication
    assert to_bibtex([source]) == ""
    books = Bibliography()
    books.add(source, "measured")
    books.add(DOUX, "defined")
    assert books.sources == []


def test_a_year_without_a_journal_stays_a_note():
    for text in ("S. Sinzig et al., resolved model of a cell (2024)", "A. Asheri et al. (2023), cohesive-zone model"):
        (fields,) = parse(to_bibtex([Source(citation=text, tag="2nd")])).values()
        assert (fields[""], fields["note"], fields["year"]) == ("misc", text, text[text.index("(20") + 1 :][:4])


def test_nothing_in_a_citation_breaks_the_file():
    text = to_bibtex([Source(citation=r"Odd \ {a} }{ ~ ^ $ # % & _ , Journal", doi="10.1000/a{b}c_d")])
    (fields,) = parse(text).values()
    assert fields["doi"] == "10.1000/abc_d"
    assert fields["note"] == r"Odd \textbackslash{} a  \~{} \^{} \$ \# \% \& \_ , Journal"


def test_one_work_has_one_doi_throughout_the_library():
    dois: dict[str, set[str]] = {}
    for material in library().values():
        for claim in material.claims:
            work = re.match(r"[^()]+\((?:19|20)\d\d\) \w+", claim.source.work)
            if work:
                dois.setdefault(work.group(), set()).add(claim.source.doi or "")
    assert {work: found for work, found in dois.items() if len(found) > 1} == {}


def test_all_but_the_assumed_and_defined_has_a_doi_or_a_tag():
    claims = [claim for material in library().values() for claim in material.claims]
    claims = [claim for claim in claims if claim.method not in ("assumed", "defined")]
    assert all(claim.source.doi or claim.source.tag in TAGS for claim in claims)
    assert sum(claim.source.doi is not None for claim in claims) > 0.65 * len(claims)
