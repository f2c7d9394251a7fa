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
pub const EXPORTED_BESIDE: [&str; 5] = ["统计年度", "口径结果", "口径说明", "计入面向中小企业金额（元）", "计入面向小微企业金额（元）"];

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

    /// Reads a cell of the first line: blanks, width, case, full-width or ASCII brackets and a required-mark `*` do not matter.
    pub fn recognise(cell: &str) -> Option<Column> {
        let plain = plain(cell);
        Column::ALL.into_iter().find(|column| plain == plain_name(column.name()) || plain == column.alias())
    }

    /// The column whose name this would be but for its unit: `合同金额（万元）`, `合同金额`.
    fn without_unit(cell: &str) -> Option<Column> {
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

/// Which column stands where in one table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Place of each column, by its number in [`Column::ALL`].
    places: [Option<usize>; 27],
    /// For each place, whether its cells are known: read, or under a name we do not use. Cells elsewhere are misplaced.
    named: Vec<bool>,
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
                                format!("「{}」出现两次（第 {} 列和第 {} 列），请只保留一列。", column.name(), *first + 1, place + 1);
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
        Ok((Header { places, named }, findings))
    }

    /// The header of a row whose cells are those of [`Column::ALL`], in their order.
    pub(super) fn whole() -> Header {
        let mut places = [None; 27];
        for (place, slot) in places.iter_mut().enumerate() {
            *slot = Some(place);
        }
        Header { places, named: vec![true; places.len()] }
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
