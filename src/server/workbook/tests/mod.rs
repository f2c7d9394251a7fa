//! Hostile and foreign files.
