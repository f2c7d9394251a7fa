//! A contract in one line, for whoever decides whether the record takes it over.

use super::{LineRules, Verdict, contract};
use crate::domain::contract::Contract;

/// Who supplies it, for how much, how it was reserved, and what is missing before it counts.
pub fn about(contract: &Contract, rules: &LineRules) -> String {
    let supplier = if contract.supplier_name.is_empty() { "供应商未填写" } else { &contract.supplier_name };
    let reserved = match (contract.reserved, contract.measure) {
        (false, _) => "非预留".to_owned(),
        (true, None) => "预留选项未填写".to_owned(),
        (true, Some(measure)) if measure.shows_percent() => match contract.reserved_pct {
            Some(percent) => format!("{} {percent}%", measure.label()),
            None => format!("{}（预留比例未填写）", measure.label()),
        },
        (true, Some(measure)) => measure.label().to_owned(),
    };
    let mut parts = vec![supplier.to_owned(), format!("合同金额 {} 万元", contract.amount.wan()), reserved];
    match contract::verdict(contract, rules.basis) {
        Verdict::NeedsInput(_, needs) => {
            let missing: Vec<&str> = needs.into_iter().map(|need| need.cell().label()).collect();
            parts.push(format!("缺少{}", missing.join("、")));
        }
        Verdict::Error(_, contradictions) => parts.extend(contradictions.into_iter().map(|found| found.sentence)),
        Verdict::Counted(_) | Verdict::LeftOut(_) => {}
    }
    parts.join(" · ")
}

#[cfg(test)]
mod tests {
    use super::super::super::line::proof::{platform, rules, wan};
    use super::*;
    use crate::domain::contract::{Measure, SupplierScale, YearBasis};
    use crate::domain::money::Percent;

    #[test]
    fn e1_a_new_contract_says_supplier_amount_and_reservation() {
        let said = |contract: Contract| about(&contract, &rules());
        assert_eq!(said(platform()), "上海某公司 · 合同金额 100 万元 · 整体预留");
        assert_eq!(said(Contract { reserved: false, ..platform() }), "上海某公司 · 合同金额 100 万元 · 非预留");
        assert_eq!(said(Contract { measure: None, ..platform() }), "上海某公司 · 合同金额 100 万元 · 预留选项未填写");
        let package = |text: Option<&str>| Contract {
            measure: Some(Measure::Package),
            reserved_pct: text.map(|text| Percent::parse(text).unwrap()),
            ..platform()
        };
        assert_eq!(said(package(Some("40"))), "上海某公司 · 合同金额 100 万元 · 包预留 40%");
        assert_eq!(said(package(None)), "上海某公司 · 合同金额 100 万元 · 包预留（预留比例未填写）");
    }

    #[test]
    fn e1_a_new_contract_says_what_is_missing_before_it_counts() {
        let contract = Contract { supplier_scale: Some(SupplierScale::Other), target: None, sme: None, small_micro: None, ..platform() };
        assert_eq!(about(&contract, &rules()), "上海某公司 · 合同金额 100 万元 · 整体预留 · 缺少面向小微企业金额");
        let part = Contract { measure: Some(Measure::Subcontract), reserved_pct: None, ..contract.clone() };
        assert_eq!(
            about(&part, &rules()),
            "上海某公司 · 合同金额 100 万元 · 合同分包预留（预留比例未填写） · 缺少面向中小企业金额、面向小微企业金额"
        );
        let dated = LineRules { basis: YearBasis::Published, ..rules() };
        let undated = Contract { published_on: None, ..contract };
        assert_eq!(about(&undated, &dated), "上海某公司 · 合同金额 100 万元 · 整体预留 · 缺少合同公告日期");
    }

    #[test]
    fn e1_a_new_contract_that_contradicts_itself_says_so() {
        let contract = Contract { sme: Some(wan(200)), small_micro: Some(wan(1)), ..platform() };
        let Verdict::Error(_, found) = contract::verdict(&contract, rules().basis) else { panic!("no contradiction") };
        assert!(about(&contract, &rules()).ends_with(&format!(" · {}", found[0].sentence)));
    }
}
