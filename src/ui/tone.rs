//! The feeling of a message or a state.

/// How a state or a message is meant; it picks the colour, and always stands beside a word that says the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Nothing to do about it: a draft, a fact.
    #[default]
    Neutral,
    /// Somebody is at work on it.
    Busy,
    /// Finished well.
    Ok,
    /// Worth a look.
    Warn,
    /// Wrong or refused.
    Bad,
}

impl Tone {
    /// The word of the `data-tone` attribute.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Busy => "busy",
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Bad => "bad",
        }
    }
}
