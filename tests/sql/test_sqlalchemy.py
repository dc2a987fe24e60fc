"""The dialect `sqlite+onecross`. SQLAlchemy's own tests of dialects run in `conformance`."""

import threading

import pandas
import polars
import pytest
import sqlalchemy
from pandas.testing import assert_frame_equal
from sqlalchemy import orm

import onecross.sql
import onecross.sql.sqlite3


class Base(orm.DeclarativeBase):
    pass


class Seat(Base):
    __tablename__ = "seat"
    number: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    row: orm.Mapped[str] = orm.mapped_column(unique=True)


@pytest.fixture(params=["memory", "file"])
def engine(request, tmp_path):
    path = "" if request.param == "memory" else f"/{tmp_path / 'test.db'}"
    engine = sqlalchemy.create_engine(f"sqlite+onecross://{path}")
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


def test_an_url_gives_our_connections(engine):
    with engine.connect() as connection:
        assert type(connection.connection.driver_connection) is onecross.sql.sqlite3.Connection
        version = connection.scalar(sqlalchemy.text("select sqlite_version()"))
    assert version == onecross.sql.sqlite_version
    assert engine.dialect.server_version_info == onecross.sql.sqlite3.sqlite_version_info


def test_errors_are_sqlalchemy_s_with_ours_within(engine):
    with orm.Session(engine) as session:
        session.add_all([Seat(row="A"), Seat(row="A")])
        with pytest.raises(sqlalchemy.exc.IntegrityError) as caught:
            session.commit()
        assert isinstance(caught.value.orig, onecross.sql.IntegrityError)
        session.rollback()
        assert session.scalars(sqlalchemy.select(Seat)).all() == []


def test_a_connection_that_was_closed_below_is_replaced(engine):
    with engine.connect() as connection:
        connection.connection.driver_connection.close()
        with pytest.raises(sqlalchemy.exc.ProgrammingError) as caught:
            connection.execute(sqlalchemy.text("select 1"))
        assert caught.value.connection_invalidated
    with engine.connect() as connection:
        assert connection.scalar(sqlalchemy.text("select 1")) == 1


def test_threads_have_connections_of_a_pool(tmp_path):
    url = f"sqlite+onecross:///{tmp_path / 'test.db'}"
    engine = sqlalchemy.create_engine(url, connect_args={"timeout": 60})
    Base.metadata.create_all(engine)

    def add(first):
        for number in range(first, 100, 4):
            with orm.Session(engine) as session, session.begin():
                session.add(Seat(number=number, row=f"row {number}"))

    threads = [threading.Thread(target=add, args=(first,)) for first in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with orm.Session(engine) as session:
        assert session.scalars(sqlalchemy.select(Seat.number)).all() == [*range(100)]
    engine.dispose()


def test_the_level_of_isolation_is_chosen(engine):
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sqlalchemy.insert(Seat).values(row="A"))
        assert not connection.connection.driver_connection.in_transaction
    with engine.connect() as connection:
        connection.execute(sqlalchemy.insert(Seat).values(row="B"))
        assert connection.connection.driver_connection.in_transaction


def test_pandas_warns_of_nothing(engine):
    frame = pandas.DataFrame(
        {"number": [1, 2], "row": ["A", None], "sold": pandas.to_datetime(["2026-11-22"] * 2)}
    )
    assert frame.to_sql("sale", engine, index=False) == 2
    assert_frame_equal(pandas.read_sql_table("sale", engine), frame)
    query = sqlalchemy.text("select number from sale where row = :row")
    assert list(pandas.read_sql(query, engine, params={"row": "A"})["number"]) == [1]


def test_polars_reads_from_an_engine(engine):
    with orm.Session(engine) as session, session.begin():
        session.add_all([Seat(row="A"), Seat(row="B")])
    frame = polars.read_database(sqlalchemy.select(Seat).order_by(Seat.number), engine)
    assert frame.rows() == [(1, "A"), (2, "B")]


def test_sqlalchemy_is_imported_for_its_dialect_alone(run_python):
    program = "import sys, onecross.sql, onecross.sql.sqlite3; print('sqlalchemy' in sys.modules)"
    assert run_python(program).stdout == "False\n"
