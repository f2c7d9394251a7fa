//! 「共 N 条」 and the links to the pages of a list.

use leptos::prelude::*;

/// The total and the links to the pages.
///
/// `page` counts from 1; a number past the end is taken as the last page. `size` is the number of rows on a page (at least 1),
/// `total` that of all rows, `href` makes the address of a page. `name` tells two pagers of one page apart.
#[component]
pub fn Pager<F>(page: u64, size: u64, total: u64, href: F, #[prop(default = "分页")] name: &'static str) -> impl IntoView
where
    F: Fn(u64) -> String,
{
    let last = total.div_ceil(size.max(1)).max(1);
    let page = page.clamp(1, last);
    let step = |to: u64, name: &'static str, sign: &'static str| {
        if to >= 1 && to <= last {
            view! { <a href=href(to) aria-label=name rel=if to < page { "prev" } else { "next" }>{sign}</a> }.into_any()
        } else {
            view! { <span aria-hidden="true">{sign}</span> }.into_any()
        }
    };
    let numbers = shown_pages(page, last)
        .into_iter()
        .map(|number| match number {
            Some(number) => {
                let current = (number == page).then_some("page");
                view! { <a href=href(number) aria-current=current aria-label=format!("第 {number} 页")>{number}</a> }.into_any()
            }
            None => view! { <span>"…"</span> }.into_any(),
        })
        .collect_view();
    let pages = (last > 1).then(|| {
        view! {
            <div class="pager-pages">
                {step(page - 1, "上一页", "‹")} {numbers} {step(page + 1, "下一页", "›")}
                <span class="pager-size">{format!("{size} 条/页")}</span>
            </div>
        }
    });
    view! {
        <nav class="pager" aria-label=name>
            <span>{format!("共 {total} 条")}</span>
            {pages}
        </nav>
    }
}

/// The page numbers to show: the first, the last, the current one and its neighbours; `None` is a gap.
fn shown_pages(page: u64, last: u64) -> Vec<Option<u64>> {
    let mut shown = Vec::new();
    let mut before = 0;
    for number in 1..=last {
        // A gap of a single page is no gap: that page itself takes its place.
        let near = number.abs_diff(page) <= 2;
        let edge = number == 1 || number == last;
        let lone = (number == 2 && page <= 5) || (number + 1 == last && page + 4 >= last);
        if near || edge || lone {
            if number > before + 1 {
                shown.push(None);
            }
            shown.push(Some(number));
            before = number;
        } else if number > page {
            break;
        }
    }
    if before < last {
        shown.extend([None, Some(last)]);
    }
    shown
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    fn line(page: u64, last: u64) -> String {
        shown_pages(page, last)
            .iter()
            .map(|number| number.map_or("…".to_owned(), |number| number.to_string()))
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn the_pages_around_the_current_one_are_shown() {
        assert_eq!(line(1, 1), "1");
        assert_eq!(line(1, 2), "1 2");
        assert_eq!(line(1, 9), "1 2 3 … 9");
        assert_eq!(line(4, 7), "1 2 3 4 5 6 7");
        assert_eq!(line(5, 9), "1 2 3 4 5 6 7 8 9");
        assert_eq!(line(50, 500), "1 … 48 49 50 51 52 … 500");
        assert_eq!(line(500, 500), "1 … 498 499 500");
    }

    #[test]
    fn the_total_is_always_said_and_links_only_where_there_are_pages() {
        let one = view! { <Pager page=1 size=20 total=0 href=|page| format!("?page={page}")/> }.to_html();
        assert!(one.contains("共 0 条") && !one.contains("href"), "{one}");
        let two = view! { <Pager page=2 size=20 total=24 href=|page| format!("?page={page}")/> }.to_html();
        assert!(two.contains("?page=1") && two.contains("aria-current") && two.contains("20 条/页"), "{two}");
        assert!(!two.contains("?page=3"), "{two}");
    }
}
