//! Under the editor: the template that the announcement took, 「重新套用模板」, and 「套用新模板」 where another one serves by now.

use super::super::seen::OfferedTemplate;
use super::super::templates::api::{TemplateChoice, apply_notice_template};
use super::Draft;
use crate::app::Tell;
use crate::domain::announcement::document::Document;
use crate::domain::announcement::template::filled;
use crate::error::AppError;
use crate::ui::Confirm;
use leptos::prelude::*;

/// The line under the editor; `replace` puts another text into it and saves that.
#[component]
pub fn TemplateFoot(draft: Draft, replace: Callback<String>) -> impl IntoView {
    let (label, newer) = draft.read(|read| (read.template.label(), read.template.newer.clone()));
    let asking = RwSignal::new(false);
    let start_again = move |()| {
        // It was stored by the server, which reads what it stores; without it nothing is replaced.
        if let Ok(template) = Document::parse(&draft.read(|read| read.template.document.clone())) {
            replace.run(draft.figures.with_untracked(|figures| filled(&template, figures).to_json().to_string()));
        }
    };
    let consequence = format!("正文将换成本公告创建时采用的模板「{label}」，已写的内容会被替换；可以在编辑器中用「撤销」找回。");
    view! {
        <span class="quiet small">{format!("公告模板：{label}")}</span>
        <button class="button" data-kind="text" type="button" on:click=move |_| asking.set(true)>"重新套用模板"</button>
        {newer.map(|newer| view! { <NewTemplate draft newer /> })}
        <Confirm open=asking question="重新套用模板？" consequence=consequence on_confirm=start_again />
    }
}

/// 「套用新模板」.
#[component]
fn NewTemplate(draft: Draft, newer: OfferedTemplate) -> impl IntoView {
    let tell = expect_context::<Tell>();
    let asking = RwSignal::new(false);
    let label = newer.label();
    let consequence =
        format!("公告标题和正文将换成现行模板「{label}」，已写的内容会被替换。替换前的内容保留为一个历史版本，可以从「历史版本」恢复。");
    let done = format!("已套用模板「{label}」；替换前的内容可以从「历史版本」恢复");
    let apply = move |()| {
        let (newer, done) = (newer.clone(), done.clone());
        draft.saver.then(move |version| async move {
            let OfferedTemplate { template, number, .. } = newer;
            let applied = match version {
                Ok(version) => apply_notice_template(TemplateChoice { id: draft.id(), version, template, number }).await,
                Err(error) => Err(error),
            };
            match applied {
                Ok(saved) => {
                    tell.ok(done);
                    draft.changed().notify();
                    Some(saved)
                }
                Err(error) => {
                    if matches!(error, AppError::Conflict(_)) {
                        draft.catch_up();
                    }
                    tell.bad(error.to_string());
                    None
                }
            }
        });
    };
    view! {
        <button class="button" data-kind="text" type="button" on:click=move |_| asking.set(true)>{format!("套用新模板：{label}")}</button>
        <Confirm open=asking question="套用新模板？" consequence=consequence on_confirm=apply />
    }
}
