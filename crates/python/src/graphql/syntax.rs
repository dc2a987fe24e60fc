//! A graphql-core document, read once into the document that plans are compiled from.

use std::collections::HashMap;

use onecross_graphql::document::{
    Condition, Deciding, Declared, Document, FieldNode, Fragment, Given, Inclusion, Operation,
    OperationKind, Place, Selection, Spread, SpreadId,
};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};

use crate::cpython::Text;

/// How deep selections may be nested in a document that the engine takes.
const NESTING_LIMIT: usize = 250;

/// How much of a thread's stack is left to what reading a node takes.
const STACK_RESERVE: usize = 32 * 1024;

/// A document as the engine has it, or why it cannot.
pub(crate) struct Syntax {
    /// The document.
    pub(crate) document: Document<Py<PyAny>>,
    /// The nodes of its operations.
    pub(crate) operations: Vec<Py<PyAny>>,
    /// The places of operations whose errors leave a null where they occurred.
    pub(crate) in_place: Vec<usize>,
    /// The variables by which something is selected, and where they have their values.
    pub(crate) deciding: Deciding,
    /// Why it must be left to graphql-core.
    pub(crate) unsupported: Option<&'static str>,
    /// The definition that is being read.
    place: Place,
}

impl Syntax {
    /// Reads a `DocumentNode`.
    pub(crate) fn read(node: &Bound<'_, PyAny>) -> PyResult<Self> {
        let mut definitions = Vec::new();
        for definition in node.getattr(intern!(node.py(), "definitions"))?.try_iter()? {
            definitions.push(definition?);
        }
        Self::read_definitions(&definitions)
    }

    /// Reads an operation, and fragments by name.
    pub(crate) fn read_operation(
        operation: &Bound<'_, PyAny>,
        fragments: &Bound<'_, PyDict>,
    ) -> PyResult<Self> {
        let fragments = fragments.values().iter();
        Self::read_definitions(&fragments.chain([operation.clone()]).collect::<Vec<_>>())
    }

