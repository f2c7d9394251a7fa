//! The page of one announcement: four steps for those who edit, one screen for those who review or look.

mod basics;
mod content;
mod corrected;
mod corrections;
mod disputes;
mod files;
pub(super) mod frame;
mod inline;
mod left_lines;
mod lines;
mod moves;
mod news;
mod notes;
mod obstacles;
mod outbox;
mod presence;
mod reading;
mod reason_bar;
mod rehearsal;
pub(super) mod rich;
mod saving;
mod sheet;
mod sheet_table;
mod steps;
mod template;
mod text;
mod units;
mod upload;
mod uploads;
mod waiting;
mod why;

use super::api::read_announcement;
use super::list::tone;
use super::seen::{Announcement, Attachment, Basics, Held, Missing, Unsaved, Which};
use crate::app::{Tell, missing, paths};
use crate::domain::announcement::document::Document;
use crate::domain::announcement::figures::Figures;
use crate::domain::announcement::line::AnnouncementLine;
use crate::domain::announcement::number;
use crate::domain::announcement::part::Part;
use crate::domain::announcement::status::AnnouncementStatus;
use crate::domain::announcement::waiting::Waiting;
use crate::domain::ids::AnnouncementId;
use crate::domain::kept::Entry;
use crate::error::AppError;
use crate::features::approvals::progress::Progress;
use crate::ui::{Again, StatusPill};
use basics::BasicsForm;
use corrected::Corrected;
use corrections::CorrectionNotes;
use disputes::Disputes;
use left_lines::LeftLines;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;
use moves::{Dialogs, Moves};
use news::{JoinedNews, News};
use notes::{LeftBehind, SaveTrouble, SavedNote, StateNote};
use obstacles::{Obstacles, ask_to_submit, focus_soon, stay_in_sight};
use outbox::as_fields;
use presence::Presence;
use reading::Reading;
use rehearsal::RehearsalPanel;
use rich::Slot;
use saving::{PageSide, Saver};
use steps::Steps;
use waiting::Reasons;
use why::Why;

/// The announcement as it stands on the screen, with what is typed and not stored yet.
#[derive(Clone, Copy)]
struct Draft {
    page: StoredValue<Standing>,
    number: RwSignal<Option<String>>,
    title: RwSignal<String>,
    basics: RwSignal<Basics>,
    remark: RwSignal<String>,
    document: RwSignal<Option<String>>,
    lines: RwSignal<Vec<AnnouncementLine>>,
    files: RwSignal<Vec<Attachment>>,
    /// The records that it holds.
    held: RwSignal<Vec<Held>>,
    /// The units that are not in it.
    missing: RwSignal<Vec<Missing>>,
    /// Changes of lines that wait for their reason.
    waiting: RwSignal<Waiting>,
    figures: Memo<Figures>,
    saver: Saver,
    /// The open editor of 正文.
    rich: Slot,
}

/// What the page began with, and what of it is not stored anywhere.
struct Standing {
    /// As it was read.
    read: Announcement,
    /// The times of 「基本信息」 as they are typed.
    form: BasicsForm,
    /// The step on the screen.
    step: RwSignal<usize>,
    /// Says that 操作日志 has grown.
    logged: Again,
    /// Says that the page must be read anew.
    changed: Again,
    /// The reasons for changes of lines, as far as they are given.
    reasons: Reasons,
    /// What others have changed on the page.
    news: News,
}

impl Draft {
    fn new(read: Announcement, changed: Again) -> Draft {
        let (remark, lines, basics) =
            (RwSignal::new(read.remark.clone()), RwSignal::new(read.lines.clone()), RwSignal::new(read.basics.clone()));
        let saver = Saver::new(&read);
        let (number, title) = (RwSignal::new(read.number.clone()), RwSignal::new(read.title.clone()));
        let (document, files) = (RwSignal::new(read.document.clone()), RwSignal::new(read.files.clone()));
        let (held, missing) = (RwSignal::new(read.held.clone()), RwSignal::new(read.missing.clone()));
        let waiting = RwSignal::new(Waiting::default());
        let form = BasicsForm::new(&read.basics, read.now);
        let step = RwSignal::new(if read.document.is_some() { 4 } else { 1 });
        let page =
            StoredValue::new(Standing { read, form, step, logged: Again::new(), changed, reasons: Reasons::new(), news: News::new() });
        let figures = Memo::new(move |_| {
            page.with_value(|page| lines.with(|lines| page.read.figures_with(&remark.get(), lines, basics.with(|basics| basics.mode))))
        });
        let draft = Draft {
            page,
            number,
            title,
            basics,
            remark,
            document,
            lines,
            files,
            held,
            missing,
            waiting,
            figures,
            saver,
            rich: Slot::new(),
        };
        saver.on_read(PageSide {
            flush: Callback::new(move |()| draft.flush()),
            show: Callback::new(move |(comes, read): (Unsaved, Announcement)| draft.join(comes, read)),
        });
        draft
    }

    /// Looks what others have changed meanwhile.
    fn catch_up(self) {
        self.saver.catch_up();
    }

