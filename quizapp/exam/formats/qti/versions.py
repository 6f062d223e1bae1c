"""What differs between versions of QTI: namespaces, addresses, and how things are spelt.

Inside, everything bears the names of version 2 (``choiceInteraction``); version 3 writes the same
things ``qti-choice-interaction``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from quizapp.exam.formats.xml import Element, name_of

_XSI = "http://www.w3.org/2001/XMLSchema-instance"
# Names of QTI that have no capital, and so would pass for HTML.
_LOWER = {
    "prompt", "value", "mapping", "and", "or", "sum", "gte", "lte", "divide", "variable", "equal",
    "hottext", "gap", "weight", "correct",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Version:
    """A version: its name on the command line, and the words that its files are known by."""

    name: str
    label: str
    namespace: str
    schema: str
    templates: str
    item_type: str
    test_type: str
    manifest: str
    package: tuple[str, str]
    kebab: bool = False


_IMS = "http://www.imsglobal.org"
_PURL = "https://purl.imsglobal.org/spec/qti/v3p0"
VERSIONS = {
    version.name: version
    for version in (
        Version(
            "qti3", "QTI 3.0", f"{_IMS}/xsd/imsqtiasi_v3p0",
            f"{_PURL}/schema/xsd/imsqti_asiv3p0_v1p0.xsd", f"{_PURL}/rptemplates/{{}}.xml",
            "imsqti_item_xmlv3p0", "imsqti_test_xmlv3p0",
            f"{_IMS}/xsd/qti/qtiv3p0/imscp_v1p1", ("QTI Package", "3.0.0"), kebab=True,
        ),
        Version(
            "qti22", "QTI 2.2", f"{_IMS}/xsd/imsqti_v2p2",
            f"{_IMS}/xsd/qti/qtiv2p2/imsqti_v2p2.xsd",
            f"{_IMS}/question/qti_v2p2/rptemplates/{{}}",
            "imsqti_item_xmlv2p2", "imsqti_test_xmlv2p2",
            f"{_IMS}/xsd/imscp_v1p1", ("QTIv2.2 Package", "1.0.0"),
        ),
        Version(
            "qti21", "QTI 2.1", f"{_IMS}/xsd/imsqti_v2p1",
            f"{_IMS}/xsd/qti/qtiv2p1/imsqti_v2p1.xsd",
            f"{_IMS}/question/qti_v2p1/rptemplates/{{}}",
            "imsqti_item_xmlv2p1", "imsqti_test_xmlv2p1",
            f"{_IMS}/xsd/imscp_v1p1", ("QTIv2.1 Package", "1.0.0"),
        ),
    )
}  # fmt: skip


def spelt(root: Element, version: Version) -> Element:
    """A tree in version 2's names, in the names and the namespace of a version."""
    schema = {f"{{{_XSI}}}schemaLocation": f"{version.namespace} {version.schema}"}
    return _spelt(root, version, schema, {None: version.namespace, "xsi": _XSI})


def _spelt(element: Element, version: Version, schema: dict[str, str], spaces: object) -> Element:
    ours = _is_ours(element.tag)
    tag = f"qti-{_kebab(element.tag)}" if ours and version.kebab else element.tag
    made = etree.Element(f"{{{version.namespace}}}{tag}", nsmap=spaces)
    for key, value in {**element.attrib, **schema}.items():
        name = _kebab(key) if ours and version.kebab and not key.startswith("{") else key
        if key == "template":
            value = version.templates.format(value)
        made.set(name, value)
    made.text, made.tail = element.text, element.tail
    parent = made
    if version.kebab and element.tag in ("modalFeedback", "rubricBlock"):
        parent = etree.SubElement(made, f"{{{version.namespace}}}qti-content-body")
        parent.text, made.text = made.text, None
    for child in element:
        parent.append(_spelt(child, version, {}, None))
    return made


def _is_ours(tag: str) -> bool:
    return tag in _LOWER or tag != tag.lower()


def _kebab(name: str) -> str:
    return re.sub(r"([A-Z])", lambda found: f"-{found[1].lower()}", name)


def respelt(root: Element) -> Element:
    """A tree of any version in the bare names of version 2."""
    for element in root.iter(etree.Element):
        name = name_of(element)
        if name.startswith("qti-"):
            element.tag = _camel(name[4:])
            for key in list(element.attrib):
                if "-" in key and not key.startswith(("data-", "aria-", "{")):
                    element.set(_camel(key), element.attrib.pop(key))
        else:
            element.tag = name
    return root


def _camel(name: str) -> str:
    return re.sub(r"-([a-z])", lambda found: found[1].upper(), name)
