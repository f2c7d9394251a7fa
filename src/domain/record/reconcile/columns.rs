//! What a pasted column can hold, and by which names people call it.

use crate::domain::record::line::LineCell;
use crate::domain::sheet;
use crate::domain::text::{is_invisible, to_half_width};

/// What a pasted column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// It is not read.
    Skip,
    /// 序号: not read either, but known.
    Serial,
    /// 合同编号, by which rows are matched.
    ContractNo,
    /// 标项, beside the 合同编号.
    Lot,
    /// 合同金额: compared, never written.
    ContractAmount,
    /// A cell of the detail table.
    Cell(LineCell),
}

impl Column {
    /// Every meaning, in the order in which a person chooses.
    pub const ALL: [Column; 13] = [
        Column::Skip,
        Column::Serial,
        Column::ContractNo,
        Column::Lot,
        Column::Cell(LineCell::ProjectName),
        Column::Cell(LineCell::Measure),
        Column::Cell(LineCell::Percent),
        Column::ContractAmount,
        Column::Cell(LineCell::Sme),
        Column::Cell(LineCell::SmallMicro),
        Column::Cell(LineCell::PublishedOn),
        Column::Cell(LineCell::Url),
        Column::Cell(LineCell::Reason),
    ];

    /// Its words, without the unit.
    pub const fn label(self) -> &'static str {
        match self {
            Column::Skip => "不读入",
            Column::Serial => "序号",
            Column::ContractNo => "合同编号",
            Column::Lot => "标项",
            Column::ContractAmount => "合同金额（仅核对）",
            Column::Cell(cell) => words(cell),
        }
    }

    /// Stable ASCII name, for the page.
    pub const fn code(self) -> &'static str {
        match self {
            Column::Skip => "skip",
            Column::Serial => "serial",
            Column::ContractNo => "contract_no",
            Column::Lot => "lot",
            Column::ContractAmount => "amount",
            Column::Cell(cell) => cell.code(),
        }
    }

    /// Reads what [`Column::code`] writes.
    pub fn from_code(code: &str) -> Option<Column> {
        Column::ALL.into_iter().find(|column| column.code() == code)
    }

    /// Whether it holds amounts, and so has a unit.
    pub const fn is_amount(self) -> bool {
        matches!(self, Column::ContractAmount | Column::Cell(LineCell::Sme | LineCell::SmallMicro))
    }

    /// Whether two columns cannot both hold it.
    pub(super) const fn is_single(self) -> bool {
        !matches!(self, Column::Skip | Column::Serial)
    }
}

/// The words of a cell, without the unit.
pub const fn words(cell: LineCell) -> &'static str {
    match cell {
        LineCell::Percent => "预留比例",
        LineCell::Sme => "面向中小企业采购金额",
        LineCell::SmallMicro => "面向小微企业采购金额",
        LineCell::ProjectName | LineCell::Measure | LineCell::PublishedOn | LineCell::Url | LineCell::Reason => cell.label(),
    }
}

/// A name read from a header line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// It means this.
    Column(Column),
    /// It means this if no other column does.
    Perhaps(Column),
    /// A column of the contracts' own table that the detail table has not.
    NotOfTable,
}

