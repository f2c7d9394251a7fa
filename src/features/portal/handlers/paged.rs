//! A page of a list whose address asks for nothing but the page.

use crate::error::AppError;
use crate::ui::Pager;
use leptos::prelude::*;

/// Rows on a page.
pub const SIZE: i64 = 50;

/// Rows before a page, which counts from 1; not found where no list is that long.
pub fn offset(page: i64) -> Result<i64, AppError> {
    (page - 1).checked_mul(SIZE).ok_or(AppError::NotFound)
}

/// A page of a list.
#[derive(Debug)]
pub struct Paged<T> {
    /// Its rows.
    pub rows: Vec<T>,
    /// How many rows there are on all pages.
    pub total: i64,
    page: i64,
}

impl<T> Paged<T> {
    /// What was read for a page; not found behind the last one. An empty list has a first page.
    pub fn of(rows: Vec<T>, page: i64, total: i64) -> Result<Paged<T>, AppError> {
        if rows.is_empty() && page > 1 {
            return Err(AppError::NotFound);
        }
        Ok(Paged { rows, total, page })
    }

    /// A page out of the whole list.
    pub fn cut(all: Vec<T>, page: i64) -> Result<Paged<T>, AppError> {
        let total = i64::try_from(all.len()).unwrap_or(i64::MAX);
        let before = usize::try_from(offset(page)?).map_err(|_| AppError::NotFound)?;
        let size = usize::try_from(SIZE).unwrap_or_default();
        Paged::of(all.into_iter().skip(before).take(size).collect(), page, total)
    }

    /// The links to the pages, whose addresses `href` makes; nothing where there is only one.
    pub fn pager<F: Fn(u64) -> String + 'static>(&self, href: F) -> impl IntoView + use<T, F> {
        let (page, total) = (self.page.unsigned_abs(), self.total.unsigned_abs());
        (self.total > SIZE).then(|| view! { <Pager page size=SIZE.unsigned_abs() total href /> })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e12_a_list_is_cut_into_pages_and_ends_where_it_ends() {
        let page = |page| {
            Paged::cut((1..=120).collect::<Vec<i32>>(), page).map(|paged| (paged.rows.first().copied(), paged.rows.len(), paged.total))
        };
        assert_eq!(page(1).unwrap(), (Some(1), 50, 120));
        assert_eq!(page(3).unwrap(), (Some(101), 20, 120));
        assert!(page(4).is_err() && page(i64::MAX).is_err());
        assert_eq!(Paged::cut(Vec::<i32>::new(), 1).unwrap().total, 0);
        assert!(Paged::cut(Vec::<i32>::new(), 2).is_err());
    }

    #[test]
    fn e12_pages_are_linked_where_there_is_more_than_one() {
        let href = |page| crate::app::paths::public_page("/units", page);
        let one = Paged::cut(vec![(); 50], 1).unwrap().pager(href).into_view().to_html();
        assert!(!one.contains("href"), "{one}");
        let two = Paged::cut(vec![(); 51], 2).unwrap().pager(href).into_view().to_html();
        assert!(two.contains("href=\"/units\"") && two.contains("href=\"/units?page=2\""), "{two}");
    }
}
