//! 「统计口径设置」: by which date the 主管's tree places its project contracts in years; and what the portal says of its progress.

mod panel;
mod progress;

use super::api::{YearBasisChoice, YearBasisSetting, choose_year_basis, read_progress_setting, read_year_basis};
use crate::app::{paths, use_actor};
use crate::domain::access::{Deed, Relation, may};
use crate::domain::contract::YearBasis;
use crate::error::AppError;
use crate::ui::Problem;
use leptos::prelude::*;
use leptos_meta::Title;
use panel::{Choice, Panel};

/// The page.
#[component]
pub fn SettingsPage() -> impl IntoView {
    let actor = use_actor();
    if let Err(refused) = may(&actor, Deed::ChooseYearBasis, Relation::Own) {
        return view! { <Title text="统计口径设置" /> <h1>"统计口径设置"</h1> <Problem message=refused.to_string() /> }.into_any();
    }
    let setting = Resource::new(|| (), |()| async { Ok::<_, AppError>((read_year_basis().await?, read_progress_setting().await?)) });
    let changed = Callback::new(move |()| setting.refetch());
    view! {
        <Title text="统计口径设置" />
        <nav aria-label="位置"><ol class="breadcrumb"><li><a href=paths::RECORDS>"首页"</a></li><li aria-current="page">"统计口径设置"</li></ol></nav>
        <header class="page-head"><h1>"统计口径设置"</h1></header>
        <Transition fallback=|| view! { <p class="loading" aria-busy="true">"正在读取…"</p> }>
            {move || setting.get().map(|setting| match setting {
                // Both name the version of the unit, so one saved makes the other be read anew.
                Ok((setting, shown)) => view! { <Form setting changed /> <progress::Form setting=shown changed /> }.into_any(),
                Err(error) => view! { <Problem message=error.to_string() /> }.into_any(),
            })}
        </Transition>
    }
    .into_any()
}

const fn explanation(basis: YearBasis) -> &'static str {
    match basis {
        YearBasis::Signed => "合同在哪一年签订，就计入哪一年（默认）",
        YearBasis::Published => "合同在哪一年公告，就计入哪一年；没有公告日期的合同留在签订年度，补充公告日期后才计入",
    }
}

#[component]
fn Form(setting: YearBasisSetting, changed: Callback<()>) -> impl IntoView {
    let (current, version) = (setting.basis, setting.version);
    let choice = Choice::new(current, "统计口径已保存", changed, move |basis| choose_year_basis(YearBasisChoice { basis, version }));
    view! {
        <Panel id="basis" title="项目采购合同按哪个日期归入年度" choice>
            <fieldset class="field">
                <legend class="visually-hidden">"归入年度的日期"</legend>
                {YearBasis::ALL.iter().copied().map(|basis| view! {
                    <label class="choice">
                        <input type="radio" name="basis" value=basis.code() checked=basis == current on:change=move |_| choice.chosen.set(basis) />
                        <span><span class="strong">{basis.label()}</span>"："{explanation(basis)}</span>
                    </label>
                }).collect_view()}
            </fieldset>
            <ul class="small quiet">
                <li>"框架协议合同始终按合同公告日期归入年度，不受此设置影响。"</li>
                <li>"已经生成的年度数据保持生成时的口径；新设置只用于以后生成的年度数据。"</li>
                <li>{format!("适用于：{}。", setting.units.join("、"))}</li>
            </ul>
        </Panel>
    }
}
