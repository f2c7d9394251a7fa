//! One row of a table: text cells → contract, and back.

use super::columns::{Column, Header, shorten};
use super::faults;
use super::{Finding, Severity};
use crate::domain::calendar::Day;
use crate::domain::contract::{Category, Contract, GoodsMark, Measure, Source, SupplierScale, Target, UnknownLabel};
use crate::domain::money::{Money, MoneyError, Percent};
use crate::domain::{text, uscc};

/// Reads one row; `row_number` is the one that a spreadsheet shows (the header is row 1).
///
/// `Ok` comes with warnings only. `Err` holds every finding of the row, at least one of them an error; nothing of the row is taken then.
pub fn read_row(header: &Header, row_number: usize, cells: &[String]) -> Result<(Contract, Vec<Finding>), Vec<Finding>> {
    let mut row = Row { header, number: row_number, cells, findings: Vec::new() };
    if let Some(place) = header.misplaced(cells) {
        let message = format!("第 {} 格没有列名却有内容，这一行可能错位（例如金额中的逗号把一格分成了两格），请检查。", place + 1);
        row.error(Column::ContractNo, message);
    }
    let contract = row.contract();
    match contract {
        Some(contract) if row.findings.iter().all(|finding| finding.severity == Severity::Warning) => {
            row.doubt(&contract);
            Ok((contract, row.findings))
        }
        _ => Err(row.findings),
    }
}

/// Reads the cells of [`Column::ALL`] as far as they can be read: the contract where amount, 是否预留 and date are there, and every finding.
pub(super) fn read_cells(cells: &[String]) -> (Option<Contract>, Vec<Finding>) {
    let mut row = Row { header: &Header::whole(), number: 1, cells, findings: Vec::new() };
    let contract = row.contract();
    if let Some(contract) = &contract {
        row.doubt(contract);
    }
    (contract, row.findings)
}

/// The cells of a contract in the order of [`super::HEADER`]; [`read_row`] reads them back as the same contract.
pub fn to_row(contract: &Contract) -> Vec<String> {
    fn label<T: Copy>(value: Option<T>, label: impl Fn(T) -> &'static str) -> String {
        value.map_or_else(String::new, |value| label(value).to_owned())
    }
    fn print<T>(value: Option<T>, print: impl Fn(T) -> String) -> String {
        value.map_or_else(String::new, print)
    }
    let yes_no = |yes: bool| if yes { "是" } else { "否" }.to_owned();
    let cell = |column: Column| match column {
        Column::ContractNo => contract.contract_no.clone(),
        Column::ContractTitle => contract.contract_title.clone(),
        Column::ProjectNo => contract.project_no.clone(),
        Column::ProjectName => contract.project_name.clone(),
        Column::Lot => contract.lot.clone(),
        Column::ProjectCreatedOn => print(contract.project_created_on, |day| day.to_string()),
        Column::BuyerName => contract.buyer_name.clone(),
        Column::BuyerUscc => contract.buyer_uscc.clone(),
        Column::SupplierName => contract.supplier_name.clone(),
        Column::SupplierUscc => contract.supplier_uscc.clone(),
        Column::SupplierScale => label(contract.supplier_scale, SupplierScale::label),
        Column::Category => label(contract.category, Category::label),
        Column::Method => contract.method.clone(),
        Column::Amount => contract.amount.yuan(),
        Column::Budget => print(contract.budget, Money::yuan),
        Column::Source => contract.source.label().to_owned(),
        Column::Reserved => yes_no(contract.reserved),
        Column::Measure => label(contract.measure, Measure::label),
        Column::Target => label(contract.target, Target::label),
        Column::ReservedPct => print(contract.reserved_pct, |percent| percent.to_string()),
        Column::Sme => print(contract.sme, Money::yuan),
        Column::SmallMicro => print(contract.small_micro, Money::yuan),
        Column::GoodsMark => label(contract.goods_mark, GoodsMark::label),
        Column::Retendered => yes_no(contract.retendered),
        Column::SignedOn => contract.signed_on.to_string(),
        Column::PublishedOn => print(contract.published_on, |day| day.to_string()),
        Column::Url => contract.url.clone().unwrap_or_default(),
    };
    Column::ALL.into_iter().map(cell).collect()
}

