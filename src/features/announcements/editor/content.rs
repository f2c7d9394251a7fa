//! Step ②「公告内容」: the sums, the announcement's own lines, 备注, and whose records are missing (C1, C4, C5).

use super::super::seen::{Missing, Unsaved};
use super::Draft;
use super::corrected::{RowMark, news_of};
use super::lines::{CellField, Faults, faults, stand_over};
use super::reason_bar::WaitingBar;
use super::sheet::LineSheet;
use super::sheet_table::SheetPanel;
use super::units::{ReadyNote, UnitsPanel};
use super::waiting::finishes;
use crate::app::Tell;
use crate::domain::announcement::REMARK_MAX;
use crate::domain::announcement::line::{AnnouncementLine, LineCell, LineChange};
use crate::domain::announcement::stale::RowNews;
use crate::domain::money::Ratio;
use crate::error::AppError;
use crate::ui::{Dialog, Field, Problem, Room, TableWrap, Textarea};
use leptos::prelude::*;

/// Reasons that are often given.
const PHRASES: [&str; 2] = [
    "按照本办法规定预留采购份额无法确保充分供应、充分竞争，或者存在可能影响政府采购目标实现的情形",
    "改进措施：细化采购包，扩大面向中小企业预留的项目范围",
];

/// What is asked before a line is changed.
#[derive(Clone, Copy)]
struct Asked {
    draft: Draft,
    open: RwSignal<bool>,
    line: RwSignal<Option<AnnouncementLine>>,
    removes: RwSignal<bool>,
    problem: RwSignal<Option<AppError>>,
    /// What is wrong in the browser's eyes: field and words.
    faults: RwSignal<Faults>,
    pending: RwSignal<bool>,
}

impl Asked {
    /// Asks about a line.
    fn ask(self, line: &AnnouncementLine, removes: bool) {
        self.problem.set(None);
        self.faults.set(Vec::new());
        self.line.set(Some(line.clone()));
        self.removes.set(removes);
        self.open.set(true);
    }
}

/// The step.
#[component]
pub fn ContentPanel(draft: Draft) -> impl IntoView {
    let tell = expect_context::<Tell>();
    let asked = Asked {
        draft,
        open: RwSignal::new(false),
        line: RwSignal::new(None),
        removes: RwSignal::new(false),
        problem: RwSignal::new(None),
        faults: RwSignal::new(Vec::new()),
        pending: RwSignal::new(false),
    };
    let change = move |line: AnnouncementLine, change: LineChange, reason: String| {
        asked.problem.set(None);
        asked.pending.set(true);
        draft.change_line(line, change, reason, move |result| {
            asked.pending.set(false);
            match result {
                Ok(()) => asked.open.set(false),
                Err(error) if asked.open.get_untracked() => asked.problem.set(Some(error)),
                Err(error) => tell.bad(error.to_string()),
            }
        });
    };
    let change = Callback::new(move |(line, what, reason)| change(line, what, reason));
    let removing = Callback::new(move |line: AnnouncementLine| asked.ask(&line, true));
    let sheet = LineSheet::new(draft, removing);
    draft.tell_when_left();
    let is_sheet = draft.reasons().is_sheet;
    view! {
        {move || view! { <Lacking missing=draft.missing.get() /> }}
        <ReadyNote draft />
        <section class="panel" aria-labelledby="sums-title">
            <header class="panel-head">
                <h2 id="sums-title">"公告内容"</h2>
                <div class="panel-actions">
                    <div class="segmented" role="group" aria-label="明细的样式">
                        <button type="button" aria-pressed=move || (!is_sheet.get()).to_string() on:click=move |_| is_sheet.set(false)>"列表"</button>
                        <button type="button" aria-pressed=move || is_sheet.get().to_string() on:click=move |_| is_sheet.set(true)>"电子表格"</button>
                    </div>
                </div>
            </header>
            <Sums draft />
            {move || if is_sheet.get() { view! { <SheetPanel sheet /> }.into_any() } else { view! {
            <TableWrap name="公告明细">
                <table class="data" data-cards="">
                    <Head editable=true />
                    <tbody>
                        <For each=move || (1_usize..).zip(draft.lines.get()) key=|(number, line)| (*number, line.id.clone(), line.values.clone(), line.is_removed, line.reason.clone()) let:row>
                            <Line number=row.0 news=draft.held.with_untracked(|held| news_of(held, &row.1.id)) line=row.1 asked change />
                        </For>
                    </tbody>
                </table>
            </TableWrap>
            }.into_any() }}
            <WaitingBar sheet />
        </section>
        <UnitsPanel draft />
        <Remark draft />
        <LineDialog asked change />
    }
}

