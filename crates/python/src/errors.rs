//! Errors defined in `onecross.errors`, raised from Rust.

pyo3::import_exception!(onecross.errors, InternalError);
pyo3::import_exception!(onecross.errors, EncodingError);