struct Row<'a> {
    header: &'a Header,
    number: usize,
    cells: &'a [String],
    findings: Vec<Finding>,
}

impl Row<'_> {
    fn cell(&self, column: Column) -> &str {
        self.header.cell(self.cells, column)
    }

    fn find(&mut self, column: Column, severity: Severity, message: String) {
        self.findings.push(Finding { row: self.number, column: column.name().to_owned(), severity, message });
    }

    fn error(&mut self, column: Column, message: String) {
        self.find(column, Severity::Error, message);
    }

    fn warn(&mut self, column: Column, message: &str) {
        self.find(column, Severity::Warning, message.to_owned());
    }

    /// Reads every cell, so that one import shows every fault of the row at once; `None` where a required cell cannot be read.
    fn contract(&mut self) -> Option<Contract> {
        let contract_no = self.text(Column::ContractNo, 100);
        let contract_title = self.text(Column::ContractTitle, 300);
        let project_no = self.text(Column::ProjectNo, 100);
        let project_name = self.text(Column::ProjectName, 300);
        let lot = self.text(Column::Lot, 100);
        let project_created_on = self.day(Column::ProjectCreatedOn);
        let buyer_name = self.text(Column::BuyerName, 200);
        let buyer_uscc = self.uscc(Column::BuyerUscc);
        let supplier_name = self.text(Column::SupplierName, 300);
        let supplier_uscc = self.uscc(Column::SupplierUscc);
        let supplier_scale = self.choice(Column::SupplierScale, SupplierScale::parse);
        let category = self.choice(Column::Category, Category::parse);
        let method = self.text(Column::Method, 100);
        let amount = self.money(Column::Amount);
        let budget = self.money(Column::Budget);
        let source = self.choice(Column::Source, Source::parse).unwrap_or(Source::Project);
        let reserved = self.choice(Column::Reserved, yes_or_no);
        let measure = self.choice(Column::Measure, Measure::parse);
        let target = self.choice(Column::Target, Target::parse);
        let reserved_pct = self.percent();
        let sme = self.money(Column::Sme);
        let small_micro = self.money(Column::SmallMicro);
        let goods_mark = self.choice(Column::GoodsMark, GoodsMark::parse);
        let retendered = self.choice(Column::Retendered, yes_or_no).unwrap_or(false);
        let signed_on = self.day(Column::SignedOn);
        let published_on = self.day(Column::PublishedOn);
        let url = self.link();
        Some(Contract {
            contract_no,
            contract_title,
            project_no,
            project_name,
            lot,
            project_created_on,
            buyer_name,
            buyer_uscc,
            supplier_name,
            supplier_uscc,
            supplier_scale,
            category,
            method,
            amount: amount?,
            budget,
            source,
            reserved: reserved?,
            measure,
            target,
            reserved_pct,
            sme,
            small_micro,
            goods_mark,
            retendered,
            signed_on: signed_on?,
            published_on,
            url,
        })
    }

    /// Looks for what reads well and is probably wrong.
    fn doubt(&mut self, contract: &Contract) {
        if faults::lost_its_digits(&contract.contract_no) {
            self.warn(Column::ContractNo, "合同编号第 15 位以后全是 0 或是科学计数，可能被表格软件截断；请把该列设为文本后重新填写。");
        }
        let amounts = [
            (Column::Amount, Some(contract.amount)),
            (Column::Budget, contract.budget),
            (Column::Sme, contract.sme),
            (Column::SmallMicro, contract.small_micro),
        ];
        for (column, amount) in amounts.into_iter().filter_map(|(column, amount)| amount.map(|amount| (column, amount))) {
            let in_wan = match column {
                Column::Amount => faults::amount_looks_like_wan(amount, contract.budget),
                Column::Budget => faults::amount_looks_like_wan(amount, None),
                _ => faults::part_looks_like_wan(amount, contract.amount),
            };
            if in_wan {
                self.warn(column, "金额很小，像是以万元为单位；本列单位是元，请核对。");
            }
            if faults::is_improbable(amount) {
                self.warn(column, "金额达到 200 亿元（2000000 万元）以上，请核对数值和单位。");
            }
            if faults::looks_like_a_mobile_number(self.cell(column)) {
                self.warn(column, "金额像是手机号码，请核对是否填错了列。");
            }
        }
        if contract.reserved_pct.is_some_and(Percent::looks_like_a_fraction) {
            self.warn(Column::ReservedPct, "预留比例不到 1%；本列填百分数（如 45.5），不填小数（如 0.455），请核对。");
        }
    }

    fn text(&mut self, column: Column, max: usize) -> String {
        let read = if column.is_required() { text::required } else { text::optional };
        match read(column.name(), self.cell(column), max) {
            Ok(text) => text,
            Err(error) => {
                self.error(column, format!("{error}。"));
                String::new()
            }
        }
    }

    /// A filled cell; an empty one is an error where the column is required.
    fn filled(&mut self, column: Column) -> Option<String> {
        let cell = self.cell(column);
        if cell.is_empty() {
            if column.is_required() {
                self.error(column, format!("请填写{}。", column.name()));
            }
            return None;
        }
        Some(cell.to_owned())
    }

    fn choice<T>(&mut self, column: Column, parse: impl Fn(&str) -> Result<T, UnknownLabel>) -> Option<T> {
        let cell = self.filled(column)?;
        match parse(&cell) {
            Ok(value) => Some(value),
            Err(unknown) => {
                let unknown = UnknownLabel { given: shorten(&unknown.given), allowed: unknown.allowed };
                let or_empty = if column.is_required() { "" } else { "，或留空" };
                self.error(column, format!("{unknown}{or_empty}。"));
                None
            }
        }
    }

    fn money(&mut self, column: Column) -> Option<Money> {
        let cell = self.filled(column)?;
        let in_wan = self.header.is_in_wan(column);
        match if in_wan { Money::parse_wan(&cell) } else { Money::parse_yuan(&cell) } {
            Ok(amount) => Some(amount),
            Err(error) if in_wan => {
                self.error(column, format!("「{}」{error}（该列按万元读入）。", shorten(&cell)));
                None
            }
            Err(error) => {
                if faults::names_several_lots(&cell) {
                    self.warn(column, "一格里写了多个包或标段的金额，请按标项拆成多行，每行一个金额。");
                }
                let advice = match error {
                    MoneyError::TooFine => "；本列单位是元，如填的是万元请换算",
                    MoneyError::NotANumber if cell.contains('万') => "；本列单位是元，请把万元换算成元",
                    _ => "",
                };
                self.error(column, format!("「{}」{error}{advice}。", shorten(&cell)));
                None
            }
        }
    }

    fn percent(&mut self) -> Option<Percent> {
        let cell = self.filled(Column::ReservedPct)?;
        match Percent::parse(&cell) {
            Ok(percent) => Some(percent),
            Err(error) => {
                self.error(Column::ReservedPct, format!("「{}」：{error}。", shorten(&cell)));
                None
            }
        }
    }

    fn day(&mut self, column: Column) -> Option<Day> {
        let cell = self.filled(column)?;
        match Day::parse(&cell) {
            Ok(day) => Some(day),
            Err(error) => {
                self.error(column, format!("「{}」{error}。", shorten(&cell)));
                None
            }
        }
    }

    fn uscc(&mut self, column: Column) -> String {
        let code = uscc::normalise(self.cell(column));
        if code.is_empty() {
            return code;
        }
        if let Err(warning) = uscc::check(&code) {
            self.warn(column, &format!("{warning}。"));
        }
        if code.chars().count() > 50 {
            self.error(column, format!("「{}」过长，统一社会信用代码为 18 位。", shorten(&code)));
        }
        code
    }

    fn link(&mut self) -> Option<String> {
        match text::link(self.cell(Column::Url)) {
            Ok(link) => link,
            Err(error) => {
                self.error(Column::Url, format!("{error}；没有链接请留空。"));
                None
            }
        }
    }
}

fn yes_or_no(cell: &str) -> Result<bool, UnknownLabel> {
    match cell {
        "是" => Ok(true),
        "否" => Ok(false),
        _ => Err(UnknownLabel { given: cell.to_owned(), allowed: "是、否".to_owned() }),
    }
}
