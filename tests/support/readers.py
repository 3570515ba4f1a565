"""Who reads which field, as the type checker sees it: an attribute of that very struct, not of a namesake."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "orderloom"
MARK = "read:"
SECONDS_MAX = 600


def shadow(text: str, structs: frozenset[str]) -> str:
    """The source with each field of these classes as a property that the checker tells of wherever it is read."""
    lines = text.splitlines()
    for node in reversed(ast.parse(text).body):
        if not isinstance(node, ast.ClassDef) or node.name not in structs:
            continue
        for said in reversed(node.body):
            if isinstance(said, ast.AnnAssign) and isinstance(said.target, ast.Name):
                name, kind = said.target.id, ast.unparse(said.annotation)
                lines[said.lineno - 1 : said.end_lineno] = [
                    f"    @property\n    @_told('{MARK}{node.name}.{name}')\n    def {name}(self) -> {kind}: ..."]
    future = "from __future__ import annotations"
    return "\n".join(lines).replace(future, f"{future}\nfrom typing_extensions import deprecated as _told", 1)


def readers(structs: Mapping[str, frozenset[str]], folder: Path) -> dict[str, set[str]]:
    """Files (below the source folder) that read each field, by `Struct.field`; `structs` are classes by their file."""
    wish = [sys.executable, "-m", "mypy", "--soft-error-limit=-1", "--enable-error-code", "deprecated",
            "--cache-dir", str(ROOT / ".mypy_cache" / "readers"), "--no-error-summary"]
    for number, (name, classes) in enumerate(structs.items()):
        written = folder / f"{number}.py"
        written.write_text(shadow((SOURCE / name).read_text("utf-8"), classes), "utf-8")
        wish += ["--shadow-file", str(SOURCE / name), str(written)]
    run = subprocess.run([*wish, str(SOURCE)], cwd=ROOT, capture_output=True, text=True, timeout=SECONDS_MAX)
    assert run.returncode == 1, run.stdout[-2_000:] + run.stderr[-2_000:]
    found: dict[str, set[str]] = defaultdict(set)
    for line in run.stdout.splitlines():
        if read := re.match(rf"(?:.*?src/orderloom/)?([\w/]+\.py):\d+: .*{MARK}(\w+\.\w+)", line):
            found[read[2]].add(read[1])
    return found
