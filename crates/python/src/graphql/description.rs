//! The schema as `onecross.graphql` describes it, made into the schema that plans are compiled for.

use std::collections::HashMap;
use std::ops::RangeFrom;

use onecross_graphql::Key;
use onecross_graphql::schema::{FieldDescription, Schema, TypeDescription};
use pyo3::exceptions::PyValueError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple, PyType};

use super::class_value::ClassValues;
use super::classes::DecidedByClass;
use super::element::Element;
use super::handles::{
    AbstractHandle, EnumMembers, FieldHandle, LeafHandle, ObjectHandle, PythonHandles,
};
use super::lookup::{Lookup, Places};
use super::method::Method;
use super::own_info::{InfoClass, OwnInfo};
use super::premise::Premise;
use super::resolution::Resolution;
use super::stored::Stored;
use crate::cpython::{Plain, interned, new_count, new_dict};

/// What Python says of a schema (`_describe.SchemaDescription`).
#[derive(FromPyObject)]
pub(crate) struct PythonSchema<'py> {
    leaves: Vec<PythonLeaf<'py>>,
    objects: Vec<PythonObject<'py>>,
    abstract_types: Vec<PythonAbstract<'py>>,
    /// The root types by operation kind.
    pub(crate) roots: HashMap<String, String>,
}

#[derive(FromPyObject)]
struct PythonLeaf<'py> {
    name: String,
    definition: Bound<'py, PyAny>,
    builtin: Option<String>,
    members: Option<Vec<(Bound<'py, PyAny>, String)>>,
}

#[derive(FromPyObject)]
struct PythonObject<'py> {
    name: String,
    definition: Bound<'py, PyAny>,
    is_type_of: Option<Bound<'py, PyAny>>,
    decided_by_class: Option<PythonDecision<'py>>,
    fields: Vec<PythonField<'py>>,
}

#[derive(FromPyObject)]
struct PythonField<'py> {
    name: Bound<'py, PyString>,
    output: String,
    definition: Bound<'py, PyAny>,
    output_type: Bound<'py, PyAny>,
    has_arguments: bool,
    arguments_are_stable: bool,
    resolution: PythonResolution<'py>,
}

/// How a field is resolved: by what stands first here and is there.
#[derive(FromPyObject)]
struct PythonResolution<'py> {
    attribute: Option<String>,
    path: Option<Vec<String>>,
    lookup: Option<PythonLookup<'py>>,
    element: Option<PythonElement>,
    stored: Option<PythonStored<'py>>,
    class_values: Option<Vec<(Bound<'py, PyType>, Bound<'py, PyAny>)>>,
    method: Option<PythonMethod<'py>>,
    resolver: Option<Bound<'py, PyAny>>,
}

#[derive(FromPyObject)]
struct PythonLookup<'py> {
    keys: bool,
    attributes: bool,
    name: String,
    default: Bound<'py, PyAny>,
}

#[derive(FromPyObject)]
struct PythonElement {
    place: usize,
    attribute: Option<String>,
    is_set: bool,
}

#[derive(FromPyObject)]
struct PythonStored<'py> {
    name: String,
    descriptor: Bound<'py, PyType>,
    naming: Vec<String>,
    except_for: Bound<'py, PyTuple>,
}

#[derive(FromPyObject)]
struct PythonMethod<'py> {
    function: Bound<'py, PyAny>,
    object_first: bool,
    object_names: Vec<String>,
    make_info: Option<Bound<'py, PyAny>>,
    info_class: Option<PythonInfoClass<'py>>,
    info_name: Option<String>,
    convert: Option<Bound<'py, PyAny>>,
    premises: Vec<(Bound<'py, PyAny>, String, Bound<'py, PyAny>)>,
}

#[derive(FromPyObject)]
struct PythonInfoClass<'py> {
    made_of: Bound<'py, PyType>,
    raw_name: String,
    constants: Vec<(String, Bound<'py, PyAny>)>,
}

#[derive(FromPyObject)]
struct PythonDecision<'py> {
    classes: Vec<Bound<'py, PyType>>,
    attributes: Vec<String>,
}

