//! Tables: columns, rows that stay whole where a page has room for them, the head on every page.

use super::content::{Align, Block, Cell, Size, Span, Table};
use super::flow::{Flow, Line, Role};
use super::pages::{Filling, Item, LEFT, TooLong, WIDTH};

/// Between the frame of a cell and its text, at the sides.
const SIDE: f32 = 4.5;
/// The same, above and below.
const ABOVE: f32 = 2.5;
/// The narrowest column that the content decides: three characters.
const NARROWEST: f32 = 3.0 * 10.5 + 2.0 * SIDE;

/// Beyond this a long text takes nothing from the other columns.
const WIDEST: f32 = WIDTH / 2.0;

/// A cell at its place.
struct Placed {
    column: usize,
    columns: usize,
    rows: usize,
    is_ground: bool,
    lines: Vec<Line>,
}

impl Placed {
    fn height(&self) -> f32 {
        self.lines.iter().map(|line| line.height).sum::<f32>() + 2.0 * ABOVE
    }
}

/// A row with how high it is.
struct Row {
    cells: Vec<Placed>,
    height: f32,
}

/// Sets a table and puts it onto the pages.
pub fn place(table: &Table, flow: &mut Flow<'_, '_>, filling: &mut Filling) -> Result<(), TooLong> {
    let columns = grid(table);
    let count = columns.iter().flatten().zip(table.rows.iter().flatten()).map(|(column, cell)| column + cell.columns).max();
    let Some(count) = count.filter(|count| *count > 0) else { return Ok(()) };
    let widths = if table.widths.len() == count { given(&table.widths) } else { by_content(table, &columns, count, flow) };
    let mut edges = vec![LEFT];
    for width in &widths {
        edges.push(edges[edges.len() - 1] + width);
    }
    let split = table.head.min(table.rows.len());
    let rows = |range: std::ops::Range<usize>, flow: &mut Flow<'_, '_>| -> Vec<Row> {
        range.map(|at| Row { cells: cells(&table.rows[at], &columns[at], &edges, at < split, flow), height: 0.0 }).collect()
    };
    let (caption, mut head, mut body) = flow.part(Role::Table, |flow| {
        let caption = table.caption.as_ref().map(|words| flow.caption(words)).unwrap_or_default();
        let head = flow.part(Role::Head, |flow| rows(0..split, flow));
        (caption, head, flow.part(Role::Rows, |flow| rows(split..table.rows.len(), flow)))
    });
    measure(&mut head);
    measure(&mut body);
    Placing { edges, filling }.all(caption, head, body)
}

/// In which column each cell begins.
fn grid(table: &Table) -> Vec<Vec<usize>> {
    // For each column how many more rows are covered from above.
    let mut covered: Vec<usize> = Vec::new();
    let mut columns = Vec::with_capacity(table.rows.len());
    for row in &table.rows {
        let mut at = 0;
        let mut of_row = Vec::with_capacity(row.len());
        let mut next = covered.iter().map(|rows| rows.saturating_sub(1)).collect::<Vec<_>>();
        for cell in row {
            while (at..at + cell.columns).any(|column| covered.get(column).is_some_and(|rows| *rows > 0)) {
                at += 1;
            }
            of_row.push(at);
            let end = at + cell.columns;
            if next.len() < end {
                next.resize(end, 0);
                covered.resize(end, 0);
            }
            next[at..end].fill(cell.rows - 1);
            at = end;
        }
        covered = next;
        columns.push(of_row);
    }
    columns
}

fn many(count: usize) -> f32 {
    u16::try_from(count).map_or(f32::from(u16::MAX), f32::from)
}

/// Given widths; what is left is shared by those of 0.
fn given(widths: &[f32]) -> Vec<f32> {
    let open = many(widths.iter().filter(|width| **width <= 0.0).count());
    let left = WIDTH - widths.iter().sum::<f32>();
    widths.iter().map(|width| if *width <= 0.0 { left / open } else { *width }).collect()
}

