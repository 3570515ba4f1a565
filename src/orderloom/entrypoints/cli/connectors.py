"""Say which connectors there are and what each can do: `connectors`."""

from __future__ import annotations

from orderloom.adapters.kit.catalogue import ConnectorTold, told
from orderloom.adapters.manifests import plans
from orderloom.entrypoints.cli.frame import single
from orderloom.entrypoints.cli.screen import screen

app = single()


@app.command(help="列出全部连接器：类别、能做什么、自有代码行数、未核实之处 / "
                  "all connectors: family, what each can do, lines of code of its own, what is not certain")
def connectors() -> None:
    """All connectors, by family and name."""
    found = sorted((told(plan) for plan in plans().values()), key=lambda one: (one.family, one.name))
    if not screen.answer(found):
        screen.table({"名称": "name", "类别": "family", "称呼": "title", "能做": "can", "代码行": "lines",
                      "未核实": "uncertain"}, map(_row, found))


def _row(one: ConnectorTold) -> tuple[str, ...]:
    return (one.name, one.family, screen.called(one.title), " ".join(one.capabilities), str(one.python_lines),
            str(len(one.quality.unverified)))
