"""References: what a value rests on, the list of those that one run used, and their BibTeX.

Leaves out: looking references up anywhere; what stands in the citation text is all there is.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict, Field

ASSUMPTION_PREFIX = "lisse assumption"
"""A citation that starts with this says that there is no source; it never enters a bibliography."""

TAGS = {
    "seed": "printed in the review from which the library started, or in a paper as the review quotes it",
    "2nd": "read in a second-hand transcription of the cited work, which lisse's authors have not seen themselves",
    "web": "read in the cited work or in a public page, file or code that states it",
    "PB": "from the parameter sets of PyBaMM, which name the cited work",
    "BPX": "from a public file in the Battery Parameter eXchange format",
    "mpet": "from the data files of the open-source program MPET",
    "fit": "fitted by lisse to numbers of the cited work",
    "derived": "computed by lisse from numbers of the cited work; the note gives the relation where it is not obvious",
    "mem-h": "from memory, high confidence: a handbook value, or one that the cited work is known for",
    "mem-m": "from memory, medium confidence: right in magnitude",
    "mem-l": "from memory, low confidence: order of magnitude",
    "own": "own measurement or data of the user's laboratory, unpublished",
    "defined": "a definition, or an arithmetical consequence of definitions",
    "assume": "an assumption: nobody has measured it, or lisse has not found who has",
    "model": "an assumption about a model parameter that is not a property of matter alone",
}
"""How a value reached lisse, by the tag of its source; what has no DOI needs one of these."""
_RECALLED = ("mem-h", "mem-m", "mem-l", "2nd", "derived", "fit")
_NO_PUBLICATION = ("defined", "assume", "model")

_ARTICLE = re.compile(
    r"^(?P<authors>[^()\d]+?), (?P<journal>[^,()]+?)(?: (?P<volume>\d+))? \((?P<year>(?:19|20)\d\d)\)"
    r"(?: (?P<pages>[A-Za-z]?\d[\w–-]*))?"
)
_OWN_WORK = re.compile(r"; (?:fitted|derived) by lisse.*$")
_LATEX = {
    "\\": r"\textbackslash{}",
    "&": r"\&",
    "%": r"\%",
    "#": r"\#",
    "_": r"\_",
    "$": r"\$",
    "~": r"\~{}",
    "^": r"\^{}",
}


class Source(BaseModel):
    """Where a value comes from.

    Attributes
    ----------
    citation
        "Authors, Journal volume (year) pages", or "lisse assumption: why".
    doi
        Digital object identifier without the resolver's address.
    tag
        How the value reached lisse, see :data:`TAGS`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    citation: str = Field(min_length=4, description='"Authors, Journal volume (year) pages"')
    doi: str | None = Field(default=None, pattern=r"^10\.\d{4,9}/\S+$", description="without https://doi.org/")
    tag: str | None = Field(default=None, min_length=1, description="how the value was read: seed, 2nd, mem-h ...")

    @property
    def is_assumption(self) -> bool:
        """Whether the citation says that there is no source."""
        return self.citation.lower().startswith(ASSUMPTION_PREFIX)

    @property
    def is_publication(self) -> bool:
        """Whether somebody can look it up: no assumption, no definition, and no memory without a work behind it.

        Examples
        --------
        >>> Source(citation="General literature value from memory", tag="mem-m").is_publication
        False
        >>> Source(citation="Own laboratory, notebook 12, March 2026").is_publication
        True
        """
        if self.is_assumption or self.tag in _NO_PUBLICATION:
            return False
        return bool(self.doi or self.year) if self.tag in _RECALLED else True

    @property
    def work(self) -> str:
        """The citation without what lisse did with the number."""
        return _OWN_WORK.sub("", self.citation)

    @property
    def year(self) -> str:
        """Year of publication as written, empty if there is none."""
        found = re.search(r"\b(?:19|20)\d\d\b", self.citation)
        return found.group() if found else ""

    @property
    def key(self) -> str:
        """BibTeX key: surname, year and three letters that depend on nothing but this source.

        Examples
        --------
        >>> Source(citation="J.M. Doux, H. Nguyen, Adv. Energy Mater. 10 (2020) 1903253").key[:8]
        'doux2020'
        """
        first = unicodedata.normalize("NFKD", self.citation.split(",")[0]).encode("ascii", "ignore").decode()
        words = [word for word in re.split(r"[^A-Za-z]+", first) if len(word) > 1 and word not in ("et", "al")]
        name = words[-1].lower() if words else "source"
        found = _ARTICLE.match(self.work)
        identity = self.doi or (found.group() if found else self.work)
        digest = hashlib.sha256(identity.lower().encode()).digest()
        return f"{name}{self.year}" + "".join(chr(ord("a") + byte % 26) for byte in digest[:3])


class Bibliography:
    """The publications that one run used, each once, and the number of values that rest on assumptions."""

    def __init__(self) -> None:
        self._sources: dict[str, Source] = {}
        self.assumptions = 0

    def add(self, source: Source, method: str = "measured") -> None:
        """Take up a source if it is a publication; a value of method "assumed" is counted instead."""
        if method == "assumed" or source.is_assumption:
            self.assumptions += 1
        elif method != "defined" and source.is_publication:
            self._sources.setdefault(source.key, source)

    @property
    def sources(self) -> list[Source]:
        """The sources in the order of their keys."""
        return [self._sources[key] for key in sorted(self._sources)]

    def to_bibtex(self) -> str:
        """Write the sources as BibTeX."""
        return to_bibtex(self.sources)


def _escape(text: str) -> str:
    return "".join(_LATEX.get(letter, letter) for letter in text.replace("{", "").replace("}", ""))


def _authors(text: str) -> str:
    names = [name.strip() for name in re.split(r",| and |&", text) if name.strip()]
    joined = " and ".join(names)
    return re.sub(r"\s+(?:and\s+)?et al\.?", " and others", joined)


def _entry(source: Source) -> str:
    fields: dict[str, str] = {}
    found = _ARTICLE.match(source.work)
    kind = "article" if found and (source.doi or found["volume"]) else "misc"
    if found and kind == "article":
        fields["author"] = _authors(found["authors"])
        fields["journal"] = found["journal"]
        fields.update({name: found[name] for name in ("volume", "year", "pages") if found[name]})
    else:
        fields["note"] = source.work
        if source.year:
            fields["year"] = source.year
    body = [f"  {name} = {{{_escape(text)}}}" for name, text in fields.items()]
    if source.doi:
        body.append(f"  doi = {{{re.sub('[{}]', '', source.doi)}}}")
    return f"@{kind}{{{source.key},\n" + ",\n".join(body) + "\n}\n"


def to_bibtex(sources: Iterable[Source]) -> str:
    """Write sources as BibTeX entries, sorted by key, each once; what is no publication is left out.

    Parameters
    ----------
    sources
        Any number of sources, in any order, with repetitions.

    Returns
    -------
    str
        ``@article`` where the citation reads "Authors, Journal volume (year) pages", else ``@misc`` with the citation
        as its note; empty if nothing is left.
    """
    unique = {source.key: source for source in sources if source.is_publication}
    return "\n".join(_entry(unique[key]) for key in sorted(unique))
