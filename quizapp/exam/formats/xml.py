"""XML from strangers: no document type, no entity, nothing fetched, and no more of it than a bank has."""

from __future__ import annotations

from typing import Any
from xml.parsers import expat

from lxml import etree

from quizapp.exam.formats.base import MAX_BYTES, refuse
from quizapp.exam.problems import RefusedError

MAX_ELEMENTS = 200_000

Element = Any  # lxml states no types


class _RootReachedError(Exception):
    """The prolog has been read: what could declare entities cannot follow."""


def parse(raw: bytes, file: str) -> Element:
    """The root element; raises RefusedError, in French, for what is no plain XML."""
    if len(raw) > MAX_BYTES:
        refuse(
            file, "Ce fichier dépasse 10 Mo.", "Répartissez ses questions en plusieurs fichiers."
        )
    if raw.count(b"<") > MAX_ELEMENTS:
        refuse(
            file, "Ce fichier contient trop d’éléments.", "Répartissez-le en plusieurs fichiers."
        )
    _check_prolog(raw, file)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        return etree.fromstring(raw, parser)
    except etree.XMLSyntaxError as error:
        line = error.lineno or 1
        refuse(file, f"Ce fichier n’est plus du XML valide ici : {error.msg}.", line=line)


def _check_prolog(raw: bytes, file: str) -> None:
    """Refuse a document type before anything of it is read: it is where entities are declared."""

    def declared(*_: Any) -> None:
        refuse(
            file,
            "Ce fichier contient un élément non autorisé : une déclaration de type (DTD).",
            "Retirez la ligne « <!DOCTYPE … > ».",
        )

    def reached(*_: Any) -> None:
        raise _RootReachedError

    prolog = expat.ParserCreate()
    prolog.StartDoctypeDeclHandler = declared
    prolog.StartElementHandler = reached
    try:
        prolog.Parse(raw, True)
    except _RootReachedError:
        return
    except RefusedError:
        raise
    except (expat.ExpatError, ValueError, LookupError) as error:
        refuse(file, f"Ce fichier n’est pas du XML : {error}.", line=getattr(error, "lineno", 1))


def name_of(element: Element) -> str:
    """An element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def without_namespaces(root: Element) -> Element:
    """The tree with bare names, as formats whose namespaces say only their version are read."""
    for element in root.iter(etree.Element):
        element.tag = name_of(element)
    return root


def written(root: Element) -> bytes:
    """A document as UTF-8 with its declaration."""
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True))
