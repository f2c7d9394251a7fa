//! A line of the announcement's own copy.
