"""Where the engine of the drop-in differs from that of the standard library, and why.

What is listed was found on Debian 12. Elsewhere the standard library has another SQLite: there,
what is listed need not differ, but whatever its SQLite has and ours has not, or has otherwise, must
be listed all the same.
"""

# What `sqlite_source_id()` of the standard library's SQLite is where all of this was found.
RECORDED = "2022-12-28 14:03:47 df5c253c0b3dd24916e4ec7cf77d3db5294cc9fd45ae7b9c5e82ad8197f3alt1"

_NEWER = "a newer SQLite has another default"
_SPEED = "for speed: nothing but memory and time shows it"
_THREADS = "a connection is owned by one thread at a time, so that SQLite needs no mutex for it"
_SORTING = "sorting in threads of SQLite's own would call Python's collations there"
_ADDED = "for our own use, or for more to be had: no statement means another thing"
_DOCUMENTED = "a URI is one where `uri=True` says so, as the documentation of sqlite3 has it"

# Options that only one of the two was compiled with.
OPTIONS = {
    "DEFAULT_MEMSTATUS=0": "for speed: memory is not counted, and so heap limits do not hold",
    "DIRECT_OVERFLOW_READ": _NEWER,
    "ENABLE_CARRAY": _ADDED,
    "ENABLE_LOAD_EXTENSION": "extensions are allowed where they are asked for, and never at first",
    "ENABLE_STAT4": _ADDED,
    "ENABLE_UNLOCK_NOTIFY": "a function of the C interface that Python cannot call",
    "ENABLE_UPDATE_DELETE_LIMIT": "SQLite cannot be given it where it is compiled from one file",
    "LIKE_DOESNT_MATCH_BLOBS": "Debian's choice; SQLite's own is that LIKE looks into blobs",
    "MAX_DEFAULT_PAGE_SIZE=32768": "only a disk that asks for larger pages would show it",
    "MAX_DEFAULT_PAGE_SIZE=8192": "only a disk that asks for larger pages would show it",
    "MAX_FUNCTION_ARG=1000": _NEWER,
    "MAX_FUNCTION_ARG=127": _NEWER,
    "MAX_PAGE_COUNT=0xfffffffe": _NEWER,
    "MAX_PAGE_COUNT=1073741823": _NEWER,
    "MAX_SCHEMA=10000000": _NEWER,
    "MAX_SCHEMA_RETRY=25": "only a schema that others change all the time would show it",
    "MAX_WORKER_THREADS=0": _SORTING,
    "MAX_WORKER_THREADS=8": _SORTING,
    "OMIT_AUTOINIT": _SPEED,
    "OMIT_LOOKASIDE": _SPEED,
    "SECURE_DELETE": "Debian's choice; SQLite's own is `PRAGMA secure_delete = off`",
    "THREADSAFE=1": _THREADS,
    "THREADSAFE=2": _THREADS,
    "USE_ALLOCA": _SPEED,
    "USE_URI": _DOCUMENTED,
}

# Pragmas that answer otherwise.
PRAGMAS = {
    "max_page_count": _NEWER,
    "secure_delete": OPTIONS["SECURE_DELETE"],
}

# Limits that are set otherwise.
LIMITS = {"SQLITE_LIMIT_FUNCTION_ARG": _NEWER}

# Switches that are set otherwise.
SWITCHES = {
    "SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION": "Debian's is on from the beginning; both ask for "
    "enable_load_extension() before Python can load one",
}

# Functions that only the standard library's has.
FUNCTIONS = {}

# Modules that only the standard library's has from the beginning.
MODULES = {
    "json_each": "a newer SQLite has it as soon as a statement uses it",
    "json_tree": "a newer SQLite has it as soon as a statement uses it",
}

# Collations that only the standard library's has.
COLLATIONS = {}
