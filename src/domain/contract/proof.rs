//! The counting rules, line by line. What holds for every row is in `laws`.

use super::*;

const AMOUNT: Money = Money::from_fen(1_000_001);

/// A project contract that counts: 整体预留, a small supplier.
pub(super) fn plain() -> Contract {
    Contract {
        contract_no: "HT-1".to_owned(),
        contract_title: String::new(),
        project_no: String::new(),
        project_name: "保洁服务".to_owned(),
        lot: String::new(),
        project_created_on: None,
        buyer_name: "测试区采购单位03".to_owned(),
        buyer_uscc: String::new(),
        supplier_name: "上海某公司".to_owned(),
        supplier_uscc: String::new(),
        supplier_scale: Some(SupplierScale::Small),
        category: None,
        method: "框架协议采购".to_owned(),
        amount: AMOUNT,
        budget: None,
        source: Source::Project,
        reserved: true,
        measure: Some(Measure::Whole),
        target: None,
        reserved_pct: None,
        sme: None,
        small_micro: None,
        goods_mark: None,
        retendered: false,
        signed_on: Day::new(2024, 12, 31).unwrap(),
        published_on: None,
        url: None,
    }
}

/// A framework contract that counts.
pub(super) fn framework() -> Contract {
    Contract {
        source: Source::Framework,
        target: Some(Target::Sme),
        goods_mark: Some(GoodsMark::Sme),
        published_on: Day::new(2025, 1, 2),
        supplier_scale: None,
        ..plain()
    }
}

#[expect(clippy::unnecessary_wraps, reason = "it fills the optional cell of a row")]
fn fen(amount: i64) -> Option<Money> {
    Some(Money::from_fen(amount))
}

#[expect(clippy::unnecessary_wraps, reason = "it fills the optional cell of a row")]
fn percent(text: &str) -> Option<Percent> {
    Some(Percent::parse(text).unwrap())
}

fn counted(sme: i64, small_micro: i64) -> Verdict {
    Verdict::Counted(Amounts { sme: Money::from_fen(sme), small_micro: Money::from_fen(small_micro), estimated: false })
}

fn estimated(sme: i64, small_micro: i64) -> Verdict {
    Verdict::Counted(Amounts { sme: Money::from_fen(sme), small_micro: Money::from_fen(small_micro), estimated: true })
}

fn needs(sme: Option<i64>, small_micro: Option<i64>, is_estimated: bool, needs: &[Need]) -> Verdict {
    let known = Known { sme: sme.map(Money::from_fen), small_micro: small_micro.map(Money::from_fen), estimated: is_estimated };
    Verdict::NeedsInput(known, needs.to_vec())
}

fn verdict(contract: &Contract) -> Verdict {
    judge(contract, YearBasis::Signed).verdict
}