    fn read_definitions(definitions: &[Bound<'_, PyAny>]) -> PyResult<Self> {
        let mut syntax = Self {
            document: Document::default(),
            operations: Vec::new(),
            in_place: Vec::new(),
            deciding: Deciding::default(),
            unsupported: None,
            place: Place::Operation(0),
        };
        for definition in definitions {
            syntax.note_variables(definition)?;
        }
        for definition in definitions {
            syntax.definition(definition)?;
        }
        Ok(syntax)
    }

    /// Notes the variables of a fragment that has some of its own.
    fn note_variables(&mut self, node: &Bound<'_, PyAny>) -> PyResult<()> {
        let py = node.py();
        if &*text(&node.getattr(intern!(py, "kind"))?)? != "fragment_definition" {
            return Ok(());
        }
        let mut variables = HashMap::new();
        for definition in items(&node.getattr(intern!(py, "variable_definitions"))?)? {
            let name = name_of(&definition.getattr(intern!(py, "variable"))?)?;
            variables.insert(name, declared(&definition)?);
        }
        if !variables.is_empty() {
            self.deciding.add_fragment(name_of(node)?, variables);
        }
        Ok(())
    }

    fn definition(&mut self, node: &Bound<'_, PyAny>) -> PyResult<()> {
        let py = node.py();
        match &*text(&node.getattr(intern!(py, "kind"))?)? {
            "operation_definition" => {
                let name = optional_name(node)?;
                let kind = operation_kind(node)?;
                self.inspect_operation(node)?;
                self.place = Place::Operation(self.document.operations.len());
                let selections = self.selection_set(node, 0)?;
                self.document.operations.push(Operation { name, kind, selections });
                self.operations.push(node.clone().unbind());
            }
            "fragment_definition" => {
                let name = name_of(node)?;
                let condition = name_of(&node.getattr(intern!(py, "type_condition"))?)?.into();
                self.place = Place::Fragment(name.clone());
                let selections = self.selection_set(node, 0)?;
                self.document.add_fragment(&name, Fragment { condition, selections });
            }
            _ => {}
        }
        Ok(())
    }

    /// An operation can ask that its errors leave a null where they occurred.
    fn inspect_operation(&mut self, node: &Bound<'_, PyAny>) -> PyResult<()> {
        for directive in items(&node.getattr(intern!(node.py(), "directives"))?)? {
            if name_of(&directive)? == "experimental_disableErrorPropagation" {
                self.in_place.push(self.document.operations.len());
            }
        }
        Ok(())
    }

    fn selection_set(
        &mut self,
        owner: &Bound<'_, PyAny>,
        depth: usize,
    ) -> PyResult<Vec<Selection>> {
        let py = owner.py();
        let set = owner.getattr(intern!(py, "selection_set"))?;
        if set.is_none() {
            return Ok(Vec::new());
        }
        let has_stack = stacker::remaining_stack().is_none_or(|left| left > STACK_RESERVE);
        if depth > NESTING_LIMIT || !has_stack {
            self.unsupported = Some("deeply nested selections");
            return Ok(Vec::new());
        }
        let mut selections = Vec::new();
        for node in items(&set.getattr(intern!(py, "selections"))?)? {
            selections.push(self.selection(&node, depth)?);
        }
        Ok(selections)
    }

    fn selection(&mut self, node: &Bound<'_, PyAny>, depth: usize) -> PyResult<Selection> {
        let py = node.py();
        let inclusion = self.inclusion(node)?;
        match &*text(&node.getattr(intern!(py, "kind"))?)? {
            "field" => {
                let alias = node.getattr(intern!(py, "alias"))?;
                let field = FieldNode {
                    name: name_of(node)?.into(),
                    alias: if alias.is_none() { None } else { Some(value_of(&alias)?.into()) },
                    selections: self.selection_set(node, depth + 1)?,
                    node: node.clone().unbind(),
                };
                Ok(Selection::Field(inclusion, self.document.add_field(field)))
            }
            "fragment_spread" => {
                let name = name_of(node)?;
                let spread = self.spread(node, &name)?;
                Ok(Selection::Spread(inclusion, name.into(), spread))
            }
            _ => {
                let condition = node.getattr(intern!(py, "type_condition"))?;
                let condition =
                    if condition.is_none() { None } else { Some(name_of(&condition)?.into()) };
                let selections = self.selection_set(node, depth + 1)?;
                Ok(Selection::Inline(inclusion, condition, selections))
            }
        }
    }

    /// Takes up a spread that gives values to variables of its fragment.
    fn spread(&mut self, node: &Bound<'_, PyAny>, name: &str) -> PyResult<Option<SpreadId>> {
        if !self.deciding.has_variables(name) {
            return Ok(None);
        }
        let (fragment, place) = (name.to_owned(), self.place.clone());
        self.deciding.add_spread(Spread { fragment, place, given: given(node)? });
        Ok(Some(self.document.add_spread(node.clone().unbind())))
    }

    fn inclusion(&mut self, node: &Bound<'_, PyAny>) -> PyResult<Inclusion> {
        let mut inclusion = Inclusion::default();
        for directive in items(&node.getattr(intern!(node.py(), "directives"))?)? {
            match &*name_of(&directive)? {
                "skip" if inclusion.skip.is_none() => {
                    inclusion.skip = self.condition(&directive)?;
                }
                "include" if inclusion.include.is_none() => {
                    inclusion.include = self.condition(&directive)?;
                }
                "defer" | "stream" => self.unsupported = Some("incremental delivery"),
                _ => {}
            }
        }
        Ok(inclusion)
    }

    /// The `if` of a directive, the last one if there are several; one that is neither a boolean nor
    /// a variable is left to graphql-core, which knows its error.
    fn condition(&mut self, directive: &Bound<'_, PyAny>) -> PyResult<Option<Condition>> {
        let py = directive.py();
        let mut condition = None;
        for argument in items(&directive.getattr(intern!(py, "arguments"))?)?.iter().rev() {
            if name_of(argument)? == "if" {
                condition = self.condition_of(&argument.getattr(intern!(py, "value"))?)?;
                break;
            }
        }
        if condition.is_none() {
            self.unsupported = Some("unusual conditions");
        }
        Ok(condition)
    }

    fn condition_of(&mut self, value: &Bound<'_, PyAny>) -> PyResult<Option<Condition>> {
        let py = value.py();
        Ok(match &*text(&value.getattr(intern!(py, "kind"))?)? {
            "boolean_value" => {
                Some(Condition::Literal(value.getattr(intern!(py, "value"))?.is_truthy()?))
            }
            "variable" => {
                let name = name_of(value)?;
                self.deciding.add_condition(&self.place, &name);
                self.document.add_condition(&name)
            }
            _ => None,
        })
    }
}

/// How a variable is declared that may decide what is selected.
fn declared(definition: &Bound<'_, PyAny>) -> PyResult<Declared> {
    let py = definition.py();
    let kind = |node: &Bound<'_, PyAny>| text(&node.getattr(intern!(py, "kind"))?);
    let mut type_ = definition.getattr(intern!(py, "type"))?;
    let is_required = kind(&type_)? == "non_null_type";
    if is_required {
        type_ = type_.getattr(intern!(py, "type"))?;
    }
    if kind(&type_)? != "named_type" || name_of(&type_)? != "Boolean" {
        return Ok(Declared::Other);
    }
    let default = definition.getattr(intern!(py, "default_value"))?;
    Ok(match is_required {
        true => Declared::Required,
        false if default.is_none() || kind(&default)? == "null_value" => Declared::Nullable,
        false => Declared::Defaulted,
    })
}

/// What a spread gives to the variables of its fragment.
fn given(spread: &Bound<'_, PyAny>) -> PyResult<HashMap<String, Given>> {
    let py = spread.py();
    let mut given = HashMap::new();
    // Spreads of graphql-core 3.2 give nothing.
    let Some(arguments) = spread.getattr_opt(intern!(py, "arguments"))? else { return Ok(given) };
    for argument in items(&arguments)? {
        let value = argument.getattr(intern!(py, "value"))?;
        let value = match &*text(&value.getattr(intern!(py, "kind"))?)? {
            "null_value" => Given::Null,
            "variable" => Given::Variable(name_of(&value)?),
            _ => Given::Literal,
        };
        given.insert(name_of(&argument)?, value);
    }
    Ok(given)
}

fn operation_kind(node: &Bound<'_, PyAny>) -> PyResult<OperationKind> {
    let py = node.py();
    // The attribute behind the `value` of an enum's member, which is a property in Python.
    let operation = node.getattr(intern!(py, "operation"))?.getattr(intern!(py, "_value_"))?;
    Ok(match &*text(&operation)? {
        "mutation" => OperationKind::Mutation,
        "subscription" => OperationKind::Subscription,
        _ => OperationKind::Query,
    })
}

fn optional_name(node: &Bound<'_, PyAny>) -> PyResult<Option<Box<str>>> {
    let name = node.getattr(intern!(node.py(), "name"))?;
    if name.is_none() { Ok(None) } else { Ok(Some(value_of(&name)?.into())) }
}

fn name_of(node: &Bound<'_, PyAny>) -> PyResult<String> {
    value_of(&node.getattr(intern!(node.py(), "name"))?)
}

fn value_of(node: &Bound<'_, PyAny>) -> PyResult<String> {
    text(&node.getattr(intern!(node.py(), "value"))?)
}

fn text(value: &Bound<'_, PyAny>) -> PyResult<String> {
    Ok(Text::of(value.cast::<PyString>()?).to_lossy())
}

/// The nodes of a tuple that may be missing.
fn items<'py>(nodes: &Bound<'py, PyAny>) -> PyResult<Vec<Bound<'py, PyAny>>> {
    if nodes.is_none() { Ok(Vec::new()) } else { nodes.try_iter()?.collect() }
}