/// Widths by what stands in the columns: each as wide as it needs if all fit, else by its share.
fn by_content(table: &Table, columns: &[Vec<usize>], count: usize, flow: &Flow<'_, '_>) -> Vec<f32> {
    let mut wanted = vec![NARROWEST; count];
    for (cell, column) in table.rows.iter().flatten().zip(columns.iter().flatten()) {
        let each = (flow.natural(&cell.content).min(WIDEST) + 2.0 * SIDE + 1.0) / many(cell.columns);
        for wanted in &mut wanted[*column..*column + cell.columns] {
            *wanted = wanted.max(each);
        }
    }
    let sum: f32 = wanted.iter().sum();
    if sum <= WIDTH {
        return wanted.iter().map(|each| each * WIDTH / sum).collect();
    }
    let floor = NARROWEST.min(WIDTH / many(count));
    let (over, room): (f32, f32) = (wanted.iter().map(|each| each - floor).sum(), WIDTH - floor * many(count));
    wanted.iter().map(|each| floor + (each - floor) * room / over).collect()
}

/// The cells of a row as lines.
fn cells(row: &[Cell], columns: &[usize], edges: &[f32], is_head: bool, flow: &mut Flow<'_, '_>) -> Vec<Placed> {
    flow.part(Role::Row, |flow| {
        let set = row.iter().zip(columns).map(|(cell, column)| {
            let width = edges[column + cell.columns] - edges[*column] - 2.0 * SIDE;
            let spans = [cell.columns, cell.rows].map(|span| u32::try_from(span).unwrap_or(1));
            let role = if cell.is_header { Role::Header(is_head, spans) } else { Role::Cell(spans) };
            let lines = flow.part(role, |flow| flow.blocks(&cell.content, width));
            Placed { column: *column, columns: cell.columns, rows: cell.rows, is_ground: cell.is_header, lines }
        });
        set.collect()
    })
}

/// How high each row is: as its highest cell; one that covers several rows makes the last of them higher where it needs to.
fn measure(rows: &mut [Row]) {
    let count = rows.len();
    for row in rows.iter_mut() {
        row.height = row.cells.iter().filter(|cell| cell.rows == 1).map(Placed::height).fold(Size::Small.leading() + 2.0 * ABOVE, f32::max);
    }
    for at in 0..count {
        for cell in 0..rows[at].cells.len() {
            let (need, end) = (rows[at].cells[cell].height(), (at + rows[at].cells[cell].rows).min(count));
            let has: f32 = rows[at..end].iter().map(|row| row.height).sum();
            if need > has {
                rows[end - 1].height += need - has;
            }
        }
    }
}

/// Where the group of rows that cells tie together with this one ends.
fn tied(rows: &[Row], from: usize) -> usize {
    let mut end = from + 1;
    let mut at = from;
    while at < end {
        let reach = rows[at].cells.iter().map(|cell| at + cell.rows).max().unwrap_or(at + 1);
        end = end.max(reach.min(rows.len()));
        at += 1;
    }
    end
}

struct Placing<'a> {
    edges: Vec<f32>,
    filling: &'a mut Filling,
}

