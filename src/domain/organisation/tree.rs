//! The tree has no cycles: a unit never stands below itself.

use super::Unit;
use crate::domain::ids::UnitId;

/// Why a unit may not stand where it is put.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlaceRefused {
    /// There is no such unit above.
    #[error("没有这个上级单位，请刷新页面后重新选择")]
    NoParent,
    /// Its own superior, at once or over several steps.
    #[error("不能把单位移到它自己或它的下级单位之下，请另选上级单位")]
    Below,
}

/// Whether `unit` (`None` for one that is being added) may stand under `parent` in this tree.
pub fn check_place(units: &[Unit], unit: Option<&UnitId>, parent: Option<&UnitId>) -> Result<(), PlaceRefused> {
    let find = |id: &UnitId| units.iter().find(|other| other.id == *id);
    let Some(parent) = parent else { return Ok(()) };
    let mut above = Some(find(parent).ok_or(PlaceRefused::NoParent)?);
    // Bounded, should the stored tree ever hold a cycle already.
    for _ in 0..=units.len() {
        let Some(here) = above else { return Ok(()) };
        if Some(&here.id) == unit {
            return Err(PlaceRefused::Below);
        }
        above = here.parent.as_ref().and_then(find);
    }
    Err(PlaceRefused::Below)
}

/// The units as a tree is read: each before those below it, with the steps that it stands below the top.
///
/// Units that stand side by side keep their order. None is lost, even where the stored tree holds a cycle.
pub fn in_tree_order(units: Vec<Unit>) -> Vec<(usize, Unit)> {
    let mut ordered = Vec::with_capacity(units.len());
    let known: Vec<UnitId> = units.iter().map(|unit| unit.id.clone()).collect();
    let is_top = |unit: &Unit| unit.parent.as_ref().is_none_or(|parent| !known.contains(parent));
    let (mut waiting, mut rest): (Vec<(usize, Unit)>, Vec<Unit>) = (Vec::new(), Vec::new());
    for unit in units {
        if is_top(&unit) {
            waiting.push((0, unit));
        } else {
            rest.push(unit);
        }
    }
    waiting.reverse();
    while let Some((depth, unit)) = waiting.pop() {
        let (below, others): (Vec<Unit>, Vec<Unit>) = rest.into_iter().partition(|other| other.parent.as_ref() == Some(&unit.id));
        rest = others;
        waiting.extend(below.into_iter().rev().map(|unit| (depth + 1, unit)));
        ordered.push((depth, unit));
    }
    ordered.extend(rest.into_iter().map(|unit| (0, unit)));
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::contract::YearBasis;
    use crate::domain::organisation::District;

    fn id(number: u32) -> UnitId {
        UnitId::parse(&format!("01890a5d-ac96-774b-bcce-b3020000{number:04}")).unwrap()
    }

    fn unit(number: u32, parent: Option<u32>) -> Unit {
        Unit {
            id: id(number),
            name: number.to_string(),
            uscc: String::new(),
            parent: parent.map(id),
            is_supervisor: false,
            district: District::parse("319900").unwrap(),
            year_basis: YearBasis::Signed,
            version: 1,
        }
    }

    #[test]
    fn b8_a_unit_never_stands_below_itself() {
        let units = [unit(1, None), unit(2, Some(1)), unit(3, Some(2)), unit(4, None)];
        for (moved, parent, expected) in [
            (Some(1), Some(4), Ok(())),
            (Some(3), None, Ok(())),
            (Some(3), Some(1), Ok(())),
            (None, Some(3), Ok(())),
            (Some(1), Some(1), Err(PlaceRefused::Below)),
            (Some(1), Some(3), Err(PlaceRefused::Below)),
            (Some(2), Some(3), Err(PlaceRefused::Below)),
            (Some(2), Some(9), Err(PlaceRefused::NoParent)),
        ] {
            assert_eq!(check_place(&units, moved.map(id).as_ref(), parent.map(id).as_ref()), expected, "{moved:?} under {parent:?}");
        }
        let cyclic = [unit(1, Some(2)), unit(2, Some(1)), unit(3, None)];
        assert_eq!(check_place(&cyclic, Some(&id(3)), Some(&id(1))), Err(PlaceRefused::Below), "it ends");
    }

    #[test]
    fn b8_the_tree_is_read_from_the_top() {
        let order = |units: &[(u32, Option<u32>)]| -> Vec<(usize, String)> {
            let units = units.iter().map(|(number, parent)| unit(*number, *parent)).collect();
            in_tree_order(units).into_iter().map(|(depth, unit)| (depth, unit.name)).collect()
        };
        let expected = [(0, "3"), (1, "1"), (2, "4"), (1, "2"), (0, "5")].map(|(depth, name)| (depth, name.to_owned()));
        assert_eq!(order(&[(1, Some(3)), (2, Some(3)), (3, None), (4, Some(1)), (5, None)]), expected);
        assert_eq!(order(&[(1, Some(2)), (2, Some(1)), (3, Some(9))]).len(), 3, "none is lost");
    }
}
