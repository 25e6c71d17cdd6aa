"""References and their BibTeX."""

from lisse.citations import Bibliography, Source, to_bibtex

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
