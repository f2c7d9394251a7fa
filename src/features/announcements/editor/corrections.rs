//! What the page says of a correction or revocation (E7): what is corrected, by what, why, and everything that differs.

use super::super::alterations::AlterationsTable;
use super::super::seen::{Announcement, Corrects, SuccessorLink};
use crate::app::paths;
use crate::domain::announcement::status::AnnouncementStatus;
use leptos::prelude::*;

/// How this announcement stands to others, in a sentence each with the way to them.
#[component]
pub fn CorrectionNotes(
    /// The page's announcement.
    read: Announcement,
) -> impl IntoView {
    let revoking = read.status.revoking().map(str::to_owned);
    view! {
        {read.corrects.map(|corrects| view! { <Correcting corrects is_public=read.status.is_public() /> })}
        {read.successor.map(|successor| view! { <Corrected successor status=read.status.clone() /> })}
        {revoking.map(|reason| view! { <div class="alert" data-tone="warn"><p class="alert-body pre-line">"已申请撤销，审核同意前公告保持有效。撤销理由："<strong>{reason}</strong></p></div> })}
        {match read.status {
            AnnouncementStatus::Revoked(revocation) => view! {
                <div class="alert" data-tone="bad"><p class="alert-body pre-line">{format!("公告已于 {} 撤销。撤销理由：", revocation.since.local())}<strong>{revocation.reason}</strong></p></div>
            }.into_any(),
            _ => ().into_any(),
        }}
    }
}

#[component]
fn Correcting(corrects: Corrects, is_public: bool) -> impl IntoView {
    let then = if is_public { "" } else { "本公告发布后，原公告变为已更正。" };
    view! {
        <div class="alert">
            <p class="alert-body pre-line">
                "本公告更正 "<a href=paths::announcement(&corrects.id)>{corrects.number}</a>
                {format!("（{} 发布）。{then}更正理由：", corrects.published_at.local())}<strong>{corrects.reason}</strong>
            </p>
        </div>
    }
}

#[component]
fn Corrected(successor: SuccessorLink, status: AnnouncementStatus) -> impl IntoView {
    let link = view! { <a href=paths::announcement(&successor.id)>{successor.number}</a> };
    match status {
        AnnouncementStatus::Corrected(correction) => view! {
            <div class="alert" data-tone="warn">
                <p class="alert-body pre-line">{format!("公告已于 {} 由 ", correction.since.local())}{link}" 更正。更正理由："<strong>{correction.reason}</strong></p>
            </div>
        }
        .into_any(),
        _ => view! {
            <div class="alert" data-tone="warn"><p class="alert-body">"更正公告 "{link}{format!("（{}）正在办理，发布后本公告变为已更正。", successor.status)}</p></div>
        }
        .into_any(),
    }
}

/// Everything that a correction says differently than what it corrects, for its reviewers.
#[component]
pub fn CorrectionPanel(
    /// What is corrected.
    corrects: Corrects,
) -> impl IntoView {
    view! {
        <section class="panel" aria-labelledby="correction-title">
            <header class="panel-head"><h2 id="correction-title">{format!("与原公告 {} 相比", corrects.number)}</h2></header>
            <div class="panel-body"><AlterationsTable alterations=corrects.alterations /></div>
        </section>
    }
}
