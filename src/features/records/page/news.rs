//! Says on a record's page that its contracts have changed since.

use super::super::api::RecordOnly;
use super::super::api::update::record_ledger_news;
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
                    (news.count > 0).then(|| {
                        let since = news.since.map_or_else(|| "生成以来".to_owned(), |at| format!("自 {} 以来", at.local_short()));
                        view! {
                            <div class="alert" data-tone="warn" id="ledger-news">
                                <p class="alert-body">{format!("合同台账{since}有变化，与本年度数据有 {} 处不同。", news.count)}</p>
                                <div class="alert-actions"><a class="button" href=href>"从合同更新"</a></div>
                            </div>
                        }
                    })
                })
            }}
        </Suspense>
    }
}
