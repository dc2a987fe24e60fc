//! From a schema, a document and a value to an answer, with what is awaited in between.

use std::cell::Cell;
use std::sync::Arc;

use onecross_graphql::document::Conditions;
use onecross_graphql::execute::{ContinuationOf, Execution, RestOf, Rules};
use onecross_graphql::plan::Plan;
use onecross_graphql::schema::Schema;
use onecross_json::Growing;

use super::{Error, Json, Names, TextHost, Value, document, schema, value};

/// A schema to ask.
pub(crate) struct Case(pub(crate) Arc<Schema<Names>>);

/// What a response says: its data as JSON, its errors as `path: message`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) json: String,
    pub(crate) errors: Vec<String>,
}

/// An execution and what it awaits.
pub(crate) struct Run<'p> {
    pub(crate) execution: Execution<'p, TextHost<'p>, Json>,
    pub(crate) awaited: Vec<ContinuationOf<TextHost<'p>, Json>>,
    /// The fields of the root that wait for that, in a serial execution.
    pub(crate) rest: Option<RestOf<TextHost<'p>, Json>>,
}

impl Case {
    pub(crate) fn new(types: &str) -> Self {
        Self(Arc::new(schema(types)))
    }

    /// The plan of the first operation, when just those variables of the document are true.
    pub(crate) fn plan(&self, text: &str, truths: &[&str]) -> Plan<Names> {
        let document = document(text);
        let names = document.conditions().iter();
        let conditions = Conditions::new(names.map(|name| truths.contains(&&**name)));
        let root = self.0.find("Query").expect("a schema has a query root");
        Plan::new(Arc::clone(&self.0), Arc::new(document), 0, conditions, root)
    }

    /// The answer to a document, everything that is awaited being there at once.
    pub(crate) fn answer(&self, text: &str, root: &str) -> Answer {
        answer(&self.plan(text, &[]), &value(root))
    }

    /// The error that ends the execution.
    pub(crate) fn failure(&self, text: &str, root: &str) -> String {
        let (plan, depth) = (self.plan(text, &[]), Cell::new(0));
        let failed = Run::begin(&plan, &value(root), &depth, true).err();
        assert_eq!(depth.get(), 0);
        failed.expect("the execution is ended by an error").message.to_string()
    }
}

/// The answer of a plan, everything that is awaited being there at once.
pub(crate) fn answer(plan: &Plan<Names>, root: &Value) -> Answer {
    let depth = Cell::new(0);
    let run = Run::begin(plan, root, &depth, true).expect("nothing ends the execution");
    assert_eq!(depth.get(), 0);
    run.finish()
}

impl Answer {
    pub(crate) fn new(json: &str, errors: &[&str]) -> Self {
        Self { json: json.to_owned(), errors: errors.iter().map(ToString::to_string).collect() }
    }
}

impl<'p> Run<'p> {
    pub(crate) fn begin(
        plan: &'p Plan<Names>,
        root: &Value,
        depth: &'p Cell<usize>,
        is_ready: bool,
    ) -> Result<Self, Error> {
        Self::begin_with(
            plan,
            root,
            depth,
            (TextHost::new(plan.schema(), is_ready), Rules::default()),
        )
    }

    pub(crate) fn begin_with(
        plan: &'p Plan<Names>,
        root: &Value,
        depth: &'p Cell<usize>,
        (host, rules): (TextHost<'p>, Rules),
    ) -> Result<Self, Error> {
        let sink = Json::new(Growing::default());
        let mut execution = Execution::new(plan, host, sink, depth, rules);
        let rest = execution.run(root)?;
        let awaited = execution.take_pending();
        Ok(Self { execution, awaited, rest })
    }

    /// Executes the next of the fields that wait for what is awaited; tells whether there was one.
    pub(crate) fn go_on(&mut self, root: &Value) -> Result<bool, Error> {
        let Some(rest) = &mut self.rest else { return Ok(false) };
        let is_begun = self.execution.go_on(rest, root)?;
        self.awaited.extend(self.execution.take_pending());
        Ok(is_begun)
    }

    /// Lets one of the awaited values come.
    pub(crate) fn resume(&mut self, index: usize) -> Result<(), Error> {
        let continuation = self.awaited.swap_remove(index);
        let outcome = match self.execution.host.awaited[continuation.pending].clone() {
            Value::Error(error) => Err(error),
            value => Ok(value),
        };
        self.execution.resume(continuation, outcome)?;
        self.awaited.extend(self.execution.take_pending());
        Ok(())
    }

    /// How many places of the response are still to be filled.
    pub(crate) fn unfilled(&self) -> usize {
        self.execution.sink.unfilled()
    }

    pub(crate) fn finish(self) -> Answer {
        let text = |error: Error| match error.path {
            Some(path) => format!("{path}: {}", error.message),
            None => format!("(nowhere): {}", error.message),
        };
        let json = self.execution.sink.finish().into_vec();
        Answer {
            json: String::from_utf8(json).expect("JSON is UTF-8"),
            errors: self.execution.errors.into_iter().map(text).collect(),
        }
    }
}
