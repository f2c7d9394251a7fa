//! The announcement's lines as a grid shows them, and the panel around it.

use super::sheet::LineSheet;
use crate::domain::announcement::line::{AnnouncementLine, CellRefused, LineCell, LineChange, LineDraft};
use crate::domain::announcement::waiting::Told;
use crate::domain::money::Money;
use crate::ui::grid::{At, Cell, Column, Grid, Kind, Put, RowShown, Selection, Table, at};
use leptos::prelude::*;

/// The words of 预留选项.
const MEASURES: [&str; 4] = ["整体预留", "包预留", "联合体预留", "合同分包预留"];

/// The columns in their order; those without a cell are locked.
const COLUMNS: [Option<LineCell>; 9] = [
    Some(LineCell::ProjectName),
    None,
    Some(LineCell::Measure),
    Some(LineCell::Percent),
    Some(LineCell::Sme),
    Some(LineCell::SmallMicro),
    Some(LineCell::Url),
    None,
    None,
];
/// 采购单位名称.
const UNIT: usize = 1;
/// 修改理由.
const REASON: usize = 7;
/// 操作.
const DEED: usize = 8;

/// The cell that a column holds.
pub fn cell_of(column: usize) -> Option<LineCell> {
    COLUMNS.get(column).copied().flatten()
}

/// The column of a cell.
pub fn column_of(cell: LineCell) -> usize {
    COLUMNS.iter().position(|column| *column == Some(cell)).unwrap_or_default()
}

fn columns() -> Vec<Column> {
    let column = |code, label, unit, kind| Column { code, label, unit, kind };
    let each = |(at, cell): (usize, Option<LineCell>)| match cell {
        Some(cell @ LineCell::ProjectName) => column(cell.code(), cell.label(), None, Kind::Text),
        Some(cell @ LineCell::Measure) => column(cell.code(), cell.label(), None, Kind::Choice(&MEASURES)),
        Some(cell @ LineCell::Percent) => column(cell.code(), "预留比例", Some("%"), Kind::Number),
        Some(cell @ LineCell::Sme) => column(cell.code(), "面向中小企业采购金额", Some("万元"), Kind::Number),
        Some(cell @ LineCell::SmallMicro) => column(cell.code(), "面向小微企业采购金额", Some("万元"), Kind::Number),
        Some(cell @ LineCell::Url) => column(cell.code(), cell.label(), None, Kind::Link),
        None if at == UNIT => column("unit", "采购单位名称", None, Kind::Text),
        None if at == REASON => column("reason", "修改理由", None, Kind::Text),
        None => column("deed", "操作", None, Kind::Button),
    };
    COLUMNS.into_iter().enumerate().map(each).collect()
}

/// Why a column is locked.
const fn lock(column: usize) -> &'static str {
    match column {
        UNIT => "采购单位随所汇集的年度数据，不能在公告中修改",
        REASON => "理由在保存修改时填写",
        _ => "",
    }
}

/// A line as a row of the grid looks at it.
struct Looked<'a> {
    line: &'a AnnouncementLine,
    row: usize,
    draft: LineDraft,
    faults: Vec<CellRefused>,
    told: Vec<Told>,
}

impl Looked<'_> {
    fn cell(&self, column: usize) -> Cell {
        let (line, Some(cell)) = (self.line, cell_of(column)) else { return fixed(self.line, self.row, column) };
        let (text, approved) = (self.draft.text(cell).to_owned(), line.approved.text(cell));
        let differs = text != approved;
        let error = self.faults.iter().find(|fault| fault.cell == cell).map(ToString::to_string);
        let aside = match cell {
            LineCell::Url => line.values.url.clone().filter(|url| error.is_none() && *url == text),
            LineCell::Sme | LineCell::SmallMicro => Some("—".to_owned()),
            _ => None,
        };
        let told = self.told.iter().find(|told| told.cell == cell);
        Cell {
            lock: line.is_removed.then_some("该行已从公告中删除，「恢复」后才能修改"),
            warning: told.map(|told| told.news().unwrap_or_else(|| "尚未保存，填写修改理由后保存".to_owned())),
            note: differs.then(|| format!("审核完成的年度数据 {}", if approved.is_empty() { "（空）" } else { &approved })),
            is_changed: differs,
            error,
            aside,
            text,
            ..Cell::default()
        }
    }
}

impl LineSheet {
    /// What a row shows: of the line at `row`, what is typed over it and what there is to say of that.
    fn look<T>(self, row: usize, of: impl FnOnce(&Looked) -> T) -> Option<T> {
        self.draft.lines.with_untracked(|lines| {
            let line = lines.get(row)?;
            self.draft.waiting.with_untracked(|waiting| {
                let told = waiting.only_of(&line.id).told(std::slice::from_ref(line));
                Some(of(&Looked { line, row, draft: waiting.draft(line), faults: waiting.faults(line), told }))
            })
        })
    }
}

