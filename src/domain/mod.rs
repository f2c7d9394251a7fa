//! The rule book: what procurement reserved for small and medium enterprises is, how it is counted, who may do what.
//!
//! Pure, without input or output, clock or conditional compilation; the server and the browser run the same code. Read it from
//! top to bottom: values ([`money`], [`calendar`], [`text`]), who ([`organisation`], [`access`]), what is counted ([`contract`],
//! [`sheet`]), what is done with it ([`record`], [`approval`], [`announcement`]), what a browser keeps of it ([`kept`]). Screens and tables are in `features`.

pub mod access;
pub mod announcement;
pub mod approval;
pub mod calendar;
pub mod contract;
pub mod ids;
pub mod kept;
pub mod money;
pub mod organisation;
pub mod record;
pub mod share;
pub mod sheet;
pub mod statistics;
pub mod text;
pub mod uscc;
