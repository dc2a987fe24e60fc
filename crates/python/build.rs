//! Tells rustc which CPython the extension is built for, as `cfg(Py_3_12)` and the like.

use pyo3_build_config::{GilUsed, PythonAbiKind, PythonImplementation};

/// The minor versions of CPython 3 whose memory layout `cpython/layout` knows.
const KNOWN_LAYOUTS: std::ops::RangeInclusive<u8> = 11..=13;

fn main() {
    pyo3_build_config::use_pyo3_cfgs();
    println!("cargo::rustc-check-cfg=cfg(known_layout)");
    let python = pyo3_build_config::get();
    let is_known = python.implementation() == PythonImplementation::CPython
        && KNOWN_LAYOUTS.contains(&python.version().minor)
        && python.pointer_width() == Some(64)
        && python.target_abi().kind() == PythonAbiKind::VersionSpecific(GilUsed::GilEnabled);
    if is_known {
        println!("cargo::rustc-cfg=known_layout");
    }
}