    /// Takes what stands in the editor and was not reported yet: the last tenth of a second of typing.
    fn flush(self) {
        let Some(json) = self.rich.json() else { return };
        let is_new = self.document.with_untracked(|known| known.as_deref().is_some_and(|known| !Document::same(known, &json)));
        if is_new {
            self.document.set(Some(json.clone()));
            self.saver.note(Unsaved { document: Some(json), ..Unsaved::default() });
        }
    }

    /// Brings what others have changed onto the page, and says so.
    fn join(self, comes: Unsaved, read: Announcement) {
        let parts: Vec<&'static str> = Part::ALL.into_iter().filter(|part| comes.names(*part)).map(Part::label).collect();
        let has_other = self.lines.with_untracked(|lines| *lines != read.lines)
            || self.files.with_untracked(|files| *files != read.files)
            || self.held.with_untracked(|held| *held != read.held);
        self.news().came(&parts, has_other);
        self.show(comes);
        if self.lines.with_untracked(|lines| *lines != read.lines) {
            self.lines.set(read.lines);
            self.settle(None);
        }
        if self.files.with_untracked(|files| *files != read.files) {
            self.files.set(read.files);
        }
        if self.held.with_untracked(|held| *held != read.held) {
            self.held.set(read.held);
            // 「补入」 and 「移出」 lead there, and the lines above have just become more or fewer.
            stay_in_sight("units");
        }
        if self.missing.with_untracked(|missing| *missing != read.missing) {
            self.missing.set(read.missing);
        }
        if self.number.with_untracked(|number| *number != read.number) {
            self.number.set(read.number);
        }
    }

    /// Puts these parts onto the page, without saving them.
    fn show(self, parts: Unsaved) {
        if let Some(basics) = parts.basics {
            self.form().show(&basics);
            self.basics.set(basics);
        }
        if let Some(title) = parts.title {
            self.title.set(title);
        }
        if let Some(remark) = parts.remark {
            self.remark.set(remark);
        }
        if let Some(json) = parts.document {
            self.rich.with(|rich| rich.set_document(&json));
            self.document.set(Some(json));
        }
    }

    fn read<T>(&self, of: impl FnOnce(&Announcement) -> T) -> T {
        self.page.with_value(|page| of(&page.read))
    }

    fn form(&self) -> BasicsForm {
        self.page.with_value(|page| page.form)
    }

    fn step(&self) -> RwSignal<usize> {
        self.page.with_value(|page| page.step)
    }

    fn news(&self) -> News {
        self.page.with_value(|page| page.news)
    }

    fn logged(&self) -> Again {
        self.page.with_value(|page| page.logged)
    }

    fn changed(&self) -> Again {
        self.page.with_value(|page| page.changed)
    }

    fn id(&self) -> AnnouncementId {
        self.read(|read| read.id.clone())
    }

    fn is_generated(&self) -> bool {
        self.number.with(Option::is_some) && self.document.with(Option::is_some)
    }

    /// Whether the number is of another district than the one chosen.
    fn needs_number(&self) -> bool {
        let district = self.basics.with(|basics| basics.district);
        self.number.with(|given| given.as_deref().is_some_and(|given| !number::is_of(given, district)))
    }

    /// Whether the screen shows exactly what an earlier visit kept.
    fn shows(self, entry: &Entry) -> bool {
        let (title, remark, document) =
            (Some(self.title.get_untracked()), Some(self.remark.get_untracked()), self.document.get_untracked());
        let shown = as_fields(&Unsaved { basics: Some(self.basics.get_untracked()), title, remark, document });
        shown.get(&entry.field) == Some(&entry.text)
    }

    /// Puts what an earlier visit typed onto the screen and stores it.
    fn take_over(self, mut unsaved: Unsaved) {
        if self.document.with_untracked(Option::is_none) {
            unsaved.document = None;
        }
        self.show(unsaved.clone());
        self.saver.note(unsaved);
    }
}

/// The head of the page.
pub const HEADING: &str = "announcement-heading";

