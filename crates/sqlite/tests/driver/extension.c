/* An extension that calls nothing of SQLite's: one entry point succeeds, the other fails. */

int sqlite3_extension_init(void *db, char **message, const void *api) {
    return 0;
}

int failing_entry_point(void *db, char **message, const void *api) {
    return 1;
}
