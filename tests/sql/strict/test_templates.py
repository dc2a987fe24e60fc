"""Template strings, with a stand-in of the structure of PEP 750 that every interpreter has."""

import sys
from dataclasses import dataclass

import pytest

import onecross.sql as sql


@dataclass
class Interpolation:
    value: object
    expression: str = "x"
    conversion: str | None = None
    format_spec: str = ""


class Template:
    def __init__(self, *parts):
        texts, self.interpolations = [""], ()
        for part in parts:
            if isinstance(part, str):
                texts[-1] += part
            else:
                self.interpolations += (part,)
                texts.append("")
        self.strings = tuple(texts)


def test_values_are_parameters(connection):
    evil = "x'; drop table t; --"
    template = Template("select ", Interpolation(evil), ", ", Interpolation(2), " + 1")
    assert connection.execute(template).fetchone() == (evil, 3)
    with connection.cursor() as cursor:
        assert cursor.execute(template).fetchone() == (evil, 3)


def test_the_names_of_tables_and_columns_are_quoted(connection):
    connection.execute('create table "my ""table" (a)')
    name = Interpolation('my "table', "name", format_spec="identifier")
    connection.execute(Template("insert into ", name, " values (", Interpolation(1), ")"))
    assert connection.execute(Template("select a from ", name)).fetchall() == [(1,)]


def test_templates_are_parts_of_templates(connection):
    condition = Template("where ", Interpolation(1), " = ", Interpolation(1))
    template = Template("select ", Interpolation("a"), " ", Interpolation(condition))
    assert connection.execute(template).fetchone() == ("a",)


def test_values_are_converted_as_in_other_strings(connection):
    parts = [Interpolation("ä", conversion=conversion) for conversion in "sra"]
    template = Template("select ", parts[0], ", ", parts[1], ", ", parts[2])
    assert connection.execute(template).fetchone() == ("ä", "'ä'", "'\\xe4'")


def test_a_template_without_values(connection):
    assert connection.execute(Template("select 1")).fetchone() == (1,)


def test_the_text_of_a_template_is_prepared_once(connection):
    for number in range(3):
        row = connection.execute(Template("select ", Interpolation(number))).fetchone()
        assert row == (number,)


@pytest.mark.parametrize(
    ("interpolation", "error", "message"),
    [
        (
            Interpolation(1.5, "price", None, ".2f"),
            sql.ProgrammingError,
            r"\{price:\.2f\} means no",
        ),
        (Interpolation(1, "name", None, "identifier"), TypeError, r"\{name:identifier\} must be a"),
    ],
)
def test_a_format_that_means_nothing(connection, interpolation, error, message):
    with pytest.raises(error, match=message):
        connection.execute(Template("select ", interpolation))


def test_a_template_has_its_parameters(connection):
    with pytest.raises(TypeError, match="give no others"):
        connection.execute(Template("select ", Interpolation(1)), (2,))


@pytest.mark.parametrize("statement", [b"select 1", None, 7])
def test_what_is_no_statement(connection, statement):
    with pytest.raises(TypeError, match="must be a str or a template string"):
        connection.execute(statement)


def test_the_drop_in_knows_no_templates(drop_in):
    with pytest.raises(TypeError, match="must be str"):
        drop_in.execute(Template("select 1"))


def test_template_strings_of_the_interpreter(connection):
    if sys.version_info >= (3, 14):
        namespace = {"connection": connection, "name": "'"}
        row = eval('connection.execute(t"select {name}, {name!r}").fetchone()', namespace)
        assert row == ("'", '"\'"')
