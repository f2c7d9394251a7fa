//! The template that an announcement took, as its page is given it.

use crate::domain::ids::TemplateId;
use serde::{Deserialize, Serialize};

/// What an announcement took, and what it could take instead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenTemplate {
    /// Its name when it was taken.
    pub name: String,
    /// Its version; 0 of the official one.
    pub number: i64,
    /// The title that it gives, with placeholders.
    pub title: String,
    /// The text that it gives, as the editor's JSON.
    pub document: String,
    /// The template that serves by now, where it says something else.
    pub newer: Option<OfferedTemplate>,
}

/// A template that could be taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferedTemplate {
    /// Which; none is the official one.
    pub template: Option<TemplateId>,
    /// Its version.
    pub number: i64,
    /// Its name.
    pub name: String,
}

/// What people call a version of a template.
pub fn template_label(name: &str, number: i64) -> String {
    if number == 0 { name.to_owned() } else { format!("{name}（第 {number} 版）") }
}

impl TakenTemplate {
    /// What people call it.
    pub fn label(&self) -> String {
        template_label(&self.name, self.number)
    }
}

impl OfferedTemplate {
    /// What people call it.
    pub fn label(&self) -> String {
        template_label(&self.name, self.number)
    }
}
