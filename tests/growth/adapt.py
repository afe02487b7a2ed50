"""Changes what uses a renamed and a removed property, as somebody does who follows the README: `adapt.py FOLDER NAMED`.

`NAMED` is the output of the compiler and of the tests. A use is changed only if its file and line are in it, so whatever
they miss stays as it was, and stops a later step.
"""

import pathlib
import re
import sys

RENAMED = {
    "detach_time": "growth_time",
    "DetachTime": "GrowthTime",
    "detachTime": "growthTime",
    "desktops/logoff": "desktops/growth-logoff",
    "desktops:logoff": "desktops:growthLogoff",
}

# The uses that must be named: of the renamed property in each of these folders, and of the removed one in each of these lines.
RENAMED_IN = ["workspace-api-cli/src", "workspace-api-sandbox/src", "workspace-api-sandbox/seed.yaml", "examples", "tests/peers"]
REMOVED = [
    ("workspace-api-cli/src/commands/detach_info.rs", r" +&self\.user_group,\n", ""),
    ("workspace-api-sandbox/src/service/bodies.rs", r" +pub\(crate\) user_group: &'a str,\n", ""),
    ("tests/wire.rs", r" +assert_eq!\(records\[0\]\.user_group.*\n", ""),
]
# What goes with them, whether it is named or fails later.
FOLLOWING = [
    ("workspace-api-cli/src/commands/detach_info.rs", r' +"user_group",\n', ""),
    ("workspace-api-cli/src/commands/detach_info.rs", r"4\.\.=7", "4..=6"),
    ("workspace-api-cli/src/commands/detach_info/kept/tests.rs", r',"user_group":"[^"]*"', ""),
    ("workspace-api-cli/src/cli/help.rs", "desktop_name  user_group  user_id", "desktop_name  user_id"),
    # The worked example of a signature has the path.
    ("openapi/README.md", "14069ce6548f3c5b103b6013dd317143a325d3c6c04508564ca46d59c4fe0d9e", "59ff8136f00824bd38fd2237d1d3fdb822fb8cfd6b89ab9f35f89ec4151ce33f"),
    ("openapi/README.md", "fa28115eb79078af0b7cb1f926e279cfe2cfc3ccf9bfc1079cf1c36c9c365232", "81943eaec88d4216ee36d6a978b90796f07180cf3201f6318f477a3a9170664a"),
    ("workspace-api-sandbox/src/service/handlers.rs", r" +user_group: &record\.user_group,\n", ""),
    ("workspace-api-sandbox/tests/sandbox/operations.rs", r' +assert_eq!\(record\["user_group"\].*\n', ""),
]


def main(folder, output):
    folder = pathlib.Path(folder)
    output = pathlib.Path(output).read_text(encoding="utf-8")
    named = {(file, int(line)) for file, line in re.findall(r"([\w./-]+\.\w+|[\w./-]+/\w+):(\d+)", output)}
    missed = [place for place in RENAMED_IN if not any(file.startswith(place) for file, _ in named)]
    # Lines go last, because they move the others.
    for file, line in sorted(named):
        path = folder / file
        if path.is_file():
            lines = path.read_text(encoding="utf-8").split("\n")
            for old, new in RENAMED.items():
                lines[line - 1] = lines[line - 1].replace(old, new)
            path.write_text("\n".join(lines), encoding="utf-8")
    for file, pattern, replacement in REMOVED + FOLLOWING:
        path = folder / file
        text = path.read_text(encoding="utf-8")
        found = re.search(pattern, text)
        if not found:
            sys.exit(f"{file} has nothing like {pattern}")
        if (file, pattern, replacement) in REMOVED:
            line = text.count("\n", 0, found.start()) + 1
            if (file, line) not in named:
                missed.append(f"{file}:{line}")
        path.write_text(re.sub(pattern, replacement, text), encoding="utf-8")
    if missed:
        sys.exit(f"neither the compiler nor a test names these places: {', '.join(missed)}")


main(*sys.argv[1:])