#[derive(FromPyObject)]
struct PythonAbstract<'py> {
    name: String,
    definition: Bound<'py, PyAny>,
    resolve_type: Option<Bound<'py, PyAny>>,
    decided_by_class: Option<PythonDecision<'py>>,
    possible: Vec<String>,
}

impl PythonSchema<'_> {
    /// The schema that plans are compiled for.
    pub(crate) fn build(self) -> PyResult<Schema<PythonHandles>> {
        let mut types = Vec::new();
        let mut decisions = 0..;
        for leaf in self.leaves {
            types.push(leaf.describe()?);
        }
        for object in self.objects {
            types.push(object.describe(&mut decisions)?);
        }
        for abstract_type in self.abstract_types {
            types.push(abstract_type.describe(&mut decisions));
        }
        Schema::build(types).map_err(|error| PyValueError::new_err(error.to_string()))
    }
}

impl PythonLeaf<'_> {
    fn describe(self) -> PyResult<TypeDescription<PythonHandles>> {
        let plain = self.builtin.as_deref().map(plain).transpose()?;
        let py = self.definition.py();
        let members = self.members.map(|members| enum_members(py, members)).transpose()?;
        let handle = LeafHandle { definition: self.definition.unbind(), plain, members };
        Ok(TypeDescription::Leaf { name: self.name, handle })
    }
}

fn plain(name: &str) -> PyResult<Plain> {
    match name {
        "Int" => Ok(Plain::Int),
        "Float" => Ok(Plain::Float),
        "String" => Ok(Plain::String),
        "Boolean" => Ok(Plain::Boolean),
        "ID" => Ok(Plain::Id),
        other => Err(PyValueError::new_err(format!("`{other}` is no built-in scalar"))),
    }
}

fn enum_members(py: Python<'_>, members: Vec<(Bound<'_, PyAny>, String)>) -> PyResult<EnumMembers> {
    let mut known = EnumMembers {
        by_identity: HashMap::new(),
        by_value: new_dict(py)?.unbind(),
        names: Vec::new(),
        values: Vec::new(),
    };
    for (value, name) in members {
        let place = known.names.len();
        known.names.push(Key::constant(&name));
        if super::leaf::is_atom(&value) {
            let by_value = known.by_value.bind(py);
            if !by_value.contains(&value)? {
                by_value.set_item(&value, new_count(py, place))?;
            }
        } else {
            known.by_identity.entry(value.as_ptr().addr()).or_insert(place);
        }
        known.values.push(value.unbind());
    }
    Ok(known)
}

impl PythonObject<'_> {
    fn describe(
        self,
        decisions: &mut RangeFrom<usize>,
    ) -> PyResult<TypeDescription<PythonHandles>> {
        let fields = self
            .fields
            .into_iter()
            .map(|field| field.describe(&self.definition, &self.name))
            .collect::<PyResult<_>>()?;
        let handle = ObjectHandle {
            definition: self.definition.unbind(),
            is_type_of: self.is_type_of.map(Bound::unbind),
            decided_by_class: self.decided_by_class.map(|decision| decision.describe(decisions)),
        };
        Ok(TypeDescription::Object { name: self.name, fields, handle })
    }
}

impl PythonField<'_> {
    fn describe(
        self,
        parent: &Bound<'_, PyAny>,
        parent_name: &str,
    ) -> PyResult<FieldDescription<PythonHandles>> {
        let py = parent.py();
        let name = self.name.extract::<String>()?;
        let described = self.definition.getattr(intern!(py, "resolve"))?;
        let handle = FieldHandle {
            name: interned(py, &name).unbind(),
            described: (!described.is_none()).then(|| described.unbind()),
            definition: self.definition.unbind(),
            output: self.output_type.unbind(),
            parent: parent.clone().unbind(),
            has_arguments: self.has_arguments,
            arguments_are_stable: self.arguments_are_stable,
            resolution: self.resolution.describe(py, parent_name),
        };
        Ok(FieldDescription { name, output: self.output, handle })
    }
}

