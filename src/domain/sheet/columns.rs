//! The columns of a contract table and the header line that names them.

use super::{Finding, Severity};
use crate::domain::text::to_half_width;

/// A column of the exchange file, in the order in which the file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names of `SPECS` say it")]
pub enum Column {
    ContractNo,
    ContractTitle,
    ProjectNo,
    ProjectName,
    Lot,
    ProjectCreatedOn,
    BuyerName,
    BuyerUscc,
    SupplierName,
    SupplierUscc,
    SupplierScale,
    Category,
    Method,
    Amount,
    Budget,
    Source,
    Reserved,
    Measure,
    Target,
    ReservedPct,
    Sme,
    SmallMicro,
    GoodsMark,
    Retendered,
    SignedOn,
    PublishedOn,
    Url,
}

/// The names of the columns as the file is written.
pub const HEADER: [&str; 27] = [
    "合同编号",
    "合同名称",
    "项目编号",
    "项目名称",
    "标项",
    "项目创建日期",
    "采购人",
    "采购人统一社会信用代码",
    "供应商",
    "供应商统一社会信用代码",
    "供应商类型",
    "项目属性",
    "采购方式",
    "合同金额（元）",
    "预算金额（元）",
    "来源",
    "是否预留",
    "预留选项",
    "预留对象",
    "预留比例（%）",
    "面向中小企业金额（元）",
    "面向小微企业金额（元）",
    "商品标识",
    "不足3家重新采购",
    "合同签订日期",
    "合同公告日期",
    "合同链接",
];

/// What an export of contracts says besides: what the counting rules make of each. No import reads it, and none is astonished at it.
pub const EXPORTED_BESIDE: [&str; 5] = ["统计年度", "统计结果", "统计说明", "计入面向中小企业金额（元）", "计入面向小微企业金额（元）"];

/// The letters of a column, from 0: `A`, `Z`, `AA`, `XFD`.
pub fn letters(column: usize) -> String {
    let (mut rest, mut letters) = (column + 1, Vec::new());
    while rest > 0 {
        letters.push(char::from(b'A' + u8::try_from((rest - 1) % 26).unwrap_or_default()));
        rest = (rest - 1) / 26;
    }
    letters.into_iter().rev().collect()
}

const ALIASES: [&str; 27] = [
    "contract_no",
    "contract_title",
    "project_no",
    "project_name",
    "lot",
    "project_created_on",
    "buyer_name",
    "buyer_uscc",
    "supplier_name",
    "supplier_uscc",
    "supplier_scale",
    "category",
    "method",
    "amount_yuan",
    "budget_yuan",
    "source",
    "reserved",
    "measure",
    "target",
    "reserved_pct",
    "sme_yuan",
    "small_micro_yuan",
    "goods_mark",
    "retendered",
    "signed_on",
    "published_on",
    "url",
];

impl Column {
    /// Every column, in the order of the file.
    pub const ALL: [Column; 27] = [
        Column::ContractNo,
        Column::ContractTitle,
        Column::ProjectNo,
        Column::ProjectName,
        Column::Lot,
        Column::ProjectCreatedOn,
        Column::BuyerName,
        Column::BuyerUscc,
        Column::SupplierName,
        Column::SupplierUscc,
        Column::SupplierScale,
        Column::Category,
        Column::Method,
        Column::Amount,
        Column::Budget,
        Column::Source,
        Column::Reserved,
        Column::Measure,
        Column::Target,
        Column::ReservedPct,
        Column::Sme,
        Column::SmallMicro,
        Column::GoodsMark,
        Column::Retendered,
        Column::SignedOn,
        Column::PublishedOn,
        Column::Url,
    ];

    /// The Chinese name, as written in the first line.
    pub const fn name(self) -> &'static str {
        HEADER[self as usize]
    }

    /// The other name by which the first line may call it.
    pub const fn alias(self) -> &'static str {
        ALIASES[self as usize]
    }

    /// The column of this other name.
    pub fn from_alias(alias: &str) -> Option<Column> {
        Column::ALL.into_iter().find(|column| column.alias() == alias)
    }

    /// Whether a table without this column, or a row without this cell, is refused.
    pub const fn is_required(self) -> bool {
        matches!(
            self,
            Column::ContractNo
                | Column::ProjectName
                | Column::BuyerName
                | Column::SupplierName
                | Column::Amount
                | Column::Reserved
                | Column::SignedOn
        )
    }

    /// Whether its cells are amounts in 元.
    pub const fn is_money(self) -> bool {
        matches!(self, Column::Amount | Column::Budget | Column::Sme | Column::SmallMicro)
    }

    /// Reads a cell of the first line: blanks, width, case, full-width or ASCII brackets and a required-mark `*` do not matter.
    pub fn recognise(cell: &str) -> Option<Column> {
        let plain = plain(cell);
        Column::ALL.into_iter().find(|column| plain == plain_name(column.name()) || plain == column.alias())
    }

    /// The column whose name this would be but for its unit: `合同金额（万元）`, `合同金额`.
    pub fn without_unit(cell: &str) -> Option<Column> {
        let plain = plain(cell);
        let stem = |name: &str| name.split('(').next().unwrap_or_default().to_owned();
        Column::ALL
            .into_iter()
            .filter(|column| column.name().contains('（'))
            .find(|column| stem(&plain) == stem(&plain_name(column.name())))
    }
}

