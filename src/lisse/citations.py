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

_ARTICLE = re.compile(
    r"^(?P<authors>.+?), (?P<journal>[^,]+?)(?: (?P<volume>\d+))? \((?P<year>(?:19|20)\d\d)\)"
    r"(?: (?P<pages>[A-Za-z]?\d[\w–-]*))?"
)
_LATEX = {"&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_", "$": r"\$"}


class Source(BaseModel):
    """Where a value comes from.

    Attributes
    ----------
    citation
        "Authors, Journal volume (year) pages", or "lisse assumption: why".
    doi
        Digital object identifier without the resolver's address.
    tag
        How the value reached lisse: "seed" (printed in the review), "2nd" (read in a second-hand digest),
        "PB" (PyBaMM), "web", "derived", "fit", "mem-h", "mem-m", "mem-l" (from memory, by confidence) ...
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
        digest = hashlib.sha256((self.doi or self.citation).lower().encode()).digest()
        return f"{name}{self.year}" + "".join(chr(ord("a") + byte % 26) for byte in digest[:3])


class Bibliography:
    """The sources that one run used, each once, and the number of values that rest on assumptions."""

    def __init__(self) -> None:
        self._sources: dict[str, Source] = {}
        self.assumptions = 0

    def add(self, source: Source, method: str = "measured") -> None:
        """Take up a source; a value of method "assumed" is counted and its source is not listed."""
        if method == "assumed" or source.is_assumption:
            self.assumptions += 1
        else:
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
    found = _ARTICLE.match(source.citation)
    if found:
        fields["author"] = _authors(found["authors"])
        fields["journal"] = found["journal"]
        fields.update({name: found[name] for name in ("volume", "year", "pages") if found[name]})
    elif source.year:
        fields["year"] = source.year
    kind = "article" if source.doi and found else "misc"
    if kind == "misc" or not found:
        fields["note"] = source.citation
    body = [f"  {name} = {{{_escape(text)}}}" for name, text in fields.items()]
    if source.doi:
        body.append(f"  doi = {{{source.doi}}}")
    return f"@{kind}{{{source.key},\n" + ",\n".join(body) + "\n}\n"


def to_bibtex(sources: Iterable[Source]) -> str:
    """Write sources as BibTeX entries, sorted by key, each once; assumptions are left out.

    Parameters
    ----------
    sources
        Any number of sources, in any order, with repetitions.

    Returns
    -------
    str
        ``@article`` where a DOI and a readable citation exist, else ``@misc`` with the whole citation as its
        note; empty if nothing is left.
    """
    unique = {source.key: source for source in sources if not source.is_assumption}
    return "\n".join(_entry(unique[key]) for key in sorted(unique))
