//! Python classes whose instances SQL steps over the rows of a group or a window.

use std::sync::Arc;

use onecross_sqlite::{Aggregate, Answer, Arguments, Group, Signature};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyString;

use super::callable::Callable;
use super::function::{define, refused};
use super::report::Failure;
use super::values::{answer_with, call_with, name_of};
use crate::gate;
use crate::sql::connection::Connection;
use crate::sql::errors;
use crate::sql::session::Session;

#[pymethods]
impl Connection {
    /// Makes an aggregate function of SQL; None removes it.
    ///
    /// Args:
    ///     name: Its name in SQL.
    ///     n_arg: How many arguments it takes; any number of them, for -1.
    ///     aggregate_class: Called for each group; what it returns has a method `step`, called with
    ///         the values of each row, and a method `finalize`, which returns the value.
    ///
    /// Raises:
    ///     OperationalError: SQLite takes no such function, or statements run that might use it.
    #[pyo3(signature = (name, n_arg, aggregate_class))]
    fn create_aggregate(
        slf: &Bound<'_, Self>,
        name: &Bound<'_, PyAny>,
        n_arg: i32,
        aggregate_class: &Bound<'_, PyAny>,
    ) -> PyResult<()> {
        gate::guard(|| {
            let py = slf.py();
            let name = name_of(name, "create_aggregate")?;
            let session = slf.get().enter(py)?;
            let signature = Signature { name: &name, arguments: n_arg, flags: 0 };
            let created = define(&session, &signature, aggregate_class, |class| {
                session.database.create_aggregate(&signature, Box::new(Class(class)))
            });
            created.map_err(|error| refused(py, &session, &error, "Error creating aggregate"))
        })
    }

    /// Makes an aggregate function of SQL that can also be taken over windows; None removes it.
    ///
    /// Args:
    ///     name: Its name in SQL.
    ///     num_params: How many arguments it takes; any number of them, for -1.
    ///     aggregate_class: As for `create_aggregate`; what it returns also has a method `inverse`,
    ///         called with the values of a row that leaves the window, and a method `value`, which
    ///         returns the value of the window as it is.
    ///
    /// Raises:
    ///     ProgrammingError: SQLite takes no such function, or statements run that might use it.
    #[pyo3(signature = (name, num_params, aggregate_class, /))]
    fn create_window_function(
        slf: &Bound<'_, Self>,
        name: &Bound<'_, PyAny>,
        num_params: i32,
        aggregate_class: &Bound<'_, PyAny>,
    ) -> PyResult<()> {
        gate::guard(|| {
            let py = slf.py();
            let name = name_of(name, "create_window_function")?;
            let session = slf.get().enter(py)?;
            let signature = Signature { name: &name, arguments: num_params, flags: 0 };
            let created = define(&session, &signature, aggregate_class, |class| {
                session.database.create_window(&signature, Box::new(Class(class)))
            });
            created.map_err(|error| errors::programming(py, &error.message))
        })
    }
}

struct Class(Arc<Callable>);

struct Instance {
    class: Arc<Callable>,
    object: Callable,
}

impl Aggregate for Class {
    fn begin(&self, answer: &mut Answer<'_>) -> Option<Box<dyn Group>> {
        let made = self.0.call_in_time(|session, class| Ok(Callable::new(session, class.call0()?)));
        match made {
            Ok(object) => Some(Box::new(Instance { class: Arc::clone(&self.0), object })),
            Err(failure) => {
                failure.answer(answer, "user-defined aggregate's '__init__' method raised error");
                None
            }
        }
    }

    fn empty(&self, answer: &mut Answer<'_>) {
        answer.null();
    }
}

/// What is called of an instance.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Method {
    Step,
    Inverse,
    Value,
    Finalize,
}

/// How far a call came.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Lookup,
    Call,
    Answer,
}

impl Method {
    fn name(self, py: Python<'_>) -> &Bound<'_, PyString> {
        match self {
            Self::Step => intern!(py, "step"),
            Self::Inverse => intern!(py, "inverse"),
            Self::Value => intern!(py, "value"),
            Self::Finalize => intern!(py, "finalize"),
        }
    }

    /// The message for an exception, as `sqlite3` has it.
    #[cold]
    fn message(self, place: Place, failure: Failure) -> &'static str {
        let is_missing = place == Place::Lookup;
        let is_attribute = failure == Failure::Attribute;
        match self {
            Self::Step if is_missing => "user-defined aggregate's 'step' method not defined",
            Self::Step => "user-defined aggregate's 'step' method raised error",
            Self::Inverse if is_missing => "user-defined aggregate's 'inverse' method not defined",
            Self::Inverse => "user-defined aggregate's 'inverse' method raised error",
            Self::Value if place == Place::Answer => {
                "unable to set result from user-defined aggregate's 'value' method"
            }
            Self::Value if is_attribute => "user-defined aggregate's 'value' method not defined",
            Self::Value => "user-defined aggregate's 'value' method raised error",
            Self::Finalize if is_attribute => {
                "user-defined aggregate's 'finalize' method not defined"
            }
            Self::Finalize => "user-defined aggregate's 'finalize' method raised error",
        }
    }
}

impl Instance {
    /// Calls a method with the values of a row, or else answers with what it returns.
    fn call(&self, method: Method, arguments: Option<Arguments<'_>>, answer: &mut Answer<'_>) {
        let mut place = Place::Lookup;
        let work = |_: &Arc<Session>, class: &Bound<'_, PyAny>| {
            let py = class.py();
            let Some(object) = self.object.get(py) else { return Ok(()) };
            let bound = object.getattr(method.name(py))?;
            place = Place::Call;
            let Some(arguments) = arguments else {
                let value = bound.call0()?;
                place = Place::Answer;
                return answer_with(answer, &value);
            };
            call_with(&bound, arguments).map(drop)
        };
        // What a group has to close is closed where the statement is given up, too.
        let called = match method {
            Method::Finalize => self.class.call(work),
            _ => self.class.call_in_time(work),
        };
        if let Err(failure) = called {
            failure.answer(answer, method.message(place, failure));
        }
    }
}

impl Group for Instance {
    fn step(&mut self, arguments: Arguments<'_>, answer: &mut Answer<'_>) {
        self.call(Method::Step, Some(arguments), answer);
    }

    fn inverse(&mut self, arguments: Arguments<'_>, answer: &mut Answer<'_>) {
        self.call(Method::Inverse, Some(arguments), answer);
    }

    fn value(&mut self, answer: &mut Answer<'_>) {
        self.call(Method::Value, None, answer);
    }

    fn finish(&mut self, answer: &mut Answer<'_>) {
        self.call(Method::Finalize, None, answer);
    }
}
