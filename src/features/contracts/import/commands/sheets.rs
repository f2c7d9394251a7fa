//! Tables that are given out: the template, and the rows that an import did not take.
//!
//! Text is written as text cells, so that nothing in it is a formula to a spreadsheet.

use super::super::api::Import;
use super::super::store;
use super::{aside, find, gone, may_import};
use crate::domain::contract::{Category, GoodsMark, Measure, Source, SupplierScale, Target};
use crate::domain::ids::ImportId;
use crate::domain::sheet::{Assigned, Column};
use crate::error::AppError;
use crate::server::fault::fault;
use crate::server::request::{Deed, Services};
use crate::server::tables::with_room;
use crate::server::uploads::Outgoing;
use crate::server::workbook::{Flow, TableError, TableFile};
use rust_xlsxwriter::{Color, DataValidation, Format, FormatAlign, Workbook, Worksheet, XlsxError};
use std::collections::HashMap;

/// Rows below the header in which the template offers the words that may be chosen.
const OFFERED: u32 = 2_000;
/// Characters that a cell takes.
const TEXT: usize = 32_000;
/// Digits of a number that a spreadsheet keeps.
const DIGITS: usize = 15;

/// An empty table with every column, and a second sheet that says what goes into each.
pub async fn template(deed: &Deed) -> Result<Vec<u8>, AppError> {
    may_import(deed)?;
    let buyer = deed.by.unit_name.clone();
    aside(move || write_template(&buyer)).await?.map_err(|error| fault(&error))
}

fn head_format(is_required: bool) -> Format {
    let ground = if is_required { Color::RGB(0x00E9_F0FC) } else { Color::RGB(0x00F4_F6F8) };
    Format::new().set_bold().set_text_wrap().set_align(FormatAlign::VerticalCenter).set_background_color(ground)
}

fn write_template(buyer: &str) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let text = Format::new().set_num_format("@");
    let sheet = book.add_worksheet().set_name("合同")?;
    for (at, column) in (0_u16..).zip(Column::ALL) {
        sheet.write_string_with_format(0, at, column.name(), &head_format(column.is_required()))?;
        sheet.set_column_width(at, if wide(column) { 28 } else { 16 })?;
        // A long number in a cell of numbers loses its digits after the fifteenth.
        if matches!(column, Column::ContractNo | Column::ProjectNo | Column::Lot | Column::BuyerUscc | Column::SupplierUscc) {
            sheet.set_column_format(at, &text)?;
        }
        let words = words_of(column);
        if !words.is_empty() {
            sheet.add_data_validation(1, at, OFFERED, at, &DataValidation::new().allow_list_strings(&words)?)?;
        }
    }
    sheet.set_freeze_panes(1, 1)?;
    let sheet = book.add_worksheet().set_name("填写说明")?;
    for (at, title) in (0_u16..).zip(["列名", "是否必填", "怎么填", "示例"]) {
        sheet.write_string_with_format(0, at, title, &head_format(false))?;
        sheet.set_column_width(at, [26, 10, 60, 34][usize::from(at)])?;
    }
    let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    for (row, column) in (1_u32..).zip(Column::ALL) {
        let example = if column == Column::BuyerName { buyer } else { example(column) };
        for (at, words) in (0_u16..).zip([column.name(), if column.is_required() { "必填" } else { "" }, &advice(column), example]) {
            sheet.write_string_with_format(row, at, words, &wrapped)?;
        }
    }
    let after = u32::try_from(Column::ALL.len()).unwrap_or_default() + 2;
    sheet.write_string(after, 0, "采购人、合同编号、标项三项相同的合同视为同一份：再次导入时更新原有内容。本表不会被导入。")?;
    sheet.set_freeze_panes(1, 0)?;
    book.save_to_buffer()
}

const fn wide(column: Column) -> bool {
    matches!(column, Column::ContractTitle | Column::ProjectName | Column::BuyerName | Column::SupplierName | Column::Url)
}

/// The words among which a column's cells are.
fn words_of(column: Column) -> Vec<&'static str> {
    match column {
        Column::SupplierScale => SupplierScale::ALL.iter().map(|each| each.label()).collect(),
        Column::Category => Category::ALL.iter().map(|each| each.label()).collect(),
        Column::Source => Source::ALL.iter().map(|each| each.label()).collect(),
        Column::Measure => Measure::ALL.iter().map(|each| each.label()).collect(),
        Column::Target => Target::ALL.iter().map(|each| each.label()).collect(),
        Column::GoodsMark => GoodsMark::ALL.iter().map(|each| each.label()).collect(),
        Column::Reserved | Column::Retendered => vec!["是", "否"],
        _ => Vec::new(),
    }
}

/// What to write into a column's cells.
fn advice(column: Column) -> String {
    let words = words_of(column);
    if !words.is_empty() {
        let empty = match column {
            Column::Source => "；留空为项目采购",
            Column::Retendered => "；留空为否",
            Column::Measure => "；是否预留为「是」时填写",
            _ => "",
        };
        return format!("填：{}{empty}", words.join("、"));
    }
    match column {
        Column::ContractNo => "合同的编号，按文本填写，避免长数字被截断",
        Column::Lot => "同一合同编号有多个标项（包）时必须区分，每个标项一行",
        Column::BuyerName => "采购单位全称，须与本系统登记的单位名称一致",
        Column::BuyerUscc | Column::SupplierUscc => "18 位统一社会信用代码",
        Column::Amount | Column::Budget => "以元为单位的数字，最多两位小数",
        Column::Sme => "合同中面向中小企业的金额；留空时按口径推算",
        Column::SmallMicro => "合同中面向小微企业的金额；留空时按口径推算",
        Column::ReservedPct => "百分数，如 40 表示 40%；联合体预留、合同分包预留时填写",
        Column::ProjectCreatedOn | Column::SignedOn | Column::PublishedOn => "日期，如 2024-03-15",
        Column::Url => "合同公告的网址，以 http:// 或 https:// 开头",
        _ => "",
    }
    .to_owned()
}

