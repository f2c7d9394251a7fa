//! What there is to say about the lines, with a way to each.

use crate::domain::record::line::{LineCell, Weight};
use crate::features::records::sheet::{Entry, Lines, Sheet};
use leptos::prelude::*;

/// How many findings of each weight are listed; the table's filter shows all their lines.
const LISTED: usize = 50;

/// A finding: which line, which cell, what.
type Found = (usize, usize, LineCell, String);

/// Errors, then warnings that do not stop 「提交」.
#[component]
pub fn Findings(sheet: Sheet) -> impl IntoView {
    let errors = Memo::new(move |_| {
        sheet.read(|lines| {
            lines.blocked().flat_map(|(key, entry)| errors_of(key, lines.number(key), entry)).take(LISTED).collect::<Vec<Found>>()
        })
    });
    let is_open = RwSignal::new(false);
    let count = Memo::new(move |_| sheet.read(Lines::warnings));
    let warnings = move || {
        sheet.read(|lines| {
            let all = lines.order().iter().filter_map(|key| Some((*key, lines.get(*key)?)));
            let found = all.flat_map(|(key, entry)| {
                let warnings = entry.review.findings.iter().filter(|finding| finding.weight == Weight::Warning);
                warnings.map(move |finding| (key, lines.number(key), finding.cell, finding.message.clone()))
            });
            found.take(LISTED).collect::<Vec<Found>>()
        })
    };
    let list = move |items: Vec<Found>, tone: Option<&'static str>| {
        items
            .into_iter()
            .map(|(key, number, cell, message)| {
                view! { <li data-tone=tone><button type="button" on:click=move |_| sheet.go(key, cell)>{format!("第 {number} 行：{message}")}</button></li> }
            })
            .collect_view()
    };
    let has_any = Memo::new(move |_| errors.with(|errors| !errors.is_empty()) || count.get() > 0);
    move || {
        has_any.get().then(|| {
            view! {
                <div class="panel-foot">
                    {move || errors.with(|errors| (!errors.is_empty()).then(|| view! {
                        <ul class="findings" data-rows="">{list(errors.clone(), Some("bad"))}</ul>
                        {(errors.len() == LISTED).then(|| view! { <p class="quiet">{format!("只列出前 {LISTED} 处；在上方选择「需要处理」可只看这些行")}</p> })}
                    }))}
                    {move || (count.get() > 0).then(|| view! {
                        <details class="fold" open=is_open.get_untracked()>
                            // The browser opens it at the same click; what is inside is only looked for then.
                            <summary on:click=move |_| is_open.update(|open| *open = !*open)>{format!("{} 处提醒（不影响提交）", count.get())}</summary>
                            {move || is_open.get().then(|| view! {
                                <ul class="findings" data-rows="">{list(warnings(), None)}</ul>
                                {(count.get() > LISTED).then(|| view! { <p class="quiet">{format!("只列出前 {LISTED} 处；在上方选择「有提醒」可只看这些行")}</p> })}
                            })}
                        </details>
                    })}
                </div>
            }
        })
    }
}

fn errors_of(key: usize, number: usize, entry: &Entry) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    if entry.is_orphan {
        found.push((key, number, LineCell::ProjectName, "此行已被其他人删除或剔除，您填写的内容没有保存".to_owned()));
    }
    for (cell, (_, why)) in &entry.refused {
        found.push((key, number, *cell, why.clone()));
    }
    for cell in entry.rivals.keys() {
        found.push((key, number, *cell, format!("{}：同事也修改了此单元格，请选择保留哪一个", cell.label())));
    }
    // What cannot be read says so itself; that something is missing there would be a second story.
    let findings =
        entry.review.findings.iter().filter(|finding| finding.weight == Weight::Error && !entry.refused.contains_key(&finding.cell));
    found.extend(findings.map(|finding| (key, number, finding.cell, finding.message.clone())));
    found
}
