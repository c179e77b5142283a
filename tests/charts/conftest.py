"""Charts are tried by drawing them: Vega itself lays the marks out."""

import pytest
import vl_convert


def marks_of(node, kind):
    if isinstance(node, dict):
        if node.get("marktype") == kind and node.get("role") == "mark":
            yield from node["items"]
        for item in node.get("items", []):
            yield from marks_of(item, kind)


@pytest.fixture
def draw():
    """Lay a chart out; the answer to a kind of mark is the list of its drawn items."""

    def draw(chart, width=400):
        spec = chart.to_dict()
        spec["width"] = width
        scene = vl_convert.vegalite_to_scenegraph(spec)["scenegraph"]
        return lambda kind: list(marks_of(scene, kind))

    return draw