/// The columns that nobody types into.
fn fixed(line: &AnnouncementLine, row: usize, column: usize) -> Cell {
    match column {
        DEED => {
            let text = if line.is_removed { "恢复" } else { "删除" };
            let tone = if line.is_removed { "" } else { "bad" };
            Cell { text: text.to_owned(), aside: Some(format!("{text}第 {} 行", row + 1)), tone, ..Cell::default() }
        }
        _ => {
            let said = if line.is_removed { format!("已删除：{}", line.reason) } else { line.reason.clone() };
            let text = if column == UNIT { line.unit_name.clone() } else { said };
            Cell { text, lock: Some(lock(column)), ..Cell::default() }
        }
    }
}

impl Table for LineSheet {
    fn watch(&self) {
        self.draft.lines.track();
        self.draft.waiting.track();
    }

    fn rows(&self) -> usize {
        self.draft.lines.with_untracked(Vec::len)
    }

    fn row(&self, row: usize) -> Option<RowShown> {
        self.look(row, |looked| {
            let cells = (0..COLUMNS.len()).map(|column| looked.cell(column)).collect();
            RowShown { number: row + 1, is_locked: looked.line.is_removed, cells }
        })
    }

    fn text(&self, place: At) -> String {
        self.look(place.row, |looked| looked.cell(place.column).text).unwrap_or_default()
    }

    fn is_open(&self, place: At) -> bool {
        cell_of(place.column).is_some() && self.line(place.row).is_some_and(|(line, _)| !line.is_removed)
    }

    fn begin(&self, place: At) {
        self.start(place);
    }

    fn typing(&self, _place: At, text: String) {
        self.type_on(text);
    }

    fn commit(&self) {
        self.end(true);
    }

    fn take_back(&self) {
        self.end(false);
    }

    fn put(&self, cells: Vec<(At, String)>) -> Put {
        let (changed, locked) = self.fill(cells);
        Put { changed, locked }
    }

    fn undo(&self) -> Option<At> {
        self.play(true)
    }

    fn redo(&self) -> Option<At> {
        self.play(false)
    }

    fn press(&self, place: At) {
        let Some((line, _)) = self.line(place.row).filter(|_| place.column == DEED) else { return };
        if line.is_removed {
            let tell = self.tell;
            self.draft.change_line(line, LineChange::Restore, String::new(), move |result| match result {
                Ok(()) => tell.ok("已恢复该行"),
                Err(error) => tell.bad(error.to_string()),
            });
        } else {
            self.removing.run(line);
        }
    }

    /// Rows of another program go where they were pasted, cell by cell; nothing is added, because every line comes from a record.
    fn paste(&self, rows: Vec<Vec<String>>, place: At) {
        let (count, room) = (rows.len(), self.rows().saturating_sub(place.row));
        let cells = rows.into_iter().take(room).enumerate().flat_map(|(down, row)| {
            let right = COLUMNS.len().saturating_sub(place.column);
            row.into_iter().take(right).enumerate().map(move |(aside, text)| (at(place.row + down, place.column + aside), text))
        });
        let (changed, locked) = self.fill(cells.collect());
        let mut said = format!("已粘贴 {changed} 个单元格");
        if locked > 0 {
            said = format!("{said}，{locked} 个已锁定没有改动");
        }
        if count > room {
            said = format!("{said}；超出表格的 {} 行没有写入", count - room);
        }
        self.tell.ok(said);
    }

    fn choose(&self, _place: At, _own: bool) {}

    fn sort(&self, _column: usize) {
        self.tell.ok("公告的明细按公布的顺序排列，不能排序");
    }

    fn sorted(&self) -> Option<(usize, bool)> {
        None
    }

    fn say(&self, words: String) {
        self.tell.ok(words);
    }

    fn summary(&self, selection: &Selection) -> Option<String> {
        let amount = |place: At| {
            let cell = cell_of(place.column).filter(|cell| matches!(cell, LineCell::Sme | LineCell::SmallMicro))?;
            Money::parse_wan(self.line(place.row)?.1.text(cell)).ok()
        };
        let amounts: Vec<Money> = selection.cells().filter_map(amount).collect();
        (!amounts.is_empty()).then(|| format!("金额 {} 个，合计 {} 万元", amounts.len(), amounts.iter().copied().sum::<Money>().wan()))
    }

    fn left(&self) {}
}

/// The grid.
#[component]
pub fn SheetPanel(sheet: LineSheet) -> impl IntoView {
    view! {
        <div class="announcement-lines"><Grid table=sheet columns=columns() name="公告明细" id="announcement-grid" control=sheet.control /></div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e3_every_cell_has_its_column_and_locked_columns_say_why() {
        for cell in LineCell::ALL {
            assert_eq!(cell_of(column_of(cell)), Some(cell));
        }
        assert_eq!(columns().len(), COLUMNS.len());
        assert!(!lock(UNIT).is_empty() && !lock(REASON).is_empty());
    }
}
