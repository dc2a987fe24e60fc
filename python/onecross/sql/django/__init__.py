"""A database backend of Django: `"ENGINE": "onecross.sql.django"`.

It is Django's own backend of SQLite, over the connections of `onecross.sql.sqlite3`.
"""
