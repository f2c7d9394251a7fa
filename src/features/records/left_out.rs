//! left_out
