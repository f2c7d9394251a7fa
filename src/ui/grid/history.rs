//! Steps that can be taken back and done again.

use std::collections::VecDeque;

/// How many steps are remembered.
pub const STEPS: usize = 500;

/// The steps done and the steps taken back. A step names what it changed, not where that stood on the screen, so that sorting and
/// filtering between two steps does not matter.
#[derive(Clone, Debug)]
pub struct History<S> {
    done: VecDeque<S>,
    undone: Vec<S>,
}

impl<S> Default for History<S> {
    fn default() -> History<S> {
        History { done: VecDeque::new(), undone: Vec::new() }
    }
}

impl<S: Clone> History<S> {
    /// A new step; what was taken back before can no longer be done again.
    pub fn push(&mut self, step: S) {
        self.undone.clear();
        if self.done.len() == STEPS {
            self.done.pop_front();
        }
        self.done.push_back(step);
    }

    /// The step to take back now.
    pub fn undo(&mut self) -> Option<S> {
        let step = self.done.pop_back()?;
        self.undone.push(step.clone());
        Some(step)
    }

    /// The step to do again now.
    pub fn redo(&mut self) -> Option<S> {
        let step = self.undone.pop()?;
        self.done.push_back(step.clone());
        Some(step)
    }

    /// Forgets the steps that are not to be kept.
    pub fn retain(&mut self, keep: impl Fn(&S) -> bool) {
        self.done.retain(&keep);
        self.undone.retain(&keep);
    }

    /// How many steps can be taken back, and how many done again.
    pub fn len(&self) -> (usize, usize) {
        (self.done.len(), self.undone.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn e3_five_hundred_steps_are_remembered_and_the_oldest_go_first() {
        let mut history = History::default();
        for step in 0..600 {
            history.push(step);
        }
        assert_eq!(history.len(), (STEPS, 0));
        let back: Vec<i32> = std::iter::from_fn(|| history.undo()).collect();
        assert_eq!((back.first(), back.last(), back.len()), (Some(&599), Some(&100), STEPS));
        assert_eq!(history.redo(), Some(100));
        history.push(7);
        assert_eq!(history.redo(), None, "a new step ends what could be done again");
        history.retain(|step| *step != 7);
        assert_eq!(history.undo(), Some(100));
    }

    proptest! {
        #[test]
        fn e3_as_many_redos_as_undos_change_nothing(values in prop::collection::vec(0_u8..9, 1..80), back in 0_usize..80) {
            // The state is the sum of the steps.
            let (mut history, mut sum) = (History::default(), 0_i64);
            for value in &values {
                history.push(*value);
                sum += i64::from(*value);
            }
            let before = sum;
            let mut undone = 0;
            for _ in 0..back {
                if let Some(step) = history.undo() { sum -= i64::from(step); undone += 1; }
            }
            for _ in 0..undone {
                if let Some(step) = history.redo() { sum += i64::from(step); }
            }
            prop_assert_eq!(sum, before);
        }
    }
}
