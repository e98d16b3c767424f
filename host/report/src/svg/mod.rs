//! A small SVG writer. The same numbers give the same bytes: coordinates are rounded to two
//! decimals, text is escaped, nothing depends on a font, a clock or a map's order. Colours and
//! dashes are classes; `templates/figure.css` gives them for light, dark and print.

mod canvas;
mod flow;
mod forest;
mod plot;
mod scale;

pub(crate) use canvas::{Canvas, Drawing, Marker, escape, shorten};
pub(crate) use flow::{FlowBox, arrow, boxed};
pub(crate) use forest::{Forest, ForestRow};
pub(crate) use plot::{Key, Plot, legend};
pub(crate) use scale::{Scale, nice, ticks};