/// 面向中小企业采购金额, 面向小微企业采购金额, 占比: always the sums of the lines, with what is typed and waits.
#[component]
fn Sums(draft: Draft) -> impl IntoView {
    let sums = Memo::new(move |_| draft.waiting.with(|waiting| draft.lines.with(|lines| waiting.totals(lines))));
    let waits = Memo::new(move |_| draft.waiting.with(|waiting| draft.lines.with(|lines| (waiting.len(), waiting.troubled(lines).0))));
    let said = move || match waits.get() {
        (0, _) => None,
        (waits, 0) => Some(format!("合计已含 {waits} 行未保存的修改")),
        (waits, faulty) => Some(format!("合计已含 {waits} 行未保存的修改，其中 {faulty} 行须改正，仍按已保存的数计")),
    };
    view! {
        <dl class="figures" aria-live="polite">
            <div class="figure"><dt>"面向中小企业采购金额(万元)"</dt><dd>{move || sums.get().0.wan()}</dd></div>
            <div class="figure"><dt>"面向小微企业采购金额(万元)"</dt><dd>{move || sums.get().1.wan()}</dd></div>
            <div class="figure"><dt>"占比(%)"</dt><dd>{move || { let (sme, small) = sums.get(); Ratio::of(small, sme).to_string() }}</dd></div>
            <div class="figure"><dt>"项目"</dt><dd>{move || draft.figures.with(|figures| figures.lines.len().to_string())}</dd></div>
        </dl>
        {move || said().map(|said| view! { <p class="figures-note small">{said}</p> })}
    }
}

/// Whose records are missing.
#[component]
pub fn Lacking(missing: Vec<Missing>) -> impl IntoView {
    let lacking = missing.iter().filter(|missing| missing.ready.is_none());
    let lacking: Vec<String> = lacking.map(|missing| format!("{}（{}）", missing.unit_name, missing.state)).collect();
    (!lacking.is_empty()).then(|| view! {
        <div class="alert" data-tone="warn"><p class="alert-body">{format!("以下单位缺少审核完成的年度数据，未计入本公告：{}", lacking.join("、"))}</p></div>
    })
}

/// The head of the lines.
#[component]
pub fn Head(editable: bool) -> impl IntoView {
    view! {
        <thead>
            <tr>
                <th scope="col">"序号"</th>
                <th scope="col">"项目名称"</th>
                <th scope="col">"采购单位名称"</th>
                <th scope="col">"预留选项"</th>
                <th scope="col" class="num">"预留比例(%)"</th>
                <th scope="col" class="num">"面向中小企业采购金额(万元)"</th>
                <th scope="col" class="num">"面向小微企业采购金额(万元)"</th>
                <th scope="col">"合同链接"</th>
                {editable.then(|| view! { <th scope="col" class="ops">"操作"</th> })}
            </tr>
        </thead>
    }
}

