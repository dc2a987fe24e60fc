//! Puts the pages of holes where they belong, in one pass.

use crate::Output;
use crate::places::{Places, State};

/// What stands for a place that has no value.
pub(crate) const NULL: &[u8] = b"null";

/// How many bytes the source takes at most with the values of all places in it.
pub(crate) fn assembled_limit(places: &Places, source: usize) -> usize {
    source + NULL.len() * places.len()
}

/// What is left to copy of a body.
struct Rest {
    from: usize,
    end: usize,
    next: Option<usize>,
}

/// Writes the first `end` bytes of the source with the values of all places in them.
pub(crate) fn assemble<O: Output>(places: &mut Places, source: &[u8], end: usize, output: &mut O) {
    let window = output.window(assembled_limit(places, source.len()));
    let mut written = 0;
    let mut write = |bytes: &[u8]| {
        window[written..][..bytes.len()].copy_from_slice(bytes);
        written += bytes.len();
    };
    let mut unfinished = vec![Rest { from: 0, end, next: places.gather(0, None) }];
    while let Some(rest) = unfinished.last_mut() {
        let Some(index) = rest.next else {
            write(&source[rest.from..rest.end]);
            unfinished.pop();
            continue;
        };
        let place = places.get(index);
        write(&source[rest.from..place.start]);
        rest.from = place.end;
        rest.next = place.next_beside;
        if place.state == State::Null {
            write(NULL);
        } else {
            let body = place.body.clone();
            unfinished.push(Rest { from: body.start, end: body.end, next: place.first_inside });
        }
    }
    output.advance(written);
}