/// The page.
#[component]
pub fn AnnouncementPage() -> impl IntoView {
    let id = missing::use_id(AnnouncementId::parse);
    let changed = Again::new();
    let moved = RwSignal::new(false);
    let announcement = Resource::new(
        move || (changed.count(), id.get()),
        |(_, id)| async move {
            match id {
                Some(id) => read_announcement(Which { id }).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    view! {
        <Transition fallback=|| view! { <p class="loading" aria-busy="true">"正在读取…"</p> }>
            {move || Suspend::new(async move {
                match announcement.await {
                    Err(error) => view! { <missing::Failed title="公告" error /> }.into_any(),
                    Ok(read) => view! { <Body read changed moved /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Body(read: Announcement, changed: Again, moved: RwSignal<bool>) -> impl IntoView {
    // The button that was pressed is gone with the state that it belonged to: the focus goes to the head, which says the new one.
    Effect::new(move || {
        if moved.get_untracked() {
            moved.set(false);
            focus_soon(HEADING);
        }
    });
    let heading = format!("{} 年度公告", read.year.number());
    let title = if read.title.is_empty() { heading.clone() } else { read.title.clone() };
    let (status, allowed) = (read.status.clone(), read.allowed);
    let public = read.number.clone().filter(|_| status.is_public());
    let draft = Draft::new(read.clone(), changed);
    let dialogs = Dialogs::new();
    let is_rehearsed = matches!(status, AnnouncementStatus::InReview | AnnouncementStatus::Scheduled(_));
    dialogs.open_as_asked(allowed);
    let words = move || {
        let (mode, is_generated) = (draft.basics.with(|basics| basics.mode), draft.is_generated());
        draft.read(|read| read.outlook(mode, is_generated).sentence())
    };
    let is_asked = RwSignal::new(false);
    let can_agree = read.holds.is_empty() || read.status.revoking().is_some();
    let tell = expect_context::<Tell>();
    view! {
        <Title text=title />
        <nav aria-label="位置"><ol class="breadcrumb"><li><a href=paths::ANNOUNCEMENTS>"公告列表"</a></li><li aria-current="page">{if allowed.edit { "编辑公告" } else { "查看公告" }}</li></ol></nav>
        <header class="page-head">
            <a class="page-back" href=paths::ANNOUNCEMENTS aria-label="返回公告列表">"‹"</a>
            <h1 id=HEADING tabindex="-1">{heading}</h1>
            <StatusPill label=status.label() tone=tone(&status) />
            {read.number.clone().filter(|_| !allowed.edit).map(|number| view! { <span class="chip nowrap">{format!("公告编号 {number}")}</span> })}
            <span class="page-note">{words}</span>
            {allowed.edit.then(|| view! { <Presence draft /> })}
            <div class="page-actions">
                {allowed.edit.then(|| view! { <SavedNote saver=draft.saver /> })}
                <a class="button" data-kind="text" href=paths::announcement_versions(&read.id)>"历史版本"</a>
                {public.map(|number| view! { <a class="button" href=paths::published(&number) rel="external">"查看门户页面"</a> })}
                {allowed.withdraw.then(|| view! { <button class="button" type="button" on:click=move |_| dialogs.withdraw.set(true)>"撤回"</button> })}
                {allowed.correct.then(|| view! { <button class="button" type="button" on:click=move |_| dialogs.correct.set(true)>"更正"</button> })}
                {allowed.revoke.then(|| view! { <button class="button" data-kind="danger" type="button" on:click=move |_| dialogs.revoke.set(true)>"撤销"</button> })}
                {allowed.submit.then(|| view! { <button class="button" data-kind="primary" type="button" on:click=move |_| ask_to_submit(draft, tell, is_asked, dialogs.submit)>"提交"</button> })}
                {allowed.review.then(|| view! { <button class="button desktop-only" data-kind="primary" type="button" on:click=move |_| dialogs.open_review(can_agree)>"审核"</button> })}
            </div>
        </header>
        <StateNote status history=read.history.clone() />
        <CorrectionNotes read=read.clone() />
        {move || { draft.held.track(); view! { <Corrected draft /> } }}
        {allowed.edit.then(|| view! { <LeftBehind draft /> <LeftLines draft /> <SaveTrouble saver=draft.saver /> <JoinedNews draft /> <Disputes draft /> <Obstacles draft is_asked /> })}
        <div class="approve">
            {is_rehearsed.then(|| view! { <RehearsalPanel read=read.clone() draft dialogs /> })}
            {if allowed.edit { view! { <Steps draft /> }.into_any() } else { view! { <Reading read=read.clone() /> }.into_any() }}
            <Why draft />
            <Course read=read.clone() draft />
            {allowed.review.then(|| view! {
                <div class="approve-bar">
                    <button class="button" data-kind="danger" type="button" on:click=move |_| dialogs.open_review(false)>"不同意"</button>
                    <button class="button" data-kind="primary" type="button" on:click=move |_| dialogs.open_review(true)>"同意"</button>
                </div>
            })}
        </div>
        <Moves read draft dialogs changed moved />
    }
}

/// 流程进度 and 操作日志, which grows while one edits.
#[component]
fn Course(read: Announcement, draft: Draft) -> impl IntoView {
    let history = RwSignal::new(read.history);
    let (submitted, now) = (StoredValue::new(read.submitted), read.now);
    // The last round of approval was for the publication, or for taking it back.
    let goal =
        if read.status.revoking().is_some() || matches!(read.status, AnnouncementStatus::Revoked(_)) { "已撤销" } else { "已发布" };
    let is_reached = read.status.is_public() && read.status.revoking().is_none();
    let reached = read.status.at();
    Effect::new(move || {
        if draft.logged().count() > 0 {
            let id = draft.id();
            spawn_local(async move {
                // Without an answer the log stays as it was; the next change or visit brings it.
                if let Ok(read) = read_announcement(Which { id }).await {
                    history.try_set(read.history);
                }
            });
        }
    });
    move || view! { <Progress history=history.get() submitted=submitted.get_value() goal is_reached reached now /> }
}