/// The cells of a line, without its operations.
#[component]
pub fn Cells(number: usize, line: AnnouncementLine, news: Option<RowNews>) -> impl IntoView {
    let or_dash = |text: String| if text.is_empty() { "-".to_owned() } else { text };
    // What differs from the approved record stands beside what was approved.
    let text = |cell| {
        let (before, after) = (line.approved.text(cell), or_dash(line.values.text(cell)));
        if line.is_removed || before == line.values.text(cell) {
            after.into_any()
        } else {
            view! { <span class="diff-pair"><del>{or_dash(before)}</del>" "<ins>{after}</ins></span> }.into_any()
        }
    };
    let mark = match (line.is_removed, line.is_changed()) {
        (true, _) => Some(view! { <span class="chip" data-tone="bad">"已删除"</span> }),
        (false, true) => Some(view! { <span class="chip" data-tone="warn">"已修改"</span> }),
        (false, false) => None,
    };
    let note = (!line.reason.is_empty()).then(|| format!("理由：{}", line.reason));
    let link = line.values.url.clone();
    view! {
        <td data-label="序号">{number}</td>
        <td class="row-title" data-label="项目名称">{text(LineCell::ProjectName)}" "{mark}{note.map(|note| view! { <div class="quiet small">{note}</div> })}{news.map(|news| view! { <RowMark news /> })}</td>
        <td data-label="采购单位名称">{line.unit_name.clone()}</td>
        <td data-label="预留选项">{text(LineCell::Measure)}</td>
        <td class="num" data-label="预留比例(%)">{text(LineCell::Percent)}</td>
        <td class="num" data-label="面向中小企业采购金额(万元)">{text(LineCell::Sme)}</td>
        <td class="num" data-label="面向小微企业采购金额(万元)">{text(LineCell::SmallMicro)}</td>
        <td data-label="合同链接">{match link {
            Some(link) => view! { <a href=link target="_blank" rel="external noopener noreferrer nofollow">"查看合同"</a> }.into_any(),
            None => "-".into_any(),
        }}</td>
    }
}

#[component]
fn Line(
    number: usize,
    line: AnnouncementLine,
    news: Option<RowNews>,
    asked: Asked,
    change: Callback<(AnnouncementLine, LineChange, String)>,
) -> impl IntoView {
    let name = line.values.project_name.clone();
    let (seen, is_removed, is_changed) = (line.clone(), line.is_removed, line.is_changed());
    let ask = {
        let line = line.clone();
        move |removes: bool| asked.ask(&line, removes)
    };
    let (edit, remove) = (ask.clone(), ask);
    let state = if is_removed { Some("conflict") } else { is_changed.then_some("changed") };
    view! {
        <tr data-row=state>
            <Cells number line news />
            <td class="ops" data-label="操作">
                {(!is_removed).then(|| view! { <button type="button" aria-label=format!("编辑：{name}") on:click=move |_| edit(false)>"编辑"</button> })}
                {(!is_removed).then(|| view! { <button type="button" data-tone="bad" aria-label=format!("删除：{name}") on:click=move |_| remove(true)>"删除"</button> })}
                {is_changed.then(|| view! { <button type="button" aria-label=format!("恢复：{name}") on:click=move |_| change.run((seen.clone(), LineChange::Restore, String::new()))>"恢复"</button> })}
            </td>
        </tr>
    }
}

/// 「编辑」 of a line, or 「删除」 from the announcement; either asks for a reason.
#[component]
fn LineDialog(asked: Asked, change: Callback<(AnnouncementLine, LineChange, String)>) -> impl IntoView {
    // However it was closed: what it held is stored, or was let go.
    Effect::new(move || {
        if let (false, Some(line)) = (asked.open.get(), asked.line.get_untracked()) {
            asked.draft.let_form_go(&line.id);
        }
    });
    let title = Signal::derive(move || if asked.removes.get() { "从公告中删除该行".to_owned() } else { "编辑明细行".to_owned() });
    view! {
        <Dialog open=asked.open title size="wide">
            {move || asked.line.get().map(|line| view! { <LineForm line asked change /> })}
        </Dialog>
    }
}