/// Reads a cell of a header line: blanks, width, case, brackets with a unit, a required-mark and 「其中」 do not matter.
pub(super) fn recognise(cell: &str) -> Option<Named> {
    use Column::{Cell, ContractAmount, ContractNo, Lot, Serial};
    use LineCell::{Measure, Percent, ProjectName, PublishedOn, Reason, SmallMicro, Sme, Url};
    let whole = plain(cell);
    let bare = whole.split(['(', '[', '【']).next().unwrap_or_default();
    let bare = bare.trim_start_matches("其中").trim_start_matches([':', ',', '、']).trim_end_matches(['*', ':']);
    let column = match bare {
        "序号" | "行号" | "no" | "no." | "#" | "编号" => Serial,
        "合同编号" | "合同号" | "合同编码" | "采购合同编号" | "合同备案号" | "contract_no" => ContractNo,
        "标项" | "标项号" | "标项编号" | "包号" | "包件号" | "分包号" | "标段" | "lot" => Lot,
        "项目名称" | "采购项目名称" | "项目" | "采购项目" | "project_name" => Cell(ProjectName),
        "合同名称" | "名称" | "contract_title" => return Some(Named::Perhaps(Cell(ProjectName))),
        "预留选项" | "预留方式" | "预留形式" | "预留措施" | "预留类型" | "预留份额方式" | "预留采购份额方式" | "measure" => {
            Cell(Measure)
        }
        "预留比例" | "预留份额比例" | "预留占比" | "比例" | "预留比例%" | "比例%" | "reserved_pct" => Cell(Percent),
        "面向中小企业采购金额"
        | "面向中小企业金额"
        | "面向中小企业预留金额"
        | "面向中小企业采购额"
        | "面向中小企业"
        | "中小企业采购金额"
        | "中小企业金额"
        | "中小企业预留金额"
        | "中小金额"
        | "中小企业"
        | "sme_yuan"
        | "sme" => Cell(Sme),
        "采购金额" | "金额" => return Some(Named::Perhaps(Cell(Sme))),
        "面向小微企业采购金额"
        | "面向小微企业金额"
        | "面向小微企业预留金额"
        | "面向小微企业采购额"
        | "面向小微企业"
        | "小微企业采购金额"
        | "小微企业金额"
        | "小微企业预留金额"
        | "小微金额"
        | "小微企业"
        | "small_micro_yuan"
        | "small_micro" => Cell(SmallMicro),
        "合同公告日期" | "合同公告时间" | "合同公示日期" | "公告日期" | "公告时间" | "published_on" => {
            Cell(PublishedOn)
        }
        "合同链接" | "合同公告链接" | "公告链接" | "合同公告网址" | "合同公告地址" | "合同网址" | "链接" | "网址" | "url" => {
            Cell(Url)
        }
        "修改理由" | "修改原因" | "修改说明" | "理由" | "reason" => Cell(Reason),
        "备注" | "说明" => return Some(Named::Perhaps(Cell(Reason))),
        "合同金额" | "合同总金额" | "合同总价" | "合同价款" | "成交金额" | "中标金额" | "amount_yuan" => {
            ContractAmount
        }
        _ => return sheet::Column::recognise(cell).or_else(|| sheet::Column::recognise(bare)).map(|_| Named::NotOfTable),
    };
    Some(Named::Column(column))
}

/// A text as names are compared: half width, lower case, without blanks and what nobody sees.
pub(super) fn plain(text: &str) -> String {
    let text = to_half_width(text);
    text.chars().filter(|c| !c.is_whitespace() && !is_invisible(*c)).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn e2_the_columns_of_the_table_of_the_notice_and_of_the_exchange_file_are_known() {
        for (name, expected) in [
            ("序号", Column::Serial),
            ("项目名称", Column::Cell(LineCell::ProjectName)),
            ("预留选项", Column::Cell(LineCell::Measure)),
            ("预留比例(%)", Column::Cell(LineCell::Percent)),
            ("预留比例（％）", Column::Cell(LineCell::Percent)),
            ("面向中小企业采购金额（万元）", Column::Cell(LineCell::Sme)),
            ("面向中小企业金额（元）", Column::Cell(LineCell::Sme)),
            ("其中：面向小微企业采购金额\n（万元）", Column::Cell(LineCell::SmallMicro)),
            ("合 同 编 号*", Column::ContractNo),
            ("标项", Column::Lot),
            ("合同链接", Column::Cell(LineCell::Url)),
            ("合同公告日期", Column::Cell(LineCell::PublishedOn)),
            ("修改理由", Column::Cell(LineCell::Reason)),
            ("合同金额（元）", Column::ContractAmount),
            ("SME_YUAN", Column::Cell(LineCell::Sme)),
        ] {
            assert_eq!(recognise(name), Some(Named::Column(expected)), "{name}");
        }
        for cell in LineCell::ALL {
            assert_eq!(recognise(cell.label()), Some(Named::Column(Column::Cell(cell))));
        }
        assert_eq!(recognise("供应商"), Some(Named::NotOfTable));
        assert_eq!(recognise("备注"), Some(Named::Perhaps(Column::Cell(LineCell::Reason))));
        assert_eq!(recognise("联系电话"), None);
        assert_eq!(recognise(""), None);
    }

    #[test]
    fn e2_each_meaning_has_a_name_of_its_own() {
        let codes: HashSet<&str> = Column::ALL.into_iter().map(Column::code).collect();
        assert_eq!(codes.len(), Column::ALL.len());
        assert!(Column::ALL.into_iter().all(|column| Column::from_code(column.code()) == Some(column)));
    }
}
