"""QTI packages: a manifest that says of each item what the item cannot, a test, and the items."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import groupby

from lxml import etree

from quizapp.exam.bank import Bank
from quizapp.exam.formats import xml
from quizapp.exam.formats.archives import Package, is_package, packed
from quizapp.exam.formats.base import Exported, Imported, Loss, NotCarriedError, refuse
from quizapp.exam.formats.entries import Entry, from_labels, labels_of
from quizapp.exam.formats.intake import Intake, slug
from quizapp.exam.formats.numerals import decimal
from quizapp.exam.formats.qti import building as qti
from quizapp.exam.formats.qti.reading import read_item
from quizapp.exam.formats.qti.versions import Version, respelt, spelt
from quizapp.exam.formats.qti.writing import OUTLET
from quizapp.exam.formats.xml import Element
from quizapp.exam.problems import RefusedError
from quizapp.exam.questions.base import Question

_LOM = "http://ltsc.ieee.org/xsd/LOM"
_MANIFEST = "imsmanifest.xml"


def read(raw: bytes, file: str) -> Imported:
    """The bank of a package, or of one item."""
    intake = Intake(file)
    if is_package(raw):
        _read_package(Package(raw, file), intake, file)
        return intake.imported()
    root = respelt(xml.parse(raw, file))
    if root.tag == "assessmentTest":
        refuse(file, "Ce fichier est une épreuve : il nomme ses questions sans les contenir.",
               "Importez le paquet zip entier.")  # fmt: skip
    if root.tag != "assessmentItem":
        refuse(file, f"Ce XML n’est pas une question QTI (« {str(root.tag)[:40]} »).")
    with intake.item(root.get("title", ""), line=root.sourceline or 1) as item:
        read_item(root, intake, item, {"id": _identifier(root)})
    return intake.imported()


def _identifier(root: Element) -> str:
    name = root.get("identifier", "").strip()
    return name[1:] if name[:1] == "_" and name[1:2].isdigit() else name


def _read_package(package: Package, intake: Intake, file: str) -> None:
    known: dict[str, Entry] = {}
    names = package.names()
    if _MANIFEST in names:
        manifest = respelt(xml.parse(package.read(_MANIFEST), file))
        for resource in manifest.iterfind("resources/resource"):
            kind, href = resource.get("type", ""), resource.get("href", "")
            if "test" in kind and href in names:
                _read_test(respelt(xml.parse(package.read(href), file)), href, intake, known)
            elif "item" in kind:
                known.setdefault(href, {}).update(from_labels(_keywords(resource)))
    else:
        known = {name: {} for name in names if name.endswith(".xml")}
    if not known and _MANIFEST not in names:
        refuse(file, "Ce paquet ne contient aucune question QTI.", "Exportez-le de nouveau.")
    for name, entry in known.items():
        with intake.item(name) as item:
            if name not in names:
                raise NotCarriedError("le paquet ne contient pas ce fichier")
            try:
                root = respelt(xml.parse(package.read(name), name))
            except RefusedError as error:
                raise NotCarriedError(error.problems[0].what) from None
            if root.tag != "assessmentItem":
                raise NotCarriedError(f"« {str(root.tag)[:40]} » n’est pas une question QTI")
            read_item(root, intake, item, {**entry, "id": _identifier(root)})


def _keywords(resource: Element) -> list[str]:
    return [
        "".join(word.itertext()).strip()
        for word in resource.iter("keyword")
        if "".join(word.itertext()).strip()
    ]


def _read_test(test: Element, href: str, intake: Intake, known: dict[str, Entry]) -> None:
    """The title of the bank, and for each item its section and its weight, in the test's order."""
    intake.title = test.get("title", "").strip()[:300] or intake.title
    intake.slug = slug(test.get("identifier", "").removeprefix("_")) or intake.slug
    folder = href.rpartition("/")[0]
    for section in test.iter("assessmentSection"):
        for reference in section.iterfind("assessmentItemRef"):
            name = reference.get("href", "")
            entry = known.pop(f"{folder}/{name}" if folder else name, {})
            entry["topic"] = section.get("title", "").strip()[:300]
            weights = [decimal(one.get("value", "1")) for one in reference.iterfind("weight")]
            if weights and weights[0] == int(weights[0]) and 1 < weights[0] <= 100:
                entry["weight"] = str(int(weights[0]))
            known[f"{folder}/{name}" if folder else name] = entry


def writer(version: Version) -> Callable[[Bank], Exported]:
    """The writing of packages of a version."""

    def write(bank: Bank) -> Exported:
        losses: list[Loss] = []
        made = OUTLET.made(bank, losses)
        test = spelt(_test(bank, [question for question, _ in made]), version)
        members = {
            _MANIFEST: xml.written(_manifest(bank, [one for one, _ in made], version)),
            "test.xml": xml.written(test),
        }
        for question, item in made:
            members[_href(question)] = _item(spelt(item, version))
        return Exported(packed(members), len(made), tuple(losses))

    return write


def _item(root: Element) -> bytes:
    """An item as it is: an indent would be a space that a candidate sees."""
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True))


def _href(question: Question) -> str:
    return f"items/{question.id}.xml"


def _test(bank: Bank, questions: Iterable[Question]) -> Element:
    part = qti.element(
        "testPart", identifier="part", navigationMode="nonlinear", submissionMode="individual"
    )
    for number, (topic, group) in enumerate(groupby(questions, lambda one: one.topic), start=1):
        section = qti.element(
            "assessmentSection", identifier=f"section-{number}", title=topic, visible="true"
        )
        for question in group:
            reference = qti.element(
                "assessmentItemRef", identifier=qti.name_of_item(question), href=_href(question)
            )
            if question.weight != 1:
                reference.append(
                    qti.element("weight", identifier="WEIGHT", value=str(question.weight))
                )
            section.append(reference)
        part.append(section)
    name = f"_{bank.slug}" if bank.slug[0].isdigit() else bank.slug
    return qti.element("assessmentTest", part, identifier=name, title=bank.title)


def _manifest(bank: Bank, questions: list[Question], version: Version) -> Element:
    space = version.manifest
    root = etree.Element(
        f"{{{space}}}manifest", nsmap={None: space}, identifier=f"manifest-{bank.slug}"
    )

    def sub(parent: Element, tag: str, text: str = "", **keys: str) -> Element:
        made = etree.SubElement(parent, f"{{{space}}}{tag}", **keys)
        made.text = text or None
        return made

    head = sub(root, "metadata")
    sub(head, "schema", version.package[0])
    sub(head, "schemaversion", version.package[1])
    sub(root, "organizations")
    resources = sub(root, "resources")
    test = sub(resources, "resource", identifier="test", type=version.test_type, href="test.xml")
    sub(test, "file", href="test.xml")
    for question in questions:
        sub(test, "dependency", identifierref=f"item-{question.id}")
    for question in questions:
        href = _href(question)
        item = sub(
            resources,
            "resource",
            identifier=f"item-{question.id}",
            type=version.item_type,
            href=href,
        )
        _keyword(sub(item, "metadata"), labels_of(question))
        sub(item, "file", href=href)
    return root


def _keyword(metadata: Element, labels: list[str]) -> None:
    """Tags, in the words of learning object metadata."""
    lom = etree.SubElement(metadata, f"{{{_LOM}}}lom", nsmap={None: _LOM})
    general = etree.SubElement(lom, f"{{{_LOM}}}general")
    for label in labels:
        keyword = etree.SubElement(general, f"{{{_LOM}}}keyword")
        etree.SubElement(keyword, f"{{{_LOM}}}string", language="fr").text = label
