"""Completes command lines in real shells, and compares what they offer with what applies.

A shell runs on a terminal of its own; zsh and bash complete as if Tab were pressed, fish has a command for it.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

WORKSPACE = Path(sys.argv[1])

# For each line: words that must be offered, and words that must not.
CASES = {
    "workspace ": (["detach", "detach-info", "report", "man"], ["notes.txt", "unbind"]),
    "workspace de": (["detach", "detach-info"], ["logoff"]),
    "workspace man ": (["detach-info", "completions"], ["notes.txt", "--region"]),
    "workspace completions ": (["bash", "fish", "zsh"], ["notes.txt"]),
    "workspace api ": (["GET", "POST"], ["notes.txt"]),
    "workspace config --region ": (["ap-southeast-1", "tr-west-1"], ["notes.txt"]),
    "workspace config --region cn-n": (["cn-north-4", "cn-north-11"], ["ap-southeast-1"]),
    "workspace sandbox --fault ": (["reset", "stall"], ["notes.txt"]),
    "workspace detach --output ": (["csv", "jsonl"], ["notes.txt"]),
    "workspace detach --user ": ([], ["notes.txt"]),
    "workspace detach --from ": (["notes.txt"], []),
    "workspace detach --resume ": (["friday.jsonl", "detach-old.jsonl"], ["notes.txt"]),
    "workspace report ": (["friday.jsonl", "detach-old.jsonl"], ["notes.txt"]),
    "workspace detach --re": (["--resume", "--report"], ["--seed"]),
    "workspace spec --": (["--json"], ["--region", "--sandbox"]),
    "workspace tour --": (["--help"], ["--region", "--yes"]),
}


def in_bash(script, line):
    code = f"""
source {script}
words=({line})
case "{line}" in *' ') words+=('') ;; esac
COMP_LINE='{line}' COMP_POINT=${{#COMP_LINE}} COMP_WORDS=("${{words[@]}}") COMP_CWORD=$((${{#words[@]}} - 1))
function=$(complete -p workspace | sed 's/.*-F \\([^ ]*\\).*/\\1/')
$function workspace "${{words[-1]}}" "${{words[-2]}}" 2>/dev/null
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
    return run(["bash", "-c", code])


def in_fish(script, line):
    return run(["fish", "--no-config", "-c", f"source {script}; complete -C '{line}'"])


def in_zsh(script, line):
    # A pseudo-terminal, because zsh completes only while a line is edited.
    code = f"""
zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z "PS1=; stty -echo columns 4000; autoload -U compinit; compinit -u -d $PWD/.dump; source {script}; compdef _workspace workspace"
zpty -w z "LISTMAX=0; zstyle ':completion:*' list-prompt ''; setopt no_list_beep no_menu_complete; bindkey '^I' list-choices; print READY"
while zpty -r z chunk; do [[ $chunk == *READY* ]] && break; done
zpty -w -n z $'{line}\\t'
sleep 1
while zpty -r -t z chunk; do print -rn -- "$chunk"; done
zpty -d z
"""
    return run(["zsh", "-f", "-c", code])


def run(command):
    process = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return process.stdout


def offered(output):
    output = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", " ", output)
    words = re.split(r"[\s]+", output)
    return {word.split("/")[-1] for word in words} | set(words)


def main():
    folder = Path(tempfile.mkdtemp())
    os.chdir(folder)
    reports = folder / "state" / "workspace"
    reports.mkdir(parents=True)
    for path in (folder / "notes.txt", folder / "friday.jsonl"):
        path.touch()
    os.environ["XDG_STATE_HOME"] = str(folder / "state")
    os.environ["PATH"] = f"{WORKSPACE.parent}:{os.environ['PATH']}"
    make_report(reports / "detach-old.jsonl")
    failed = False
    for shell, complete in {"bash": in_bash, "zsh": in_zsh, "fish": in_fish}.items():
        script = folder / f"script.{shell}"
        script.write_text(run([str(WORKSPACE), "completions", shell]))
        for line, (expected, unexpected) in CASES.items():
            output = complete(script, line)
            words = offered(output)
            missing = [word for word in expected if word not in words]
            wrong = [word for word in unexpected if word in words]
            if missing or wrong:
                failed = True
                print(f"{shell}: {line!r}: missing {missing}, wrong {wrong}, offered:\n{output}")
    sys.exit(failed)


def make_report(path):
    """Runs an unbinding on a sandbox with this report."""
    arguments = ["detach", "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001", "--all-users", "--yes", "--quiet", "--sandbox"]
    subprocess.run([str(WORKSPACE), *arguments, "--report", str(path)], check=True, capture_output=True)


main()
