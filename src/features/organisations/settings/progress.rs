//! 「门户公示」: from which year on the portal says which units of the 主管 have published and which have not.

use super::super::api::{ProgressChoice, ProgressSetting, choose_progress};
use super::panel::{Choice, Panel};
use crate::domain::calendar::Year;
use leptos::prelude::*;

/// The form.
#[component]
pub fn Form(
    /// As it is.
    setting: ProgressSetting,
    /// Told when it was saved.
    changed: Callback<()>,
) -> impl IntoView {
    let ProgressSetting { from: current, version, years } = setting;
    let choice = Choice::new(current, "门户公示已保存", changed, move |from| choose_progress(ProgressChoice { from, version }));
    let choose = move |event| choice.chosen.set(Year::parse(&event_target_value(&event)));
    let options = years
        .into_iter()
        .map(|year| view! { <option value=year.to_string() selected=current == Some(year)>{format!("自 {year} 年度起公示")}</option> })
        .collect_view();
    view! {
        <Panel id="progress" title="门户公示" choice>
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
        </Panel>
    }
}