fn plain(cell: &str) -> String {
    let cell = to_half_width(cell);
    cell.chars().filter(|c| !c.is_whitespace() && !matches!(c, '*' | '\u{feff}' | '\u{200b}')).flat_map(char::to_lowercase).collect()
}

fn plain_name(name: &str) -> String {
    to_half_width(name)
}

/// What a column of a file is read as, as a person has chosen it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Assigned {
    /// The column.
    pub column: Column,
    /// Its amounts are in 万元 and are turned into 元.
    pub in_wan: bool,
}

impl Assigned {
    /// Everything that may be chosen: each column, and each column of money once more in 万元.
    pub fn all() -> impl Iterator<Item = Assigned> {
        Column::ALL.into_iter().flat_map(|column| {
            let plain = Assigned { column, in_wan: false };
            let in_wan = column.is_money().then_some(Assigned { column, in_wan: true });
            std::iter::once(plain).chain(in_wan)
        })
    }

    /// The name under which it is sent and stored: `amount_yuan`, `amount_wan`.
    pub fn code(self) -> String {
        if self.in_wan { self.column.alias().replace("_yuan", "_wan") } else { self.column.alias().to_owned() }
    }

    /// Reads [`Assigned::code`].
    pub fn from_code(code: &str) -> Option<Assigned> {
        Assigned::all().find(|assigned| assigned.code() == code)
    }

    /// The words on the screen: `合同金额（万元，换算为元）`.
    pub fn label(self) -> String {
        if self.in_wan { self.column.name().replace("（元）", "（万元，换算为元）") } else { self.column.name().to_owned() }
    }

    /// What a name in the first line probably means: the column of that name, or what such columns are often called.
    /// An amount in 万元 is never proposed: whoever chooses it should have looked.
    pub fn propose(cell: &str) -> Option<Assigned> {
        let plain = plain(cell);
        let usual = || USUAL.iter().find(|(_, names)| names.contains(&plain.as_str())).map(|(column, _)| *column);
        Column::recognise(cell).or_else(usual).map(|column| Assigned { column, in_wan: false })
    }
}

/// What columns are called in the exports of platforms and in the tables that offices keep.
const USUAL: [(Column, &[&str]); 14] = [
    (Column::ContractNo, &["合同号", "合同编码", "合同备案编号"]),
    (Column::ContractTitle, &["合同标题"]),
    (Column::ProjectNo, &["项目编码", "采购项目编号", "招标编号"]),
    (Column::ProjectName, &["采购项目名称", "项目"]),
    (Column::Lot, &["标段", "包号", "标项名称", "标项序号"]),
    (Column::BuyerName, &["采购单位", "采购单位名称", "采购人名称", "甲方"]),
    (Column::SupplierName, &["供应商名称", "中标供应商", "成交供应商", "中标(成交)供应商", "乙方"]),
    (Column::SupplierScale, &["企业类型", "企业规模", "供应商规模"]),
    (Column::Category, &["采购类型", "品目属性", "项目类型"]),
    (Column::Reserved, &["是否预留项目", "是否面向中小企业预留"]),
    (Column::Measure, &["预留方式", "预留形式"]),
    (Column::SignedOn, &["签订日期", "合同签订时间", "签约日期", "签订时间"]),
    (Column::PublishedOn, &["公告日期", "合同公告时间", "公告时间"]),
    (Column::Url, &["链接", "合同公告链接", "公告链接"]),
];

/// Rows in which the header is looked for: exports put a title and a line of conditions above it.
pub const HEADER_WITHIN: usize = 20;

