"""What `manage.py test` runs on the backend."""

import datetime
import threading
import urllib.request
import uuid
from decimal import Decimal

from django.db import (
    DatabaseError,
    IntegrityError,
    OperationalError,
    ProgrammingError,
    connection,
    transaction,
)
from django.db.models import Avg, Count, F, Max, Q, StdDev, Sum
from django.db.models.functions import Coalesce, Lower, TruncMonth
from django.test import LiveServerTestCase, TestCase, TransactionTestCase

import onecross.sql
from library.models import Author, Book
from onecross.sql import sqlite3

UTC = datetime.UTC


class Connection(TestCase):
    def test_is_ours_with_all_that_is_made_of_it(self):
        with connection.cursor() as cursor:
            cursor.execute("select sqlite_version()")
            self.assertEqual(cursor.fetchone(), (onecross.sql.sqlite_version,))
            self.assertIsInstance(cursor.cursor, sqlite3.Cursor)
        self.assertIs(type(connection.connection), sqlite3.Connection)
        self.assertEqual(connection.get_database_version(), sqlite3.sqlite_version_info)

    def test_takes_the_placeholders_of_django(self):
        with connection.cursor() as cursor:
            cursor.execute("select %s, '%%', %s", ["a", 2])
            self.assertEqual(cursor.fetchone(), ("a", "%", 2))
            cursor.execute("select %(two)s, %(one)s, '%%'", {"one": 1, "two": 2})
            self.assertEqual(cursor.fetchone(), (2, 1, "%"))
            cursor.execute("select '100%'")
            self.assertEqual(cursor.fetchone(), ("100%",))

    def test_takes_many_sets_of_parameters_from_a_generator(self):
        insert = "insert into library_author (name) values ({})"
        with connection.cursor() as cursor:
            cursor.executemany(insert.format("%s"), ([name] for name in "ab"))
            cursor.executemany(insert.format("%(name)s"), ({"name": name} for name in "cd"))
            cursor.executemany(insert.format("%s"), iter([]))
        self.assertEqual("".join(Author.objects.values_list("name", flat=True)), "abcd")

    def test_writes_what_is_adapted_into_a_schema(self):
        class Grade:
            pass

        sqlite3.register_adapter(Grade, lambda _: "it's an A")
        with connection.cursor() as cursor:
            cursor.execute("select %s", [Grade()])
            self.assertEqual(cursor.fetchone(), ("it's an A",))
        editor = connection.SchemaEditorClass(connection)
        self.assertEqual(editor.quote_value(Grade()), "'it''s an A'")
        self.assertEqual(editor.quote_value(datetime.date(2026, 11, 22)), "'2026-11-22'")

    def test_tells_what_was_executed(self):
        with self.assertNumQueries(1) as queries:
            list(Author.objects.filter(name="it's"))
        self.assertIn("= 'it''s'", queries[0]["sql"])