fn cells_in_error(verdict: &Verdict) -> Vec<Vec<Cell>> {
    match verdict {
        Verdict::Error(_, contradictions) => contradictions.iter().map(|contradiction| contradiction.cells.clone()).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn a8_a_framework_contract_belongs_to_the_year_of_its_publication_whatever_the_setting() {
    for basis in YearBasis::ALL.iter().copied() {
        assert_eq!(year_of(&framework(), basis), 2025);
        assert_eq!(year_of(&Contract { published_on: None, ..framework() }, basis), 2024);
    }
}

#[test]
fn a1_other_contracts_belong_to_the_year_that_the_setting_names() {
    for source in [Source::Project, Source::SelfEntered] {
        let contract = Contract { source, published_on: Day::new(2025, 1, 2), ..plain() };
        assert_eq!(year_of(&contract, YearBasis::Signed), 2024);
        assert_eq!(year_of(&contract, YearBasis::Published), 2025);
        assert_eq!(year_of(&Contract { published_on: None, ..contract }, YearBasis::Published), 2024);
    }
}

#[test]
fn a1_the_procurement_method_never_makes_a_framework_contract() {
    let by_method = Contract { method: "框架协议采购".to_owned(), ..plain() };
    assert!(!by_method.is_framework());
    assert_eq!(verdict(&by_method), counted(1_000_001, 1_000_001));
}

#[test]
fn a9_each_rule_leaves_out_exactly_what_it_names() {
    let plain = plain();
    let retendered = Contract { retendered: true, ..plain.clone() };
    let large = Contract { supplier_scale: Some(SupplierScale::Large), small_micro: fen(0), ..plain.clone() };
    let table: Vec<(&str, Contract, Option<Rule>)> = vec![
        ("framework, not published", Contract { published_on: None, ..framework() }, Some(Rule::NotPublished)),
        ("project, not published", Contract { published_on: None, ..plain.clone() }, None),
        ("self-entered, not published", Contract { source: Source::SelfEntered, ..plain.clone() }, None),
        ("not reserved though a measure is given", Contract { reserved: false, ..plain.clone() }, Some(Rule::NotReserved)),
        ("reserved without a measure", Contract { measure: None, ..plain.clone() }, Some(Rule::NotReserved)),
        ("framework, not reserved", Contract { reserved: false, ..framework() }, Some(Rule::NotReserved)),
        ("framework without a measure", Contract { measure: None, ..framework() }, Some(Rule::NotReserved)),
        ("self-entered, not reserved", Contract { source: Source::SelfEntered, reserved: false, ..plain.clone() }, Some(Rule::NotReserved)),
        ("re-tender, whole", retendered.clone(), Some(Rule::Retendered)),
        ("re-tender, package", Contract { measure: Some(Measure::Package), ..retendered.clone() }, Some(Rule::Retendered)),
        ("re-tender, explicit amounts", Contract { sme: fen(5), small_micro: fen(5), ..retendered.clone() }, Some(Rule::Retendered)),
        ("re-tender, framework", Contract { retendered: true, ..framework() }, Some(Rule::Retendered)),
        ("re-tender, self-entered", Contract { source: Source::SelfEntered, ..retendered.clone() }, Some(Rule::Retendered)),
        ("re-tender by consortium", Contract { measure: Some(Measure::Consortium), ..retendered.clone() }, None),
        ("re-tender by subcontract", Contract { measure: Some(Measure::Subcontract), ..retendered }, None),
        ("framework, mark 无", Contract { goods_mark: Some(GoodsMark::None), ..framework() }, Some(Rule::GoodsUnmarked)),
        ("framework, mark empty", Contract { goods_mark: None, ..framework() }, Some(Rule::GoodsUnmarked)),
        ("project, mark 无", Contract { goods_mark: Some(GoodsMark::None), ..plain.clone() }, None),
        ("framework without target", Contract { target: None, ..framework() }, Some(Rule::TargetMissing)),
        ("project without target", plain.clone(), None),
        ("large supplier, whole", large.clone(), Some(Rule::SupplierLarge)),
        ("large supplier, package", Contract { measure: Some(Measure::Package), ..large.clone() }, Some(Rule::SupplierLarge)),
        ("large supplier, self-entered", Contract { source: Source::SelfEntered, ..large.clone() }, Some(Rule::SupplierLarge)),
        ("large supplier, amount entered", Contract { sme: fen(7), ..large.clone() }, None),
        ("large supplier, amount entered as 0", Contract { sme: fen(0), ..large.clone() }, None),
        ("large supplier, consortium", Contract { measure: Some(Measure::Consortium), ..large.clone() }, None),
        ("large supplier, framework", Contract { supplier_scale: large.supplier_scale, ..framework() }, None),
    ];
    for (name, contract, expected) in table {
        let found = match verdict(&contract) {
            Verdict::LeftOut(rule) => Some(rule),
            _ => None,
        };
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn a9_the_first_matching_rule_gives_the_code() {
    // Everything is wrong with it; each step mends the first rule only.
    let mut contract = Contract {
        published_on: None,
        reserved: false,
        retendered: true,
        goods_mark: None,
        target: None,
        supplier_scale: Some(SupplierScale::Large),
        ..framework()
    };
    assert_eq!(verdict(&contract), Verdict::LeftOut(Rule::NotPublished));
    contract.published_on = Day::new(2025, 1, 2);
    assert_eq!(verdict(&contract), Verdict::LeftOut(Rule::NotReserved));
    contract.reserved = true;
    assert_eq!(verdict(&contract), Verdict::LeftOut(Rule::Retendered));
    contract.retendered = false;
    assert_eq!(verdict(&contract), Verdict::LeftOut(Rule::GoodsUnmarked));
    contract.goods_mark = Some(GoodsMark::Sme);
    assert_eq!(verdict(&contract), Verdict::LeftOut(Rule::TargetMissing));
    contract.source = Source::Project;
    assert_eq!(verdict(&contract), Verdict::LeftOut(Rule::SupplierLarge));
}

#[test]
fn a9_amounts_of_a_left_out_row_are_not_checked() {
    let contract = Contract { reserved: false, sme: fen(1), small_micro: fen(9), ..plain() };
    assert_eq!(verdict(&contract), Verdict::LeftOut(Rule::NotReserved));
}

#[test]
fn a1_by_publication_the_date_is_needed_after_the_rules_and_before_the_amounts() {
    let missing = |contract: &Contract| judge(contract, YearBasis::Published).verdict;
    let wanted = Verdict::NeedsInput(Known::default(), vec![Need::PublishedOn]);
    assert_eq!(missing(&plain()), wanted);
    assert_eq!(missing(&Contract { source: Source::SelfEntered, ..plain() }), wanted);
    assert_eq!(missing(&Contract { sme: fen(1), small_micro: fen(9), ..plain() }), wanted, "a contradiction comes later");
    assert_eq!(missing(&Contract { reserved: false, ..plain() }), Verdict::LeftOut(Rule::NotReserved));
    assert_eq!(missing(&Contract { published_on: None, ..framework() }), Verdict::LeftOut(Rule::NotPublished));
    assert_eq!(missing(&Contract { published_on: Day::new(2025, 1, 2), ..plain() }), counted(1_000_001, 1_000_001));
}

#[test]
fn a8_framework_amounts_follow_the_mark_of_the_goods() {
    let marked = |mark| Contract { goods_mark: Some(mark), ..framework() };
    assert_eq!(verdict(&marked(GoodsMark::Sme)), counted(1_000_001, 0));
    assert_eq!(verdict(&marked(GoodsMark::SmallMicro)), counted(1_000_001, 1_000_001));
    for measure in Measure::ALL.iter().copied() {
        let contract = Contract { measure: Some(measure), reserved_pct: percent("40"), ..marked(GoodsMark::SmallMicro) };
        assert_eq!(verdict(&contract), counted(1_000_001, 1_000_001), "the share plays no part in {measure:?}");
    }
    let explicit = Contract { sme: fen(600), ..marked(GoodsMark::SmallMicro) };
    assert_eq!(verdict(&explicit), counted(600, 600), "small and micro follows the entered amount");
    assert_eq!(verdict(&Contract { small_micro: fen(0), ..explicit }), counted(600, 0), "an entered 0 is explicit");
    assert_eq!(verdict(&Contract { small_micro: fen(9), ..marked(GoodsMark::Sme) }), counted(1_000_001, 9));
}

#[test]
fn a8_a_supplier_or_target_that_differs_from_the_mark_is_a_warning() {
    let warned = |contract: Contract| -> Vec<Cell> {
        judge(&contract, YearBasis::Signed).warnings.into_iter().map(|warning| warning.cell).collect()
    };
    let small_micro = Contract { goods_mark: Some(GoodsMark::SmallMicro), target: Some(Target::SmallMicro), ..framework() };
    assert_eq!(warned(small_micro.clone()), []);
    for (scale, expected) in [
        (SupplierScale::Large, true),
        (SupplierScale::Medium, true),
        (SupplierScale::Small, false),
        (SupplierScale::Micro, false),
        (SupplierScale::Prison, false),
        (SupplierScale::DisabilityWelfare, false),
        (SupplierScale::SelfEmployed, false),
        (SupplierScale::Other, false),
    ] {
        let found = warned(Contract { supplier_scale: Some(scale), ..small_micro.clone() });
        assert_eq!(found == [Cell::SupplierScale], expected, "{scale:?}");
    }
    assert_eq!(warned(Contract { target: Some(Target::Sme), ..small_micro.clone() }), [Cell::Target]);
    assert_eq!(
        warned(Contract { small_micro: fen(3), target: Some(Target::Sme), ..small_micro }),
        [],
        "an entered amount does not rest on the mark"
    );
    let both = Contract { supplier_scale: Some(SupplierScale::Micro), target: Some(Target::SmallMicro), ..framework() };
    assert_eq!(warned(both), [Cell::SupplierScale, Cell::Target]);
}

#[test]
fn a1_amounts_of_a_wholly_reserved_contract_follow_the_supplier() {
    let whole = 1_000_001;
    let missing = needs(Some(whole), None, false, &[Need::SmallMicroAmount]);
    let table = [
        (Some(SupplierScale::Small), None, counted(whole, whole)),
        (Some(SupplierScale::Micro), None, counted(whole, whole)),
        (Some(SupplierScale::DisabilityWelfare), Some(Target::Sme), counted(whole, whole)),
        (Some(SupplierScale::Prison), None, counted(whole, whole)),
        (Some(SupplierScale::Medium), Some(Target::SmallMicro), counted(whole, 0)),
        (Some(SupplierScale::SelfEmployed), Some(Target::SmallMicro), counted(whole, whole)),
        (Some(SupplierScale::Other), Some(Target::SmallMicro), counted(whole, whole)),
        (None, Some(Target::SmallMicro), counted(whole, whole)),
        (Some(SupplierScale::SelfEmployed), Some(Target::Sme), missing.clone()),
        (Some(SupplierScale::Other), None, missing.clone()),
        (None, Some(Target::Sme), missing.clone()),
        (None, None, missing),
    ];
    for measure in [Measure::Whole, Measure::Package] {
        for (supplier_scale, target, expected) in table.clone() {
            let contract = Contract { measure: Some(measure), supplier_scale, target, reserved_pct: percent("40"), ..plain() };
            assert_eq!(verdict(&contract), expected, "{measure:?} {supplier_scale:?} {target:?}");
            assert_eq!(verdict(&Contract { source: Source::SelfEntered, ..contract }), expected, "自行录入 is counted alike");
        }
        let large =
            Contract { measure: Some(measure), supplier_scale: Some(SupplierScale::Large), target: Some(Target::SmallMicro), ..plain() };
        assert_eq!(verdict(&Contract { sme: fen(500), ..large.clone() }), needs(Some(500), None, false, &[Need::SmallMicroAmount]));
        assert_eq!(verdict(&Contract { sme: fen(500), small_micro: fen(0), ..large }), counted(500, 0));
    }
}

#[test]
fn a1_small_and_micro_follows_an_entered_sme_amount() {
    assert_eq!(verdict(&Contract { sme: fen(300), ..plain() }), counted(300, 300));
    assert_eq!(verdict(&Contract { sme: fen(0), ..plain() }), counted(0, 0), "an entered 0 is explicit");
    assert_eq!(verdict(&Contract { small_micro: fen(0), ..plain() }), counted(1_000_001, 0));
    assert_eq!(verdict(&Contract { small_micro: fen(8), supplier_scale: Some(SupplierScale::Medium), ..plain() }), counted(1_000_001, 8));
}

#[test]
fn a1_amounts_of_a_partly_reserved_contract_follow_share_and_target() {
    for measure in [Measure::Consortium, Measure::Subcontract] {
        let part = Contract { measure: Some(measure), reserved_pct: percent("50"), target: Some(Target::SmallMicro), ..plain() };
        assert_eq!(verdict(&part), estimated(500_001, 500_001), "half up");
        for supplier_scale in SupplierScale::ALL.iter().copied().map(Some).chain([None]) {
            assert_eq!(
                verdict(&Contract { supplier_scale, ..part.clone() }),
                estimated(500_001, 500_001),
                "{supplier_scale:?} plays no part"
            );
        }
        let for_all = Contract { target: Some(Target::Sme), ..part.clone() };
        assert_eq!(verdict(&for_all), needs(Some(500_001), None, true, &[Need::SmallMicroAmount]));
        assert_eq!(verdict(&Contract { target: None, ..part.clone() }), needs(Some(500_001), None, true, &[Need::SmallMicroAmount]));
        assert_eq!(verdict(&Contract { small_micro: fen(4), ..for_all.clone() }), estimated(500_001, 4));
        assert_eq!(verdict(&Contract { sme: fen(70), ..part.clone() }), counted(70, 70), "an entered amount is no estimate");
        let without = Contract { reserved_pct: None, ..part };
        assert_eq!(verdict(&without), needs(None, None, false, &[Need::SmeAmount]), "the other follows from it");
        assert_eq!(verdict(&Contract { small_micro: fen(6), ..without.clone() }), needs(None, Some(6), false, &[Need::SmeAmount]));
        assert_eq!(
            verdict(&Contract { reserved_pct: None, ..for_all }),
            needs(None, None, false, &[Need::SmeAmount, Need::SmallMicroAmount])
        );
        assert_eq!(verdict(&Contract { sme: fen(90), ..without }), counted(90, 90));
    }
}

#[test]
fn a7_a_missing_share_is_a_warning_except_for_whole_reservation() {
    for measure in Measure::ALL.iter().copied() {
        let contract = Contract { measure: Some(measure), sme: fen(5), small_micro: fen(5), ..plain() };
        let warned = judge(&contract, YearBasis::Signed).warnings.iter().any(|warning| warning.cell == Cell::Percent);
        assert_eq!(warned, measure != Measure::Whole, "{measure:?}");
        assert_eq!(judge(&Contract { reserved_pct: percent("30"), ..contract }, YearBasis::Signed).warnings, []);
    }
}

#[test]
fn a1_contradictions_name_their_cells_and_are_never_clamped() {
    let consortium = Contract { measure: Some(Measure::Consortium), target: Some(Target::Sme), ..plain() };
    let table = [
        ("small > sme", Contract { sme: fen(5), small_micro: fen(6), ..plain() }, vec![vec![Cell::SmallMicro, Cell::Sme]]),
        ("sme > amount", Contract { sme: fen(1_000_002), small_micro: fen(0), ..plain() }, vec![vec![Cell::Sme, Cell::Amount]]),
        ("small > derived sme", Contract { small_micro: fen(1_000_002), ..plain() }, vec![vec![Cell::SmallMicro, Cell::Sme]]),
        (
            "small > estimated sme",
            Contract { small_micro: fen(500_002), reserved_pct: percent("50"), ..consortium.clone() },
            vec![vec![Cell::SmallMicro, Cell::Sme]],
        ),
        (
            "small > amount, sme unknown",
            Contract { small_micro: fen(1_000_002), ..consortium.clone() },
            vec![vec![Cell::SmallMicro, Cell::Amount]],
        ),
        ("sme > amount, small unknown", Contract { sme: fen(1_000_002), ..consortium.clone() }, vec![vec![Cell::Sme, Cell::Amount]]),
        ("negative", Contract { sme: fen(-1), small_micro: fen(-2), ..consortium }, vec![vec![Cell::Sme], vec![Cell::SmallMicro]]),
        ("framework", Contract { sme: fen(1_000_002), ..framework() }, vec![vec![Cell::Sme, Cell::Amount]]),
    ];
    for (name, contract, cells) in table {
        assert_eq!(cells_in_error(&verdict(&contract)), cells, "{name}");
    }
}

#[test]
fn e1_a_claimed_contract_gets_its_amounts_without_the_rules() {
    let unreserved = Contract { reserved: false, measure: None, ..plain() };
    assert_eq!(amounts(&unreserved), needs(None, None, false, &[Need::SmeAmount, Need::SmallMicroAmount]));
    assert_eq!(amounts(&Contract { sme: fen(9), ..unreserved.clone() }), needs(Some(9), None, false, &[Need::SmallMicroAmount]));
    assert_eq!(amounts(&Contract { sme: fen(9), small_micro: fen(4), ..unreserved.clone() }), counted(9, 4));
    let contradictory = Contract { sme: fen(9), small_micro: fen(10), ..unreserved };
    assert_eq!(cells_in_error(&amounts(&contradictory)), [[Cell::SmallMicro, Cell::Sme]]);
    assert_eq!(amounts(&Contract { retendered: true, ..plain() }), counted(1_000_001, 1_000_001));
    let large = Contract { supplier_scale: Some(SupplierScale::Large), ..plain() };
    assert_eq!(amounts(&large), needs(Some(1_000_001), None, false, &[Need::SmallMicroAmount]));
    assert_eq!(amounts(&Contract { published_on: None, ..framework() }), counted(1_000_001, 0));
}

#[test]
fn e1_facts_say_what_decided() {
    let facts = |contract: &Contract| -> Vec<String> {
        judge(contract, YearBasis::Signed).facts.into_iter().map(|fact| format!("{}：{}", fact.label, fact.value)).collect()
    };
    assert_eq!(facts(&Contract { published_on: None, ..framework() }), ["来源：框架协议", "合同公告日期：空", "合同签订日期：2024-12-31"]);
    assert_eq!(facts(&Contract { retendered: true, ..plain() }), ["不足3家重新采购：是", "预留选项：整体预留"]);
    let subcontract = Contract { measure: Some(Measure::Subcontract), reserved_pct: percent("45.5"), ..plain() };
    assert_eq!(
        facts(&subcontract),
        [
            "来源：项目采购",
            "是否预留：是",
            "预留选项：合同分包预留",
            "预留比例：45.5%",
            "预留对象：空",
            "合同金额：1.000001 万元",
            "面向中小企业金额：0.455 万元（合同金额 × 45.5%，按比例推算）",
            "面向小微企业金额：待填写（没有依据，不推算）",
        ]
    );
}

#[test]
fn a8_a_framework_agreement_shows_its_goods_and_funds_whatever_decided() {
    let shown = |contract: &Contract| -> Vec<String> {
        let facts = judge(contract, YearBasis::Signed).facts;
        framework_facts(contract, &facts).into_iter().map(|fact| format!("{}：{}", fact.label, fact.value)).collect()
    };
    let unpublished = Contract { published_on: None, ..framework() };
    assert_eq!(shown(&unpublished), ["商品标识：中小企业标识", "预留选项：整体预留", "预留对象：中小企业"]);
    assert_eq!(shown(&framework()), Vec::<String>::new(), "a counted one shows them among its facts");
    assert_eq!(shown(&plain()), Vec::<String>::new());
}

#[test]
fn e1_every_rule_says_its_code_sentence_and_source() {
    for rule in Rule::ALL.iter().copied() {
        assert_eq!(Rule::from_code(rule.code()), Some(rule));
        assert_eq!(serde_json::to_value(rule).unwrap(), rule.code());
        assert!(rule.sentence().ends_with('。') && !rule.source().is_empty() && !rule.label().is_empty());
    }
    assert_eq!(Rule::from_code("not_published"), None);
}

#[test]
fn e1_what_a_rule_asks_for_is_what_makes_a_contract_count() {
    let entire = Contract { retendered: true, ..plain() };
    let large = Contract { supplier_scale: Some(SupplierScale::Large), ..plain() };
    let table = [
        (Rule::NotPublished, Contract { published_on: None, ..framework() }, framework()),
        (Rule::NotReserved, Contract { reserved: false, measure: None, ..plain() }, plain()),
        (Rule::NotReserved, Contract { measure: None, ..plain() }, plain()),
        (Rule::Retendered, entire.clone(), Contract { measure: Some(Measure::Subcontract), sme: fen(5), small_micro: fen(5), ..entire }),
        (Rule::GoodsUnmarked, Contract { goods_mark: Some(GoodsMark::None), ..framework() }, framework()),
        (Rule::TargetMissing, Contract { target: None, ..framework() }, framework()),
        (Rule::SupplierLarge, large.clone(), plain()),
        (Rule::SupplierLarge, large.clone(), Contract { sme: fen(5), small_micro: fen(5), ..large }),
    ];
    for (rule, out, changed) in table {
        assert_eq!(verdict(&out), Verdict::LeftOut(rule));
        assert!(verdict(&changed).counted().is_some(), "{rule:?}: {}", rule.otherwise());
    }
    assert!(Rule::ALL.iter().all(|rule| rule.otherwise().ends_with('。')));
    let both = Contract { reserved: false, published_on: None, target: None, ..framework() };
    assert_eq!(Rule::obstacles(&both), [Rule::NotPublished, Rule::NotReserved, Rule::TargetMissing]);
}