impl PythonResolution<'_> {
    fn describe(self, py: Python<'_>, parent: &str) -> Resolution {
        if let Some(name) = self.attribute {
            return Resolution::Attribute(interned(py, &name).unbind());
        }
        if let Some(path) = self.path {
            return Resolution::Path(path.iter().map(|name| interned(py, name).unbind()).collect());
        }
        if let Some(lookup) = self.lookup {
            return Resolution::Lookup(lookup.describe());
        }
        let Some(resolver) = self.resolver.map(Bound::unbind) else { return Resolution::Default };
        if let Some(element) = self.element {
            return Resolution::Element(element.describe(py), resolver);
        }
        if let Some(stored) = self.stored {
            return Resolution::Stored(Box::new(stored.describe(py)), resolver);
        }
        if let Some(known) = self.class_values {
            let known = known.into_iter().map(|(class, value)| (class.unbind(), value.unbind()));
            return Resolution::ClassValue(ClassValues { known: known.collect() }, resolver);
        }
        match self.method {
            Some(method) => Resolution::Method(Box::new(method.describe(py, parent)), resolver),
            None => Resolution::Function(resolver),
        }
    }
}

impl PythonLookup<'_> {
    fn describe(self) -> Lookup {
        let places = match (self.keys, self.attributes) {
            (true, true) => Places::KeysOrAttributes,
            (true, false) => Places::Keys,
            (false, _) => Places::Attributes,
        };
        let py = self.default.py();
        Lookup { places, name: interned(py, &self.name).unbind(), default: self.default.unbind() }
    }
}

impl PythonElement {
    fn describe(self, py: Python<'_>) -> Element {
        let attribute = self.attribute.map(|name| interned(py, &name).unbind());
        Element { place: self.place, attribute, is_set: self.is_set }
    }
}

impl PythonStored<'_> {
    fn describe(self, py: Python<'_>) -> Stored {
        Stored {
            name: interned(py, &self.name).unbind(),
            descriptor: self.descriptor.unbind(),
            naming: self.naming.iter().map(|name| interned(py, name).unbind()).collect(),
            except: self.except_for.unbind(),
        }
    }
}

impl PythonMethod<'_> {
    fn describe(self, py: Python<'_>, owner: &str) -> Method {
        let premise = |(object, attribute, value): (Bound<'_, PyAny>, String, Bound<'_, PyAny>)| {
            let attribute = interned(py, &attribute).unbind();
            Premise { object: object.unbind(), attribute, value: value.unbind() }
        };
        let set = self.info_class.map(|class| OwnInfo::Set(class.describe()));
        let made = self.make_info.map(|make| OwnInfo::Made(make.unbind()));
        Method {
            function: self.function.unbind(),
            owner: owner.to_owned(),
            object_first: self.object_first,
            object_names: self
                .object_names
                .iter()
                .map(|name| interned(py, name).unbind())
                .collect(),
            own_info: set.or(made),
            info_name: self.info_name.map(|name| interned(py, &name).unbind()),
            convert: self.convert.map(Bound::unbind),
            premises: self.premises.into_iter().map(premise).collect(),
        }
    }
}

impl PythonInfoClass<'_> {
    fn describe(self) -> InfoClass {
        let py = self.made_of.py();
        let name = |name: &str| interned(py, name).unbind();
        InfoClass {
            raw_name: name(&self.raw_name),
            constants: self
                .constants
                .into_iter()
                .map(|(key, value)| (name(&key), value.unbind()))
                .collect(),
            class: self.made_of.unbind(),
        }
    }
}

impl PythonDecision<'_> {
    fn describe(self, numbers: &mut RangeFrom<usize>) -> DecidedByClass {
        let classes = self.classes.into_iter().map(Bound::unbind);
        Python::attach(|py| DecidedByClass {
            number: numbers.next().expect("there are fewer types than numbers"),
            classes: classes.collect(),
            attributes: self.attributes.iter().map(|name| interned(py, name).unbind()).collect(),
        })
    }
}

impl PythonAbstract<'_> {
    fn describe(self, decisions: &mut RangeFrom<usize>) -> TypeDescription<PythonHandles> {
        let handle = AbstractHandle {
            definition: self.definition.unbind(),
            resolve_type: self.resolve_type.map(Bound::unbind),
            decided_by_class: self.decided_by_class.map(|decision| decision.describe(decisions)),
        };
        TypeDescription::Abstract { name: self.name, possible: self.possible, handle }
    }
}