class Models(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.author = Author.objects.create(name="Ada")

    def test_keep_every_kind_of_value(self):
        values = {
            "title": "Ü 🪑",
            "pages": 2**31 - 1,
            "price": Decimal("12345.60"),
            "weight": 0.1,
            "is_sold": True,
            "printed": datetime.date(2026, 11, 22),
            "opened": datetime.time(20, 15, 0, 1),
            "bought": datetime.datetime(2026, 11, 22, 20, 15, 0, 123456, UTC),
            "lent_for": datetime.timedelta(days=3, microseconds=1),
            "cover": b"\x00\xff",
            "facts": {"tags": ["a", None, 1.5], "ü": True},
            "key": uuid.UUID(int=7),
        }
        made = Book.objects.create(author=self.author, **values)
        (read,) = Book.objects.filter(pk=made.pk).values(*values)
        self.assertEqual(read, values)
        for name, value in read.items():
            self.assertIs(type(value), type(values[name]), name)
        self.assertEqual(Book.objects.get(bought__year=2026, opened__hour=20).pk, made.pk)

    def test_are_changed_and_deleted(self):
        book = Book.objects.create(author=self.author, title="One", pages=10)
        Book.objects.filter(title="One").update(pages=F("pages") * 2 + 1, title=Lower("title"))
        book.refresh_from_db()
        self.assertEqual((book.pages, book.title), (21, "one"))
        self.assertEqual(Book.objects.filter(~Q(pages=21) | Q(title__iexact="ONE")).delete()[0], 1)
        self.assertFalse(Book.objects.exists())

    def test_are_made_in_bulk_with_their_keys(self):
        books = Book.objects.bulk_create(
            Book(author=self.author, title=f"book {number}", pages=number) for number in range(500)
        )
        self.assertEqual([book.pk for book in books], [*Book.objects.values_list("pk", flat=True)])
        again = [Book(author=self.author, title="book 7", pages=1_000, key=uuid.uuid4())]
        Book.objects.bulk_create(
            again,
            update_conflicts=True,
            update_fields=["pages"],
            unique_fields=["author", "title"],
        )
        self.assertEqual(Book.objects.get(title="book 7").pages, 1_000)
        for book in books:
            book.weight = book.pages / 2
        self.assertEqual(Book.objects.bulk_update(books, ["weight"]), 500)
        self.assertEqual(len([*Book.objects.iterator(chunk_size=100)]), 500)

    def test_are_aggregated(self):
        bought = datetime.datetime(2026, 1, 31, 23, 30, tzinfo=UTC)
        for number, months in enumerate([0, 0, 31]):
            Book.objects.create(
                author=self.author,
                title=str(number),
                pages=number,
                bought=bought + datetime.timedelta(days=months),
            )
        self.assertEqual(
            Book.objects.aggregate(Sum("price"), Avg("pages"), Max("pages"), StdDev("pages")),
            {
                "price__sum": Decimal("29.97"),
                "pages__avg": 1.0,
                "pages__max": 2,
                "pages__stddev": (2 / 3) ** 0.5,
            },
        )
        by_month = (
            Book.objects.annotate(month=TruncMonth("bought", tzinfo=UTC))
            .values("month")
            .annotate(count=Count("pk"))
            .order_by("month")
        )
        self.assertEqual([(row["month"].month, row["count"]) for row in by_month], [(1, 2), (3, 1)])
        authors = Author.objects.annotate(pages=Coalesce(Sum("books__pages"), 0))
        self.assertEqual(authors.get().pages, 3)

    def test_are_searched(self):
        for title, facts in [("Ä b", {"size": {"w": 3}}), ("a_b", {"size": {"w": 5}})]:
            Book.objects.create(author=self.author, title=title, facts=facts)
        self.assertEqual(Book.objects.get(facts__size__w__gt=3).title, "a_b")
        self.assertEqual(Book.objects.get(title__contains="_").title, "a_b")
        self.assertEqual(Book.objects.get(title__regex=r"^. b$").title, "Ä b")
        raw = Book.objects.raw("select * from library_book where title like %s", ["a%"])
        self.assertEqual([book.title for book in raw], ["a_b"])


class Errors(TestCase):
    def test_are_django_s_with_ours_as_their_cause(self):
        author = Author.objects.create(name="Ada")
        wrong = [
            lambda: Author.objects.create(name="Ada"),
            lambda: Book.objects.create(author=author, title="a", price=-1),
            lambda: Author.objects.filter(pk=author.pk).update(name=None),
        ]
        for mistake in wrong:
            with self.assertRaises(IntegrityError) as caught, transaction.atomic():
                mistake()
            self.assertIsInstance(caught.exception.__cause__, onecross.sql.IntegrityError)

    def test_of_foreign_keys_come_with_the_commit(self):
        with self.assertRaisesMessage(IntegrityError, "has an invalid foreign key"):
            Book.objects.create(author_id=404, title="a")
            connection.check_constraints()
        Book.objects.all().delete()

    def test_of_statements_are_told_apart(self):
        with connection.cursor() as cursor:
            with self.assertRaises(OperationalError):
                cursor.execute("select * from nowhere")
            with self.assertRaises(ProgrammingError):
                cursor.execute("select %s", [1, 2])
            with self.assertRaises(DatabaseError):
                cursor.execute("select")


class Transactions(TransactionTestCase):
    def names(self):
        return "".join(Author.objects.order_by("name").values_list("name", flat=True))

    def test_have_savepoints(self):
        with transaction.atomic():
            Author.objects.create(name="a")
            try:
                with transaction.atomic():
                    Author.objects.create(name="b")
                    raise LookupError
            except LookupError:
                pass
            with transaction.atomic():
                Author.objects.create(name="c")
        self.assertEqual(self.names(), "ac")

    def test_are_rolled_back(self):
        with self.assertRaises(LookupError), transaction.atomic():
            Author.objects.create(name="a")
            raise LookupError
        self.assertEqual(self.names(), "")
        self.assertFalse(connection.connection.in_transaction)

    def test_tell_of_their_commit(self):
        told = []
        with transaction.atomic():
            Author.objects.create(name="a")
            transaction.on_commit(lambda: told.append(self.names()))
            self.assertEqual(told, [])
        self.assertEqual(told, ["a"])

    def test_can_be_begun_by_hand(self):
        transaction.set_autocommit(False)
        try:
            Author.objects.create(name="a")
            transaction.rollback()
        finally:
            transaction.set_autocommit(True)
        self.assertEqual(self.names(), "")


class Threads(LiveServerTestCase):
    def test_of_a_server_see_the_database_of_the_test(self):
        author = Author.objects.create(name="Ada")
        Book.objects.create(author=author, title="One")
        Book.objects.create(author=author, title="Two")
        answers = []

        def ask():
            with urllib.request.urlopen(f"{self.live_server_url}/titles", timeout=30) as response:
                answers.append(response.read())

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(answers, [b"One,Two"] * 4)
