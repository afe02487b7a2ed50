"""Parses generated clients of languages that are not compiled here: `declarations.py LANGUAGE=FOLDER...`.

Every file must parse, and no type or member may be declared twice. That the types fit together, only a
compiler shows.
"""

import sys
from collections import Counter
from pathlib import Path

import tree_sitter
import tree_sitter_c_sharp
import tree_sitter_kotlin
import tree_sitter_swift

LANGUAGES = {
    "csharp": (tree_sitter_c_sharp, ".cs"),
    "kotlin": (tree_sitter_kotlin, ".kt"),
    "swift6": (tree_sitter_swift, ".swift"),
}
SCOPES = {
    "namespace_declaration", "class_declaration", "interface_declaration", "struct_declaration",
    "record_declaration", "enum_declaration", "object_declaration", "protocol_declaration",
}
MEMBERS = {"property_declaration", "class_parameter", "enum_entry", "enum_member_declaration"}


def faults(node):
    """Yields each innermost part of a file that does not parse."""
    if node.is_error or node.is_missing:
        yield f"{node.start_point.row + 1}: {node.text.decode()[:60]!r} does not parse"
    elif node.has_error:
        for child in node.children:
            yield from faults(child)


def name_of(node):
    name = node.child_by_field_name("name")
    if name is None:
        name = next((child for child in node.named_children if "identifier" in child.type), None)
    if name is None:
        name = next((child for child in node.named_children if child.type == "variable_declaration"), None)
    return name.text.decode().split(":")[0].strip() if name is not None else None


def is_part(node):
    """Returns whether the declaration adds to one elsewhere: a part of a C# class, an extension in Swift."""
    words = {child.text.decode() for child in node.children if not child.named_children}
    return node.type == "namespace_declaration" or bool(words & {"partial", "extension"})


def declarations(node, scope=()):
    """Yields the path of names of each type and member, except of parts."""
    for child in node.named_children:
        inner = scope
        if child.type in SCOPES | MEMBERS:
            inner = (*scope, name_of(child) or "?")
            if not is_part(child):
                yield inner
        # A local variable is no member.
        if child.type not in MEMBERS | {"function_declaration", "method_declaration", "block", "accessor_list"}:
            yield from declarations(child, inner)


def check(language, folder):
    grammar, extension = LANGUAGES[language]
    parser = tree_sitter.Parser(tree_sitter.Language(grammar.language()))
    files = sorted(Path(folder).rglob(f"*{extension}"))
    declared = Counter()
    for file in files:
        root = parser.parse(file.read_bytes()).root_node
        yield from (f"{file}:{fault}" for fault in faults(root))
        package = next((child.text.decode() for child in root.named_children if child.type == "package_header"), "")
        declared.update((package, *path) for path in declarations(root))
    yield from (
        f"{language}: {'.'.join(path)} is declared {count} times" for path, count in declared.items() if count > 1
    )
    if len(declared) < 40:
        yield f"{language}: only {len(declared)} declarations in {len(files)} files"


problems = [problem for argument in sys.argv[1:] for problem in check(*argument.split("=", 1))]
if problems:
    sys.exit("\n".join(problems))
