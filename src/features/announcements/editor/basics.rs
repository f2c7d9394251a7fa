//! Step ①「基本信息」 (C2, C3).

use super::super::seen::{Basics, Unsaved};
use super::Draft;
use crate::domain::announcement::basics::{BasicsFault, end, ends_first, mode, past};
use crate::domain::announcement::status::PublishMode;
use crate::domain::calendar::{Day, Moment};
use crate::domain::organisation::District;
use crate::ui::Field;
use leptos::prelude::*;

/// The times as they are typed.
#[derive(Clone, Copy)]
pub struct BasicsForm {
    is_timed: RwSignal<bool>,
    time: RwSignal<String>,
    end: RwSignal<String>,
    now: Moment,
}

impl BasicsForm {
    /// As the page begins; `now` is when it was read.
    pub fn new(basics: &Basics, now: Moment) -> BasicsForm {
        let form = BasicsForm { is_timed: RwSignal::new(false), time: RwSignal::default(), end: RwSignal::default(), now };
        form.show(basics);
        form
    }

    /// Shows these values.
    pub fn show(self, basics: &Basics) {
        self.is_timed.set(basics.mode.at().is_some());
        self.time.set(basics.mode.at().map(Moment::local_input).unwrap_or_default());
        self.end.set(basics.expires_on.map(|day| day.to_string()).unwrap_or_default());
    }

    fn mode(self) -> Result<PublishMode, BasicsFault> {
        self.time.with(|time| mode(self.is_timed.get(), time))
    }

    fn end(self) -> Result<Option<Day>, BasicsFault> {
        self.end.with(|text| end(text))
    }

    /// What is typed and cannot be read.
    pub fn unread(self) -> Vec<BasicsFault> {
        [self.mode().err(), self.end().err()].into_iter().flatten().collect()
    }

    /// What is wrong with 发布时间.
    fn time_fault(self) -> Option<BasicsFault> {
        self.mode().map_or_else(Some, |mode| past(mode, self.now))
    }

    /// What is wrong with 公告截止时间; it is measured against today as long as 发布时间 cannot be read.
    fn end_fault(self) -> Option<BasicsFault> {
        let begins = self.mode().unwrap_or(PublishMode::OnApproval);
        self.end().map_or_else(Some, |end| ends_first(begins, end, self.now))
    }

    /// Whether anything would stop 「提交」.
    pub fn has_faults(self) -> bool {
        self.time_fault().is_some() || self.end_fault().is_some()
    }
}

/// 行政区划, 发布类型, 公告截止时间, 发布时间.
#[component]
pub fn BasicsPanel(draft: Draft) -> impl IntoView {
    let form = draft.form();
    let words = |fault: Option<BasicsFault>| fault.map(|fault| fault.to_string());
    let time_error = Memo::new(move |_| words(form.time_fault()));
    let end_error = Memo::new(move |_| words(form.end_fault()));
    // What can be read is stored, also where 「提交」 would refuse it.
    let take = move || {
        let (mode, end) = untrack(|| (form.mode(), form.end()));
        draft.basics.update(|basics| {
            basics.mode = mode.unwrap_or(basics.mode);
            basics.expires_on = end.unwrap_or(basics.expires_on);
        });
        draft.saver.note(Unsaved { basics: Some(draft.basics.get_untracked()), ..Unsaved::default() });
    };
    let choose_mode = move |is_timed: bool| {
        form.is_timed.set(is_timed);
        take();
    };
    let choose_district = move |event| {
        if let Ok(district) = District::parse(&event_target_value(&event)) {
            draft.basics.update(|basics| basics.district = district);
            take();
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
                            <label class="choice"><input type="radio" name="mode" prop:checked=move || !form.is_timed.get() on:change=move |_| choose_mode(false) />"审核完成发布"</label>
                            <label class="choice"><input type="radio" name="mode" prop:checked=form.is_timed on:change=move |_| choose_mode(true) />"定时发布"</label>
                        </div>
                    </fieldset>
                    <Field id="expires-on" label="公告截止时间" hint="可不填；到当日结束，之后公告不再列入门户的当前列表" error=end_error let:control>
                        <input
                            class="input"
                            id=control.id
                            type="date"
                            prop:value=form.end
                            aria-describedby=control.described_by
                            aria-invalid=move || control.invalid.get().then_some("true")
                            on:change=move |event| { form.end.set(event_target_value(&event)); take(); }
                        />
                    </Field>
                    <Field id="publish-at" label="发布时间" hint="定时发布时填写；北京时间，精确到秒，到时自动发布" error=time_error let:control>
                        <input
                            class="input"
                            id=control.id
                            type="datetime-local"
                            step="1"
                            prop:value=form.time
                            disabled=move || !form.is_timed.get()
                            aria-describedby=control.described_by
                            aria-invalid=move || control.invalid.get().then_some("true")
                            on:change=move |event| { form.time.set(event_target_value(&event)); take(); }
                        />
                    </Field>
                </form>
            </div>
        </section>
    }
}
