//! Rows as instances of a class.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyList, PyString, PyTuple, PyType};

use super::listed::{self, each};
use super::objects::{Failure, Maker};
use super::reading::Reading;
use crate::cpython::{CallArguments, InstanceMaker, Template, named_tuple_of, tuple_of};
use crate::gate::Passage;
use crate::meter::{Counts, Meter};
use onecross_columns::Batch;

/// How an instance is made of a row.
enum Recipe<'py> {
    /// Of a named tuple.
    Record { class: Bound<'py, PyType>, items: Vec<Item<'py>> },
    /// By setting its attributes.
    Attributes { maker: InstanceMaker<'py>, items: Vec<Item<'py>> },
    /// By a call with the values by their names.
    Keywords { function: Bound<'py, PyAny>, names: Bound<'py, PyTuple> },
    /// By a call with a dict.
    Mapping { function: Bound<'py, PyAny>, template: Template<'py> },
}

/// What an item of a named tuple, or an attribute, is given.
enum Item<'py> {
    Column(usize),
    Default(Bound<'py, PyAny>),
}

/// All rows that are left, as instances.
pub(super) fn instances<'py>(
    py: Python<'py>,
    reading: &mut Reading,
    kind: &Bound<'py, PyAny>,
    rename: Option<&Bound<'py, PyAny>>,
    passage: &Passage<'py>,
) -> PyResult<Bound<'py, PyList>> {
    if kind.is(py.get_type::<PyDict>()) && rename.is_none() {
        return listed::dicts(py, reading, passage);
    }
    if kind.is(py.get_type::<PyTuple>()) && rename.is_none() {
        return listed::tuples(py, reading, passage);
    }
    let names = reading.header(py)?.names.iter().map(|name| name.bind(py).clone().into_any());
    let names = tuple_of(py, names.collect::<Vec<_>>())?;
    let recipe = Recipe::of(recipe_function(py)?.call1((kind, names, rename))?)?;
    let runs_python = matches!(recipe, Recipe::Keywords { .. } | Recipe::Mapping { .. });
    let list = each(py, reading, passage, !runs_python, |maker, batch, row| {
        recipe.instance(maker, batch, row)
    })?;
    if runs_python
        && Meter::is_any_on()
        && let Some(meter) = Meter::current(py)?
    {
        let mut counts = Counts::default();
        counts.calls_out = list.len();
        meter.get().add(&counts);
    }
    Ok(list)
}

fn recipe_function(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
    static RECIPE: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let found = RECIPE.get_or_try_init(py, || {
        let module = py.import(intern!(py, "onecross._instances"))?;
        module.getattr(intern!(py, "recipe")).map(Bound::unbind)
    });
    found.map(|recipe| recipe.bind(py))
}

impl<'py> Recipe<'py> {
    /// What `onecross._instances` found out.
    fn of(found: Bound<'py, PyAny>) -> PyResult<Self> {
        let py = found.py();
        let found = found.cast_into::<PyTuple>()?;
        let (way, function) = (found.get_item(0)?, found.get_item(1)?);
        let names = found.get_item(2)?.cast_into::<PyTuple>()?;
        let texts = names.iter().map(|name| Ok(name.cast_into::<PyString>()?));
        let number: u8 = way.extract()?;
        Ok(match number {
            0 => Self::Record { class: function.cast_into::<PyType>()?, items: items(&found)? },
            1 => {
                let class = function.cast_into::<PyType>()?;
                let maker = InstanceMaker::new(class, texts.collect::<PyResult<_>>()?)?;
                Self::Attributes { maker, items: items(&found)? }
            }
            2 => Self::Keywords { function, names },
            _ => {
                let template = Template::new(py, texts.collect::<PyResult<_>>()?)?;
                Self::Mapping { function, template }
            }
        })
    }

    fn instance(
        &self,
        maker: &Maker<'py>,
        batch: &Batch,
        row: usize,
    ) -> Result<Bound<'py, PyAny>, Failure> {
        match self {
            Self::Record { class, items } => {
                named_tuple_of(class, items.len(), |place| items[place].value(maker, batch, row))
            }
            Self::Attributes { maker: instances, items } => {
                let instance = instances.make()?;
                for (place, item) in items.iter().enumerate() {
                    instances.set(&instance, place, item.value(maker, batch, row)?)?;
                }
                Ok(instance)
            }
            Self::Keywords { function, names } => {
                let values = (0..batch.columns.len()).map(|column| maker.cell(batch, row, column));
                let values = values.collect::<Result<Vec<_>, _>>()?;
                let mut arguments = CallArguments::new();
                values.iter().for_each(|value| arguments.push(value));
                Ok(arguments.call(function, Some(names))?)
            }
            Self::Mapping { function, template } => {
                let dict = template.copy();
                for column in 0..batch.columns.len() {
                    template.set(&dict, column, &maker.cell(batch, row, column)?);
                }
                Ok(function.call1((dict,))?)
            }
        }
    }
}

/// The items of a named tuple, or the attributes of an instance, in the order of its class.
fn items<'py>(found: &Bound<'py, PyTuple>) -> PyResult<Vec<Item<'py>>> {
    let places = found.get_item(3)?.cast_into::<PyTuple>()?;
    let mut defaults = found.get_item(4)?.cast_into::<PyTuple>()?.into_iter();
    let items = places.iter().map(|place| {
        let place: isize = place.extract()?;
        Ok(match usize::try_from(place) {
            Ok(column) => Item::Column(column),
            Err(_) => Item::Default(defaults.next().expect("each place without a column has one")),
        })
    });
    items.collect()
}

impl<'py> Item<'py> {
    #[inline]
    fn value(
        &self,
        maker: &Maker<'py>,
        batch: &Batch,
        row: usize,
    ) -> Result<Bound<'py, PyAny>, Failure> {
        match self {
            Self::Column(column) => maker.cell(batch, row, *column),
            Self::Default(value) => Ok(value.clone()),
        }
    }
}