const fn example(column: Column) -> &'static str {
    match column {
        Column::ContractNo => "11N42508000620241001",
        Column::ContractTitle => "办公设备采购合同",
        Column::ProjectNo => "310000000240301000001",
        Column::ProjectName => "办公设备采购",
        Column::Lot => "包件1",
        Column::ProjectCreatedOn => "2024-01-08",
        Column::SupplierName => "某某信息技术有限公司",
        Column::SupplierUscc => "91350100M000100Y43",
        Column::SupplierScale => "小型",
        Column::Category => "货物",
        Column::Method => "公开招标",
        Column::Amount => "1250000.00",
        Column::Budget => "1300000.00",
        Column::Source => "项目采购",
        Column::Reserved => "是",
        Column::Measure => "整体预留",
        Column::Target => "中小企业",
        Column::ReservedPct | Column::Sme | Column::SmallMicro | Column::GoodsMark | Column::BuyerName | Column::BuyerUscc => "",
        Column::Retendered => "否",
        Column::SignedOn => "2024-03-15",
        Column::PublishedOn => "2024-03-20",
        Column::Url => "https://www.zfcg.sh.gov.cn/…",
    }
}

/// The rows with errors as they stand in the file, with a column 「问题」 in front of them; and the file's name.
pub async fn rest(services: &Services, deed: &Deed, id: &ImportId) -> Result<(String, Vec<u8>), AppError> {
    let db = &mut *services.db.read().await?;
    let import = find(db, deed, id).await?.import;
    let faults = store::faulty_rows(db, id).await?;
    if faults.keys().all(|row| *row <= import.head.row) {
        return Err(AppError::NotFound);
    }
    let file = services.uploads.read(id.as_str()).map_err(|error| gone(&error))?;
    let stem = import.file_name.rsplit_once('.').map_or(import.file_name.as_str(), |(stem, _)| stem);
    let name = format!("{stem}-未导入的行.xlsx");
    let data = services.settings.data.clone();
    let writing = services.uploads.turn().await?.look(file, move |file| {
        // Outlives the writing, as `with_room` wants it.
        let mut book = Workbook::new();
        with_room(Some(&data), || {
            book.set_tempdir(&data)?;
            write_rest(&mut book, file, &import, &faults)
        })
    });
    match writing.ended().await.map_err(|error| fault(&error))?? {
        Ok(content) => Ok((name, content)),
        Err(error) => Err(fault(&error)),
    }
}

/// The inner error is the file's, the outer one the sheet's.
fn write_rest(
    book: &mut Workbook,
    file: Outgoing,
    import: &Import,
    faults: &HashMap<usize, String>,
) -> Result<Result<Vec<u8>, TableError>, XlsxError> {
    let mut table = match TableFile::open(file) {
        Ok(table) => table,
        Err(error) => return Ok(Err(error)),
    };
    let sheet = book.add_worksheet_with_constant_memory()?;
    sheet.set_name("未导入的行")?;
    sheet.set_freeze_panes(1, 0)?;
    sheet.set_column_width(0, 60)?;
    let money: Vec<bool> =
        import.columns.iter().map(|code| Assigned::from_code(code).is_some_and(|assigned| assigned.column.is_money())).collect();
    let (head, wrapped) = (head_format(false), Format::new().set_text_wrap().set_align(FormatAlign::Top));
    let (mut at, mut failed) = (0_u32, None);
    let read = table.rows(import.sheet, &mut |row| {
        let written = if row.number == import.head.row {
            write_row(sheet, at, ("问题", &head), row.cells, &[])
        } else if let Some(words) = faults.get(&row.number) {
            write_row(sheet, at, (&format!("原第 {} 行\n{words}", row.number), &wrapped), row.cells, &money)
        } else {
            return Flow::Continue(());
        };
        at += 1;
        match written {
            Ok(()) => Flow::Continue(()),
            Err(error) => {
                failed = Some(error);
                Flow::Break(())
            }
        }
    });
    failed.map_or(Ok(()), Err)?;
    read.map_or_else(|error| Ok(Err(error)), |()| book.save_to_buffer().map(Ok))
}

/// The words about a row and, behind them, its cells: amounts that read as plain numbers stay numbers, everything else is text, so that
/// nothing is a formula.
fn write_row(sheet: &mut Worksheet, at: u32, words: (&str, &Format), cells: &[String], money: &[bool]) -> Result<(), XlsxError> {
    let short = |text: &str| text.chars().take(TEXT).collect::<String>();
    sheet.write_string_with_format(at, 0, short(words.0), words.1)?;
    for ((column, cell), place) in (1_u16..).zip(cells).zip(0_usize..) {
        let is_money = money.get(place).copied().unwrap_or(false);
        let is_plain = cell.len() <= DIGITS && cell.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        match cell.parse::<f64>() {
            Ok(number) if is_money && is_plain => sheet.write_number(at, column, number)?,
            _ if cell.is_empty() => continue,
            _ => sheet.write_string(at, column, short(cell))?,
        };
    }
    Ok(())
}
