"""Every example that users are shown runs: README, documentation, docstrings."""

import re

import django_project
import pytest
from documentation import (
    DOCSTRING_EXAMPLES,
    PAGES,
    ROOT,
    examples,
    has_settings,
    is_only_for_3_2,
    run,
    run_page,
)

django_project.set_up()

HERE = {
    name: example for name, example in DOCSTRING_EXAMPLES.items() if not is_only_for_3_2(example[0])
}


# Strawberry's controller for Litestar is written for a version before.
@pytest.mark.filterwarnings("ignore::litestar.exceptions.LitestarDeprecationWarning")
@pytest.mark.parametrize(
    "page",
    [page for page in PAGES if not is_only_for_3_2(page) and not has_settings(page)],
    ids=lambda page: str(page.relative_to(ROOT)),
)
def test_examples_of_a_page(page, capsys):
    run_page(page)


@pytest.mark.parametrize(
    "page",
    [page for page in PAGES if has_settings(page)],
    ids=lambda page: str(page.relative_to(ROOT)),
)
def test_examples_of_a_page_with_settings(page, run_python):
    program = "import pathlib, sys; sys.path.insert(0, sys.argv[1]); import documentation; "
    program += "documentation.run_page(pathlib.Path(sys.argv[2]))"
    done = run_python(program, str(ROOT / "tests"), str(page))
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("path", "line", "code"), HERE.values(), ids=HERE)
def test_example_of_a_docstring(path, line, code, capsys):
    run(path, line, code, {"__name__": "__main__"})


def test_readme_has_examples():
    assert list(examples(PAGES[0].read_text(encoding="utf-8")))


def test_docstrings_have_examples():
    assert len(DOCSTRING_EXAMPLES) >= 5
    assert any("Engine.execute_json_sync" in name for name in DOCSTRING_EXAMPLES)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_example_escapes(page):
    """A block of Python that is marked otherwise, or not at all, would not run."""
    text = page.read_text(encoding="utf-8")
    assert not re.findall(r"```(?:py|Python|python3|pycon)\b", text.replace("```python\n", ""))