/// The place of the header among the first rows: the first of those with the most names that are known; the first that is not blank
/// where none is.
pub fn find_header<'a>(rows: impl Iterator<Item = &'a [String]>) -> Option<usize> {
    let mut best: Option<(usize, usize)> = None;
    for (at, cells) in rows.take(HEADER_WITHIN).enumerate() {
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let known = cells.iter().filter(|cell| Assigned::propose(cell).is_some() || Column::without_unit(cell).is_some()).count();
        if best.is_none_or(|(_, most)| known > most) {
            best = Some((at, known));
        }
    }
    best.map(|(at, _)| at)
}

/// Which column stands where in one table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Place of each column, by its number in [`Column::ALL`].
    places: [Option<usize>; 27],
    /// For each place, whether its cells are known: read, or under a name we do not use. Cells elsewhere are misplaced.
    named: Vec<bool>,
    /// Columns whose amounts are in 万元, by their number.
    in_wan: [bool; 27],
}

impl Header {
    /// Reads the first line. The findings of an `Ok` are warnings (columns that are not read); those of an `Err` hold at least one error.
    pub fn read(cells: &[String]) -> Result<(Header, Vec<Finding>), Vec<Finding>> {
        let mut places = [None; 27];
        let mut findings = Vec::new();
        let mut found = |column: &str, severity: Severity, message: String| {
            findings.push(Finding { row: 1, column: column.to_owned(), severity, message });
        };
        for (place, cell) in cells.iter().enumerate() {
            let cell = cell.trim();
            if cell.is_empty() || EXPORTED_BESIDE.contains(&cell) {
                continue;
            }
            match (Column::recognise(cell), Column::without_unit(cell)) {
                (Some(column), _) => {
                    let slot = &mut places[column as usize];
                    match slot {
                        None => *slot = Some(place),
                        Some(first) => {
                            let message =
                                format!("「{}」出现两次（{} 列和 {} 列），请只保留一列。", column.name(), letters(*first), letters(place));
                            found(column.name(), Severity::Error, message);
                        }
                    }
                }
                (None, Some(column)) => {
                    let message = format!("列名「{}」的单位不明或不同，请换算后把列名改为「{}」。", shorten(cell), column.name());
                    found(column.name(), Severity::Error, message);
                }
                (None, None) => {
                    let message = format!("不认识列「{}」，这一列不会读入；如需读入请改用模板中的列名。", shorten(cell));
                    found(&shorten(cell), Severity::Warning, message);
                }
            }
        }
        for column in Column::ALL.into_iter().filter(|column| column.is_required() && places[*column as usize].is_none()) {
            let message = format!("缺少必填列「{}」，请在第 1 行补上列名。", column.name());
            found(column.name(), Severity::Error, message);
        }
        if findings.iter().any(|finding| finding.severity == Severity::Error) {
            return Err(findings);
        }
        let named = cells.iter().map(|cell| !cell.trim().is_empty()).collect();
        Ok((Header { places, named, in_wan: [false; 27] }, findings))
    }

    /// The columns as a person has assigned them to the places of the header in row `row`. The findings are as those of [`Header::read`].
    pub fn assigned(cells: &[String], row: usize, chosen: &[Option<Assigned>]) -> Result<(Header, Vec<Finding>), Vec<Finding>> {
        let mut header = Header { places: [None; 27], named: Vec::new(), in_wan: [false; 27] };
        let mut findings = Vec::new();
        let mut found = |column: &str, severity: Severity, message: String| {
            findings.push(Finding { row, column: column.to_owned(), severity, message });
        };
        for place in 0..cells.len().max(chosen.len()) {
            let name = cells.get(place).map_or("", |cell| cell.trim());
            header.named.push(!name.is_empty() || chosen.get(place).copied().flatten().is_some());
            match chosen.get(place).copied().flatten() {
                None if name.is_empty() => {}
                None => found(&shorten(name), Severity::Warning, format!("列「{}」没有对应的列，不会读入。", shorten(name))),
                Some(Assigned { column, in_wan }) => match header.places[column as usize] {
                    Some(first) => {
                        let message = format!("{} 列和 {} 列都对应「{}」，请只保留一列。", letters(first), letters(place), column.name());
                        found(column.name(), Severity::Error, message);
                    }
                    None => {
                        header.places[column as usize] = Some(place);
                        header.in_wan[column as usize] = in_wan;
                    }
                },
            }
        }
        for column in Column::ALL.into_iter().filter(|column| column.is_required() && header.places[*column as usize].is_none()) {
            found(column.name(), Severity::Error, format!("必填列「{}」还没有对应文件中的列。", column.name()));
        }
        if findings.iter().any(|finding| finding.severity == Severity::Error) { Err(findings) } else { Ok((header, findings)) }
    }