#[component]
fn LineForm(line: AnnouncementLine, asked: Asked, change: Callback<(AnnouncementLine, LineChange, String)>) -> impl IntoView {
    let typed = RwSignal::new(line.values.draft());
    let reason = RwSignal::new(asked.draft.reason_of(&line));
    let removes = asked.removes.get_untracked();
    let at = move |field: &'static str| {
        let here = move || asked.faults.with(|faults| faults.iter().find(|(at, _)| *at == field).map(|(_, words)| words.clone()));
        let server = move || asked.problem.with(|problem| problem.as_ref().and_then(|error| error.at_field(field)));
        Signal::derive(move || here().or_else(server))
    };
    let general = move || {
        asked
            .problem
            .get()
            .filter(|error| !matches!(error, AppError::InvalidField { .. }))
            .map(|error| view! { <Problem message=error.to_string() /> })
    };
    let before = StoredValue::new(line.clone());
    asked.draft.keep_form(before, typed, reason);
    Effect::new(move || {
        if asked.problem.with(|problem| matches!(problem, Some(AppError::Conflict(_)))) {
            stand_over(asked.draft, before, typed);
        }
    });
    let finish = move || {
        let what = if removes { LineChange::Remove } else { LineChange::Edit(typed.get_untracked()) };
        // The browser shows the very findings that the server would have, all of them.
        asked.problem.set(None);
        let found = before.with_value(|line| faults(line, &what, &reason.get_untracked()));
        let is_fine = found.is_empty();
        asked.faults.set(found);
        if is_fine {
            change.run((before.get_value(), what, reason.get_untracked()));
        }
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        finish();
    };
    let key = move |event: leptos::ev::KeyboardEvent| {
        if finishes(&event) {
            event.prevent_default();
            finish();
        }
    };
    view! {
        <form on:submit=submit on:keydown=key novalidate>
            <div class="dialog-body stack">
                {general}
                <p class="quiet">"只改本公告中的内容，审核完成的年度数据不变；审核人会看到修改前后的差别和理由。"</p>
                {if removes {
                    view! { <p class="strong">{line.values.project_name.clone()}</p> }.into_any()
                } else {
                    view! {
                        <div class="form" data-columns="">{LineCell::ALL.into_iter().map(|cell| view! { <CellField place="line" cell typed error=at(cell.code()) /> }).collect_view()}</div>
                    }.into_any()
                }}
                <Field id="reason" label="修改理由" hint="Ctrl+Enter 确定，Esc 取消" required=true error=at("reason") let:control>
                    <Textarea id=control.id value=reason on_input=move |text| reason.set(text) rows=3 maxlength=500 described_by=control.described_by invalid=control.invalid autofocus=removes />
                </Field>
            </div>
            <div class="dialog-foot">
                <button class="button" type="button" on:click=move |_| asked.open.set(false)>"取消"</button>
                <button class="button" data-kind="primary" type="submit" disabled=asked.pending aria-busy=move || asked.pending.get().to_string()>"确定"</button>
            </div>
        </form>
    }
}

/// 「备注」: why the reserved share was not reached, and what will be done (C5).
#[component]
fn Remark(draft: Draft) -> impl IntoView {
    let typed = move |text: String| {
        draft.remark.set(text.clone());
        draft.saver.note(Unsaved { remark: Some(text), ..Unsaved::default() });
    };
    view! {
        <section class="panel" aria-labelledby="remark-title">
            <header class="panel-head"><h2 id="remark-title">"备注"</h2><span class="panel-note">"未达到预留份额的原因和改进措施；在正文中由数据项「备注」显示"</span></header>
            <div class="panel-body stack">
                <label class="visually-hidden" for="remark">"备注"</label>
                <Textarea id="remark" value=draft.remark on_input=typed rows=5 maxlength=u32::try_from(REMARK_MAX).unwrap_or(u32::MAX) described_by=Signal::stored(Some("remark-room".to_owned())) />
                <Room id="remark-room" text=draft.remark max=REMARK_MAX />
                <div class="row">
                    <span class="quiet small">"常用："</span>
                    {PHRASES.into_iter().map(|phrase| view! {
                        <button class="button" data-kind="text" type="button" on:click=move |_| typed(joined(&draft.remark.get_untracked(), phrase))>{phrase}</button>
                    }).collect_view()}
                </div>
            </div>
        </section>
    }
}

fn joined(text: &str, phrase: &str) -> String {
    if text.trim().is_empty() { phrase.to_owned() } else { format!("{}\n{phrase}", text.trim_end()) }
}
