//! The dialog of the page: 「剔除」, 「申请纳入」 and 「恢复」 ask for a reason before they are done.

use super::super::api::{ClaimInput, TakeOutInput, claim_in, take_out};
use super::files::{ACCEPT, chosen, send};
use crate::app::Tell;
use crate::domain::contract::Rule;
use crate::domain::ids::{LeftOutId, LineId, RecordId};
use crate::error::AppError;
use crate::features::approvals::dialog::ReasonDialog;
use crate::ui::Again;
use leptos::prelude::*;

/// The id of the input for a file in the dialog 「申请纳入」.
const CLAIM_FILE: &str = "claim-file";

/// What a dialog asks a reason for.
#[derive(Clone, Debug, PartialEq)]
pub enum Asked {
    /// 「剔除」 of a line at this version.
    TakeOut(LineId, i64, String),
    /// 「申请纳入」 of a contract; 「恢复」 where the unit took it out itself.
    Claim(LeftOutId, Rule, String),
}

impl Asked {
    /// The word of the button, and the heading of the dialog.
    pub fn word(&self) -> &'static str {
        match self {
            Asked::TakeOut(..) => "剔除",
            Asked::Claim(_, Rule::ClaimedOut, _) => "恢复",
            Asked::Claim(..) => "申请纳入",
        }
    }

    fn consequence(&self) -> String {
        match self {
            Asked::TakeOut(_, _, name) => format!("“{name}”将不再计入，审核人会看到它是本单位剔除的，以及您的理由。"),
            Asked::Claim(_, Rule::ClaimedOut, name) => format!("“{name}”将按采集的内容回到明细。"),
            Asked::Claim(_, rule, name) => {
                format!("“{name}”按“{}”不计入。纳入后，审核人会看到它是本单位申请纳入的，以及您的理由。", rule.label())
            }
        }
    }
}

/// What to tell, and whether all of it was done.
struct Said(bool, String);

/// Does what was asked for, for this reason, and sends the chosen file after a claim.
async fn act_on(record: RecordId, asked: Asked, reason: String) -> Result<Said, AppError> {
    match asked {
        Asked::TakeOut(line, version, _) => {
            take_out(TakeOutInput { record, line, version, reason }).await?;
            Ok(Said(true, "已剔除，理由会显示给审核人".to_owned()))
        }
        Asked::Claim(left_out, rule, _) => {
            // Read before the dialog closes.
            let file = chosen(CLAIM_FILE).filter(|_| rule != Rule::ClaimedOut);
            let line = claim_in(ClaimInput { record: record.clone(), left_out, reason }).await?.line.id;
            let sent = match file {
                Some(file) => send(record, line, file).await,
                None => Ok(()),
            };
            Ok(match sent {
                Ok(()) if rule == Rule::ClaimedOut => Said(true, "已恢复到明细".to_owned()),
                Ok(()) => Said(true, "已纳入明细，理由会显示给审核人".to_owned()),
                // The claim stands whatever becomes of the file; it can be uploaded again where the claim is shown.
                Err(error) => Said(false, format!("已纳入，但证明材料没有上传：{error}。可在该合同下重新上传。")),
            })
        }
    }
}

/// The dialog, which outlives every reading of the page, so that a reason half typed stays.
#[component]
pub fn AskDialog(
    /// Whose contracts.
    record: RecordId,
    /// What is asked; open while there is something.
    asked: RwSignal<Option<Asked>>,
    /// Whether it is open.
    open: RwSignal<bool>,
    /// Told when something was done.
    changed: Again,
) -> impl IntoView {
    let problem = RwSignal::new(None::<AppError>);
    let pending = RwSignal::new(false);
    let tell = expect_context::<Tell>();
    let id = StoredValue::new(record);
    Effect::new(move || {
        if open.get() {
            problem.set(None);
        }
    });
    // Not an action: a file of the browser stays on its thread.
    let act = move |reason: String| {
        let Some(what) = asked.get_untracked() else { return };
        pending.set(true);
        leptos::task::spawn_local(async move {
            let done = act_on(id.get_value(), what, reason).await;
            pending.set(false);
            match done {
                Ok(Said(is_whole, words)) => {
                    open.set(false);
                    if is_whole {
                        tell.ok(words);
                    } else {
                        tell.bad(words);
                    }
                    changed.notify();
                }
                Err(error) => problem.set(Some(error)),
            }
        });
    };
    let title = Signal::derive(move || asked.with(|asked| asked.as_ref().map(|asked| asked.word().to_owned()).unwrap_or_default()));
    let is_new_claim = Memo::new(move |_| asked.with(|asked| matches!(asked, Some(Asked::Claim(_, rule, _)) if *rule != Rule::ClaimedOut)));
    let consequence = Signal::derive(move || asked.with(|asked| asked.as_ref().map(Asked::consequence).unwrap_or_default()));
    view! {
        <ReasonDialog
            open
            title
            label="理由"
            consequence
            extra=ViewFn::from(move || is_new_claim.get().then(|| {
                let name = RwSignal::new(None::<String>);
                view! {
                <div class="field">
                    <label class="field-label" for=CLAIM_FILE>"证明材料"</label>
                    <div class="file-pick">
                        <input class="visually-hidden" id=CLAIM_FILE type="file" accept=ACCEPT aria-describedby="claim-file-hint" on:change=move |_| name.set(chosen(CLAIM_FILE).map(|file| file.name())) />
                        <label class="button" for=CLAIM_FILE>"选择文件"</label>
                        <span role="status">{move || name.get().unwrap_or_else(|| "未选择文件".to_owned())}</span>
                    </div>
                    <p class="field-hint" id="claim-file-hint">"选填，供审核人核对，不对外公开；PDF、PNG、JPEG、Word、Excel、OFD"</p>
                </div>
                }
            }))
            on_reason=act
            pending
            problem
        />
    }
}