    /// Whether the amounts of this column are in 万元.
    pub fn is_in_wan(&self, column: Column) -> bool {
        self.in_wan[column as usize]
    }

    /// The header of a row whose cells are those of [`Column::ALL`], in their order.
    pub(super) fn whole() -> Header {
        let mut places = [None; 27];
        for (place, slot) in places.iter_mut().enumerate() {
            *slot = Some(place);
        }
        Header { places, named: vec![true; places.len()], in_wan: [false; 27] }
    }

    /// The cell of a column in a row, trimmed; empty where the row or the table does not reach.
    pub fn cell<'row>(&self, row: &'row [String], column: Column) -> &'row str {
        self.places[column as usize].and_then(|place| row.get(place)).map_or("", |cell| cell.trim())
    }

    /// The first cell that holds something although no column is named above it, by its place from 0: the row has shifted.
    pub fn misplaced(&self, row: &[String]) -> Option<usize> {
        let named = |place: usize| self.named.get(place).copied().unwrap_or(false);
        row.iter().enumerate().find(|(place, cell)| !named(*place) && !cell.trim().is_empty()).map(|(place, _)| place)
    }
}

/// At most forty characters, so that a message stays a message.
pub(super) fn shorten(text: &str) -> String {
    let text = text.trim();
    if text.chars().count() <= 40 { text.to_owned() } else { text.chars().take(39).chain(['…']).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(text: &str) -> Vec<String> {
        text.split('|').map(str::to_owned).collect()
    }

    #[test]
    fn a4_what_may_be_chosen_has_a_code_of_its_own() {
        let all: Vec<Assigned> = Assigned::all().collect();
        assert_eq!(all.len(), 27 + 4);
        for assigned in &all {
            assert_eq!(Assigned::from_code(&assigned.code()), Some(*assigned));
        }
        let in_wan = Assigned { column: Column::Amount, in_wan: true };
        assert_eq!((in_wan.code().as_str(), in_wan.label().as_str()), ("amount_wan", "合同金额（万元，换算为元）"));
        assert_eq!(Assigned::from_code(""), None);
    }

    #[test]
    fn a4_usual_names_are_proposed_and_amounts_in_another_unit_are_not() {
        let code = |name: &str| Assigned::propose(name).map(Assigned::code);
        for (name, expected) in [
            ("合同编号", "contract_no"),
            (" 采购 单位 ", "buyer_name"),
            ("中标（成交）供应商", "supplier_name"),
            ("*签订日期", "signed_on"),
        ] {
            assert_eq!(code(name).as_deref(), Some(expected), "{name}");
        }
        for name in ["合同金额（万元）", "合同金额", "备注", ""] {
            assert_eq!(code(name), None, "{name}");
        }
        for (column, names) in USUAL {
            for name in names {
                assert_eq!(Assigned::propose(name).map(|assigned| assigned.column), Some(column), "{name}");
            }
        }
    }

    #[test]
    fn a4_the_header_is_found_below_a_title() {
        let rows = [row("合同台账导出"), row(""), row("单位|测试"), row("序号|合同编号|采购单位|合同金额（万元）"), row("1|2|3|4")];
        assert_eq!(find_header(rows.iter().map(Vec::as_slice)), Some(3));
        let plain = [row(""), row("甲|乙"), row("1|2")];
        assert_eq!(find_header(plain.iter().map(Vec::as_slice)), Some(1));
        assert_eq!(find_header(std::iter::empty()), None);
    }

    #[test]
    fn a4_assigned_columns_must_be_whole_and_stand_once() {
        let codes = "contract_no|project_name|buyer_name|supplier_name|amount_wan|reserved|signed_on|";
        let chosen: Vec<Option<Assigned>> = codes.split('|').map(Assigned::from_code).collect();
        let (header, findings) = Header::assigned(&row("一|二|三|四|五|六|七|八"), 3, &chosen).unwrap();
        assert!(header.is_in_wan(Column::Amount) && !header.is_in_wan(Column::Budget));
        assert_eq!(header.cell(&row("1|2|3|4|5"), Column::Amount), "5");
        let said: Vec<_> = findings.iter().map(|finding| (finding.row, finding.severity, finding.column.as_str())).collect();
        assert_eq!(said, [(3, Severity::Warning, "八")]);
        let mut twice = chosen.clone();
        twice[7] = chosen[0];
        assert_eq!(Header::assigned(&row("一|二|三|四|五|六|七|八"), 1, &twice).unwrap_err().len(), 1);
        assert_eq!(Header::assigned(&row("一"), 1, &chosen[..1]).unwrap_err().len(), 6);
    }
}
