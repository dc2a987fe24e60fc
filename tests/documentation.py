"""The examples that users are shown, and how they are run."""

import ast
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
SOURCES = sorted((ROOT / "python" / "onecross").rglob("*.py*"))
FENCE = re.compile(r"^( *)```python\n(.*?)^\1```", re.DOTALL | re.MULTILINE)

# What is about Graphene runs where that can be installed.
ONLY_3_2 = "graphene"


def is_only_for_3_2(path: Path) -> bool:
    return path.stem.startswith(ONLY_3_2)


def has_settings(path: Path) -> bool:
    """Whether a page has settings of Django's, which a process has only once."""
    return "settings.configure(" in path.read_text(encoding="utf-8")


def examples(text: str, first_line: int = 1) -> Iterator[tuple[int, str]]:
    """Each Python example of a text, with the line of the file on which its code begins."""
    for found in FENCE.finditer(text):
        line = first_line + text.count("\n", 0, found.start(2))
        yield line, textwrap.dedent(found[2])


def run(path: Path, line: int, code: str, namespace: dict[str, object]) -> None:
    # Empty lines in front let tracebacks show the line of the page.
    exec(compile("\n" * (line - 1) + code, str(path), "exec"), namespace)


def run_page(page: Path) -> None:
    namespace: dict[str, object] = {"__name__": "__main__"}
    for line, code in examples(page.read_text(encoding="utf-8")):
        run(page, line, code, namespace)


def docstrings(path: Path) -> Iterator[tuple[str, int, str]]:
    """The docstrings of a module's public names, as written, each with its name and line."""
    source = path.read_text(encoding="utf-8")
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)

    def walk(node: ast.AST, name: str) -> Iterator[tuple[str, int, str]]:
        match getattr(node, "body", None):
            case [ast.Expr(value=ast.Constant(value=str()) as text), *_]:
                written = ast.get_source_segment(source, text, padded=True)
                yield name, text.lineno, written or ""
        for child in ast.iter_child_nodes(node):
            if isinstance(child, documented) and not child.name.startswith("_"):
                yield from walk(child, f"{name}.{child.name}")

    yield from walk(ast.parse(source), str(path.relative_to(ROOT / "python").with_suffix("")))


DOCSTRING_EXAMPLES = {
    f"{name}:{line}": (path, line, code)
    for path in SOURCES
    if path.suffix in (".py", ".pyi")
    for name, first_line, text in docstrings(path)
    for line, code in examples(text, first_line)
}
