//! Step ①「基本信息」 (C2, C3).

use super::super::seen::Unsaved;
use super::Draft;
use crate::domain::announcement::status::PublishMode;
use crate::domain::calendar::{Day, Moment};
use crate::domain::organisation::District;
use crate::ui::Field;
use leptos::prelude::*;

/// 行政区划, 发布类型, 发布时间, 公告截止时间.
#[component]
pub fn BasicsPanel(draft: Draft) -> impl IntoView {
    let start = draft.basics.get_untracked();
    let timed = RwSignal::new(start.mode.at().is_some());
    let time = RwSignal::new(start.mode.at().map(Moment::local_input).unwrap_or_default());
    let time_error = RwSignal::new(None::<String>);
    let end = RwSignal::new(start.expires_on.map(|day| day.to_string()).unwrap_or_default());
    let end_error = RwSignal::new(None::<String>);
    let store = move || draft.saver.note(Unsaved { basics: Some(draft.basics.get_untracked()), ..Unsaved::default() });
    let take_mode = move || {
        let mode = if !timed.get_untracked() {
            Some(PublishMode::OnApproval)
        } else {
            Moment::parse_local(&time.get_untracked()).ok().map(PublishMode::At)
        };
        let Some(mode) = mode else {
            time_error.set(Some("请填写发布时间，精确到秒，如 2026-03-15 09:00:00".to_owned()));
            return;
        };
        let is_past = draft.read.with_value(|read| mode.at().is_some_and(|at| at <= read.now));
        time_error.set(is_past.then(|| "发布时间已经过去；提交时须为将来的时间".to_owned()));
        draft.basics.update(|basics| basics.mode = mode);
        store();
    };
    let choose_mode = move |is_timed: bool| {
        timed.set(is_timed);
        take_mode();
    };
    let take_end = move |text: String| {
        end.set(text.clone());
        let day = if text.is_empty() { Ok(None) } else { Day::parse(&text).map(Some) };
        match day {
            Ok(day) => {
                end_error.set(None);
                draft.basics.update(|basics| basics.expires_on = day);
                store();
            }
            Err(error) => end_error.set(Some(error.to_string())),
        }
    };
    let choose_district = move |event| {
        if let Ok(district) = District::parse(&event_target_value(&event)) {
            draft.basics.update(|basics| basics.district = district);
            store();
        }
    };
    let district = move || draft.basics.with(|basics| basics.district);
    view! {
        <section class="panel" aria-labelledby="basics-title">
            <header class="panel-head"><h2 id="basics-title">"基本信息"</h2></header>
            <div class="panel-body">
                <form class="form" data-columns="" on:submit=|event| event.prevent_default()>
                    <Field id="district" label="行政区划" required=true let:control>
                        <select class="select" id=control.id on:change=choose_district>
                            {District::all().map(|each| view! { <option value=each.code() selected=move || district() == each>{each.name()}</option> }).collect_view()}
                        </select>
                    </Field>
                    <fieldset class="field">
                        <legend class="field-label">"发布类型"</legend>
                        <div class="choices">
                            <label class="choice"><input type="radio" name="mode" prop:checked=move || !timed.get() on:change=move |_| choose_mode(false) />"审核完成发布"</label>
                            <label class="choice"><input type="radio" name="mode" prop:checked=timed on:change=move |_| choose_mode(true) />"定时发布"</label>
                        </div>
                    </fieldset>
                    <div hidden=move || !timed.get()>
                        <Field id="publish-at" label="发布时间" hint="北京时间，精确到秒；到时自动发布" error=time_error let:control>
                            <input
                                class="input"
                                id=control.id
                                type="datetime-local"
                                step="1"
                                prop:value=time
                                aria-describedby=control.described_by
                                aria-invalid=move || control.invalid.get().then_some("true")
                                on:change=move |event| { time.set(event_target_value(&event)); take_mode(); }
                            />
                        </Field>
                    </div>
                    <Field id="expires-on" label="公告截止时间" hint="可不填；到当日结束，之后公告不再列入门户的当前列表" error=end_error let:control>
                        <input
                            class="input"
                            id=control.id
                            type="date"
                            prop:value=end
                            aria-describedby=control.described_by
                            aria-invalid=move || control.invalid.get().then_some("true")
                            on:change=move |event| take_end(event_target_value(&event))
                        />
                    </Field>
                </form>
            </div>
        </section>
    }
}
