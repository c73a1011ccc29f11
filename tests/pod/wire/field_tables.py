"""The tables of fields in docs/protocol.md, made from what the pod reads and writes.

`python -m tests.pod.wire.field_tables` writes them anew.
"""

from pathlib import Path

from pod.wire.properties import BY_TYPE
from pod.wire.schema import MAX_REPEATED, Nested, Property, Repeated, Schema, Value

DOCUMENT = Path(__file__).parents[3] / "docs" / "protocol.md"
BEGIN, END = "<!-- fields: written by tests.pod.wire.field_tables -->\n", "<!-- /fields -->"


def tables() -> str:
    """Every entity with its elements, in the order in which they are sent."""
    schemas = sorted(BY_TYPE.values(), key=lambda schema: schema.name)
    return "\n".join(_table(schema) for schema in schemas)


def _table(schema: Schema) -> str:
    rows = "".join(f"| {' | '.join(_row(each))} |\n" for each in schema.properties)
    head = "| element | type | if it is missing | if it is empty |\n|---|---|---|---|\n"
    return f"### {schema.name}\n\n{head}{rows}"


def _row(each: Property) -> tuple[str, str, str, str]:
    element = f"`{each.element}`"
    match each:
        case Value():
            return element, each.scalar.kind, _missing(each), _empty(each)
        case Nested():
            missing = "refused" if each.required else "none"
            return element, f"[{each.element}](#{each.element})", missing, "as if missing"
        case Repeated():
            kind = f"[{each.element}](#{each.element}), up to {MAX_REPEATED} times"
            return element, kind, "none", "as if missing"
        case _:
            raise TypeError(f"{each.field} is of a kind that this table does not know")


def _missing(each: Value) -> str:
    if each.required:
        return "refused"
    if each.element == "created_at":
        return "time of arrival"
    return _said(each.default)


def _empty(each: Value) -> str:
    return "refused" if each.filled else _said(each.empty)


def _said(value: object) -> str:
    return {None: "no value", True: "`true`", False: "`false`", "": "empty text"}[value]  # type: ignore[index]


def written() -> str:
    """The tables as the document has them now."""
    text = DOCUMENT.read_text("utf-8")
    return text[text.index(BEGIN) + len(BEGIN) : text.index(END)]


if __name__ == "__main__":
    before, _, rest = DOCUMENT.read_text("utf-8").partition(BEGIN)
    DOCUMENT.write_text(f"{before}{BEGIN}\n{tables()}\n{END}{rest.partition(END)[2]}", "utf-8")
