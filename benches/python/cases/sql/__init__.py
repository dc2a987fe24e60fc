"""SQL by rows: both faces of onecross against the bindings to SQLite that people use today."""
