//! 「门户公示」: from which year on the portal says which units of the 主管 have published and which have not.

use super::super::api::{ProgressChoice, ProgressSetting, choose_progress};
use crate::app::Tell;
use crate::domain::calendar::Year;
use crate::error::AppError;
use crate::ui::Problem;
use leptos::prelude::*;

/// The form.
#[component]
pub fn Form(
    /// As it is.
    setting: ProgressSetting,
    /// Told when it was saved.
    changed: Callback<()>,
) -> impl IntoView {
    let tell = expect_context::<Tell>();
    let ProgressSetting { from: current, version, years } = setting;
    let chosen = RwSignal::new(current);
    let problem = RwSignal::new(None::<AppError>);
    let save = Action::new(move |choice: &ProgressChoice| {
        let choice = choice.clone();
        async move {
            match choose_progress(choice).await {
                Ok(()) => {
                    problem.set(None);
                    tell.ok("门户公示已保存");
                    changed.run(());
                }
                Err(error) => problem.set(Some(error)),
            }
        }
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        save.dispatch(ProgressChoice { from: chosen.get_untracked(), version });
    };
    let choose = move |event| {
        let year = event_target_value(&event).parse().ok().and_then(|year: i32| Year::try_from(year).ok());
        chosen.set(year);
    };
    let options = years
        .into_iter()
        .map(|year| view! { <option value=year.to_string() selected=current == Some(year)>{format!("自 {year} 年度起公示")}</option> })
        .collect_view();
    view! {
        <section class="panel" aria-labelledby="progress-title">
            <div class="panel-head"><h2 id="progress-title">"门户公示"</h2></div>
            <form class="form panel-body" on:submit=submit>
                {move || problem.get().map(|error| view! { <Problem message=error.to_string() /> })}
                <div class="field">
                    <label class="field-label" for="progress-from">"在门户的年度页面公示本部门的发布进度"</label>
                    <select class="select" id="progress-from" on:change=choose>
                        <option value="" selected=current.is_none()>"不公示（默认）"</option>
                        {options}
                    </select>
                </div>
                <ul class="small quiet">
                    <li>"公示后，任何人可以看到：本部门该年度的公告是否已经发布；已发布的，哪些单位已纳入公告、哪些未纳入。"</li>
                    <li>"未结束的年度不公示；不公示金额、审核情况和任何未发布的内容。"</li>
                    <li>"修改后一分钟内在门户生效，可随时取消。"</li>
                </ul>
                <div class="form-actions">
                    <button class="button" data-kind="primary" type="submit" disabled=move || save.pending().get() || chosen.get() == current>"保存"</button>
                </div>
            </form>
        </section>
    }
}
