"""What users of Graphene are shown runs, where Graphene can be installed."""

from pathlib import Path

import django_project
import pytest
from documentation import DOCSTRING_EXAMPLES, PAGES, ROOT, is_only_for_3_2, run, run_page

django_project.set_up()

HERE = {
    name: example for name, example in DOCSTRING_EXAMPLES.items() if is_only_for_3_2(example[0])
}


@pytest.mark.parametrize(
    "page", list(filter(is_only_for_3_2, PAGES)), ids=lambda page: str(page.relative_to(ROOT))
)
def test_examples_of_a_page(page: Path) -> None:
    run_page(page)


@pytest.mark.parametrize(("path", "line", "code"), HERE.values(), ids=HERE)
def test_example_of_a_docstring(path: Path, line: int, code: str) -> None:
    run(path, line, code, {"__name__": "__main__"})