impl Placing<'_> {
    fn all(mut self, caption: Vec<Line>, head: Vec<Row>, mut body: Vec<Row>) -> Result<(), TooLong> {
        let above: f32 = head.iter().map(|row| row.height).sum();
        // A head that takes too much of every page is there once.
        let is_repeated = !head.is_empty() && above < Filling::height() / 3.0;
        let first = body.first().map_or(0.0, |row| row.height);
        let caption_height: f32 = caption.iter().map(|line| line.height).sum();
        let whole = caption_height + above + first;
        self.filling.need(if whole <= Filling::height() { whole } else { Filling::height() / 2.0 })?;
        for line in caption {
            let (y, height) = (self.filling.y, line.height);
            self.filling.put(Item::Line { x: LEFT, y, line, is_said: true });
            self.filling.y += height;
        }
        let room = Filling::height() - if is_repeated { above } else { 0.0 };
        if is_repeated {
            self.rows(&head, true);
        } else {
            body.splice(0..0, head_rows(&head)).for_each(drop);
        }
        let mut at = 0;
        while at < body.len() {
            let end = tied(&body, at);
            let height: f32 = body[at..end].iter().map(|row| row.height).sum();
            if height > room && end > at + 1 {
                untie(&mut body[at..end]);
                continue;
            }
            if height > self.filling.left() + 0.01 && (height <= room || self.filling.left() < 4.0 * Size::Small.leading()) {
                self.turn(&head, is_repeated)?;
            }
            if height <= self.filling.left() + 0.01 {
                self.rows(&body[at..end], true);
            } else {
                self.split(&body[at], &head, is_repeated)?;
            }
            at = end;
        }
        Ok(())
    }

    /// The next page, with the head.
    fn turn(&mut self, head: &[Row], is_repeated: bool) -> Result<(), TooLong> {
        self.filling.turn()?;
        if is_repeated {
            self.rows(head, false);
        }
        Ok(())
    }

    /// Rows that belong together.
    fn rows(&mut self, rows: &[Row], is_said: bool) {
        let mut y = self.filling.y;
        for (at, row) in rows.iter().enumerate() {
            for cell in &row.cells {
                let height: f32 = rows[at..(at + cell.rows).min(rows.len())].iter().map(|row| row.height).sum();
                self.cell(cell, &cell.lines, y, height, is_said);
            }
            y += row.height;
        }
        self.filling.y = y;
    }

    /// A row that no page has room for: line by line.
    fn split(&mut self, row: &Row, head: &[Row], is_repeated: bool) -> Result<(), TooLong> {
        let mut left: Vec<&[Line]> = row.cells.iter().map(|cell| cell.lines.as_slice()).collect();
        loop {
            let room = self.filling.left() - 2.0 * ABOVE;
            let mut height = 0.0_f32;
            let parts: Vec<&[Line]> = left
                .iter_mut()
                .map(|lines| {
                    let mut taken = 0.0;
                    let count = lines
                        .iter()
                        .take_while(|line| {
                            taken += line.height;
                            taken <= room + 0.01
                        })
                        .count();
                    let (part, rest) = lines.split_at(count.max(usize::from(self.filling.is_fresh())).min(lines.len()));
                    *lines = rest;
                    height = height.max(part.iter().map(|line| line.height).sum());
                    part
                })
                .collect();
            let (y, height) = (self.filling.y, height + 2.0 * ABOVE);
            for (cell, part) in row.cells.iter().zip(parts) {
                self.cell(cell, part, y, height, true);
            }
            self.filling.y += height;
            if left.iter().all(|lines| lines.is_empty()) {
                return Ok(());
            }
            self.turn(head, is_repeated)?;
        }
    }

    fn cell(&mut self, cell: &Placed, lines: &[Line], y: f32, height: f32, is_said: bool) {
        let (x, width) = (self.edges[cell.column], self.edges[cell.column + cell.columns] - self.edges[cell.column]);
        if cell.is_ground {
            self.filling.put(Item::Ground([x, y, width, height]));
        }
        self.filling.put(Item::Frame([x, y, width, height]));
        let mut y = y + (height - lines.iter().map(|line| line.height).sum::<f32>()) / 2.0;
        for line in lines {
            self.filling.put(Item::Line { x: x + SIDE, y, line: line.clone(), is_said });
            y += line.height;
        }
    }
}

/// The rows of a head that is there once, for among the others.
fn head_rows(head: &[Row]) -> Vec<Row> {
    let cell = |cell: &Placed| Placed { lines: cell.lines.clone(), ..*cell };
    head.iter().map(|row| Row { cells: row.cells.iter().map(cell).collect(), height: row.height }).collect()
}

/// Rows that no page holds together: what covers several of them stands in the first.
fn untie(rows: &mut [Row]) {
    for cell in rows.iter_mut().flat_map(|row| &mut row.cells) {
        cell.rows = 1;
    }
    measure(rows);
}

impl Flow<'_, '_> {
    fn caption(&mut self, words: &str) -> Vec<Line> {
        let spans = vec![Span { is_bold: true, ..Span::plain(words) }];
        let block = Block::Paragraph { size: Size::Body, align: Align::Center, is_indented: false, spans };
        self.part(Role::Caption, |flow| flow.block(&block, WIDTH))
    }

    /// How wide this would be without a break of ours.
    fn natural(&self, blocks: &[Block]) -> f32 {
        let of = |block: &Block| match block {
            Block::Heading { size, spans, .. } | Block::Paragraph { size, spans, .. } => {
                let mut widest = 0.0_f32;
                let mut width = 0.0;
                for (c, span) in spans.iter().flat_map(|span| span.text.chars().map(move |c| (c, span))) {
                    width = if c == '\n' { 0.0 } else { width + self.pictures.of(c, span.is_bold).advance * size.points() };
                    widest = widest.max(width);
                }
                widest
            }
            Block::List { size, items, .. } => items.iter().map(|item| self.natural(item)).fold(0.0, f32::max) + 2.0 * size.points(),
            Block::Table(_) | Block::Rule => 0.0,
        };
        blocks.iter().map(of).fold(0.0, f32::max)
    }
}
