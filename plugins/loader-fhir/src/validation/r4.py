#!/usr/bin/env python3
"""Writes r4.txt: the elements of every FHIR R4 (4.0.1) type, for the validation.

    pip download fhir.resources==6.1.0 --no-deps && unzip fhir.resources-6.1.0-*.whl
    python3 r4.py fhir/resources > r4.txt

The classes of fhir.resources 6.1.0 are generated from HL7's definitions of 4.0.1 (CC0). They are
read as text: nothing of the package is run.
"""
import ast
import pathlib
import sys

SKIP = {"fhirtypes", "fhirtypesvalidators", "fhirabstractmodel", "fhirresourcemodel", "__init__"}
PRIMITIVES = {
    "Boolean", "Base64Binary", "Canonical", "Code", "Date", "DateTime", "Decimal", "Id", "Instant",
    "Integer", "Markdown", "Oid", "PositiveInt", "String", "Time", "UnsignedInt", "Uri", "Url", "Uuid",
}


def type_name(node):
    """(type, is a list) of an annotation."""
    if isinstance(node, ast.Subscript):
        inner = node.slice
        inner = inner.value if isinstance(inner, ast.Index) else inner
        return type_name(inner)[0], True
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else None
    if name is None:  # typing.Union[...]
        raise ValueError(ast.dump(node))
    if name == "bool":
        return "boolean", False
    if name in PRIMITIVES:
        return name[0].lower() + name[1:], False
    return name.removesuffix("Type"), False


def is_optional(node):
    return isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute) and node.value.attr in ("Union", "Optional")


def elements(body):
    for item in body:
        if not isinstance(item, ast.AnnAssign) or item.target.id.endswith("__ext"):
            continue
        call = {keyword.arg: keyword.value for keyword in item.value.keywords}
        name = call["alias"].value
        annotation = item.annotation
        if is_optional(annotation):
            raise ValueError(name)
        if isinstance(annotation, ast.Subscript):
            inner = annotation.slice
            inner = inner.value if isinstance(inner, ast.Index) else inner
            if is_optional(inner):  # a list with gaps
                parts = inner.slice.elts if isinstance(inner.slice, ast.Tuple) else [inner.slice]
                kind, many = type_name(parts[0])[0], True
            else:
                kind, many = type_name(annotation)
        else:
            kind, many = type_name(annotation)
        required = item.value.args[0].value is Ellipsis
        required |= "element_required" in call and call["element_required"].value is True
        line = name + " " + kind + ("*" if many else "") + ("!" if required else "")
        if "one_of_many" in call:
            line += " " + call["one_of_many"].value
            line += "!" if call["one_of_many_required"].value else ""
        yield line


types = []
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.py")):
    if path.stem in SKIP:
        continue
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.ClassDef):
            base = node.bases[0]
            base = base.id if isinstance(base, ast.Name) else base.attr
            types.append((node.name, base, sorted(elements(node.body))))

print("# Elements of FHIR R4 (4.0.1), written by r4.py: a type and its base, then its elements.")
print("# `*` a list, `!` at least one; a last word names the choice (value[x]) that an element is of.")
for name, base, lines in sorted(types):
    print(f"> {name} {base}")
    for line in lines:
        print(line)
