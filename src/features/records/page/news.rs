//! Says on a record's page what has changed since it was read: its contracts, or the record itself by someone else.

use super::super::api::RecordOnly;
use super::super::api::update::record_ledger_news;
use super::super::sheet::Sheet;
use crate::app::paths;
use crate::domain::ids::RecordId;
use leptos::prelude::*;

/// The note with its link; nothing where nothing has changed.
#[component]
pub fn LedgerNote(record: RecordId) -> impl IntoView {
    let href = paths::update(&record);
    let news = Resource::new(move || record.clone(), |record| record_ledger_news(RecordOnly { record }));
    view! {
        <Suspense>
            {move || {
                let href = href.clone();
                Suspend::new(async move {
                    // Where the question got no answer the page itself is as good as before.
                    let news = news.await.unwrap_or_default();
                    let at = news.since.map(crate::domain::calendar::Moment::local_short);
                    let said = if news.count > 0 {
                        let since = at.map_or_else(|| "生成以来".to_owned(), |at| format!("自 {at} 以来"));
                        Some(("ledger-news", "warn", format!("合同台账{since}有变化，与本年度数据有 {} 处不同。", news.count)))
                    } else if news.left > 0 {
                        let last = at.map_or_else(|| "上次".to_owned(), |at| format!("{at} "));
                        Some(("ledger-left", "neutral", format!("{last}从合同更新时有 {} 处没有更新，年度数据与合同台账仍有不同。", news.left)))
                    } else {
                        None
                    };
                    said.map(|(id, tone, words)| view! {
                        <div class="alert" data-tone=tone id=id>
                            <p class="alert-body">{words}</p>
                            <div class="alert-actions"><a class="button" href=href>"从合同更新"</a></div>
                        </div>
                    })
                })
            }}
        </Suspense>
    }
}

/// Why 「提交」 waits until the page is read anew.
pub const BEHIND: &str = "同事也修改了本年度数据（或您在另一窗口修改过），本页还没有显示。请先刷新页面，核对后再提交";

/// The element that says it.
pub const BEHIND_NOTE: &str = "behind-note";

/// Says that someone else has changed what the page still shows as it was; nothing while nobody has.
#[component]
pub fn BehindNote(sheet: Sheet) -> impl IntoView {
    let is_behind = Memo::new(move |_| sheet.saver.is_behind());
    // What is not stored lies in the browser and is offered again; leaving asks.
    let reload = move |_| {
        sheet.flush();
        let _ = window().location().reload();
    };
    move || {
        is_behind.get().then(|| {
            view! {
                <div class="alert" data-tone="warn" role="alert" id=BEHIND_NOTE tabindex="-1">
                    <p class="alert-body">{BEHIND}"。"</p>
                    <div class="alert-actions"><button class="button" type="button" on:click=reload>"刷新页面"</button></div>
                </div>
            }
        })
    }
}
