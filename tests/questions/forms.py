"""A question's fields as a browser finds them on the page: what can be posted, what is posted."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from flask import current_app
from hypothesis import strategies as st


@dataclass
class Field:
    """One field: a group of radios, a box, a menu or a line to type."""

    kind: str
    values: list[str] = field(default_factory=list)
    posted: list[str] = field(default_factory=list)


def html(shown, number=3):
    """The play template of this question, rendered."""
    template = current_app.jinja_env.get_template(f"questions/{shown.type}.html")
    return template.module.play({"number": number, "question": shown})


class _Reader(HTMLParser):
    def __init__(self, name):
        super().__init__()
        self.name = name
        self.fields = []
        self.radios = None
        self.text = None
        self.menu = None

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "option":
            self.menu.values.append(given["value"])
            if "selected" in given:
                self.menu.posted = [given["value"]]
        if given.get("name") != self.name:
            return
        if tag == "input" and given["type"] == "radio":
            if self.radios is None:
                self.radios = Field("radio")
                self.fields.append(self.radios)
            self.radios.values.append(given["value"])
            self.radios.posted += [given["value"]] if "checked" in given else []
        elif tag == "input" and given["type"] == "checkbox":
            posted = [given["value"]] if "checked" in given else []
            self.fields.append(Field("box", [given["value"]], posted))
        elif tag == "input":
            self.fields.append(Field("text", [], [given["value"]]))
        elif tag == "textarea":
            self.text = Field("text", [], [""])
            self.fields.append(self.text)
        elif tag == "select":
            self.menu = Field("menu", [], [""])
            self.fields.append(self.menu)

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.text = None

    def handle_data(self, data):
        if self.text is not None:
            # A browser drops the first line break of a textarea.
            self.text.posted = [data.removeprefix("\n")]


def fields(shown, number=3):
    """The fields of a question, in the order of the page."""
    reader = _Reader(f"answer-{number}")
    reader.feed(html(shown, number))
    reader.close()
    return reader.fields


def posted(found):
    """What the page posts as it stands."""
    return [value for one in found for value in one.posted]


TYPED = st.one_of(
    st.just(""),
    st.sampled_from(["12", "12,5", "fleuve", "Victor Hugo", "œuvre d’art", "deux\nlignes"]),
    st.text(st.characters(exclude_categories=("Cc", "Cs", "Cf")), max_size=30),
)


@st.composite
def filled(draw, shown):
    """What somebody posts who fills in the page, without « Je ne sais pas »."""
    given = []
    for one in fields(shown):
        if one.kind == "text":
            given.append(draw(TYPED))
        elif one.kind == "menu":
            given.append(draw(st.sampled_from(one.values)))
        elif one.kind == "radio":
            given += draw(st.sampled_from([[], *([value] for value in one.values if value != "?")]))
        elif one.values != ["?"]:
            given += draw(st.sampled_from([[], one.values]))
    return given
