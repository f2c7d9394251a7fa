//! The portal's pictures: amounts as bars, 占比 as a line, 预留选项 as parts of a bar. Each stands above a table that says the same exactly.
//!
//! Always: a year without figures says what it is and has no bar; small and micro are drawn as a part of the SME amount, which they are;
//! nothing is told by colour alone.

mod svg;

use crate::domain::contract::Measure;
use crate::domain::money::{Money, Ratio};
use crate::domain::statistics::axis::{Axis, short};
use crate::domain::statistics::{Part, Standing, Sums, YearSums};
use leptos::prelude::*;
use svg::{Across, Anchor, Down, Room, Svg, WHOLE, swatch};

/// A row of a picture of amounts.
#[derive(Clone, Debug)]
pub struct Row {
    /// What it is about.
    pub name: String,
    /// What it has to show.
    pub standing: Standing,
    /// The amounts.
    pub sums: Sums,
}

impl From<&YearSums> for Row {
    fn from(year: &YearSums) -> Row {
        Row { name: year.year.to_string(), standing: year.standing, sums: year.sums }
    }
}

/// A name in at most so many signs.
fn cut(name: &str, most: usize) -> String {
    if name.chars().count() <= most { name.to_owned() } else { format!("{}…", name.chars().take(most - 1).collect::<String>()) }
}

/// The shortest form of an amount: without 元 behind 万 and 亿.
fn shortest(amount: Money) -> String {
    let words = short(amount);
    words.strip_suffix('元').filter(|rest| rest.ends_with(['万', '亿'])).map_or(words.clone(), str::to_owned)
}

/// A bar that is there can be seen.
const LEAST: Across = 30;

fn width(axis: &Axis, amount: Money) -> Across {
    if amount > Money::ZERO { axis.place(amount).max(LEAST) } else { 0 }
}

/// How rows are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Labels {
    /// Short names with the amounts on their line.
    Beside,
    /// Long names with the amounts on a line of their own.
    Below,
}

/// Amounts as horizontal bars, in the order of the rows: small and micro as the solid part of the hatched SME amount.
pub fn bars(id: &'static str, title: &str, words: &str, rows: &[Row], labels: Labels) -> impl IntoView + use<> {
    let lines: Down = if labels == Labels::Below { 140 } else { 0 };
    let step = 290 + lines;
    let most = rows.iter().map(|row| row.sums.sme).max().unwrap_or_default();
    let axis = Axis::up_to(most);
    let end = step * Down::try_from(rows.len()).unwrap_or(Down::MAX / 1_000) + 20;
    let mut svg = Svg::new(id, title, words, end + 160);
    for (at, tick) in axis.ticks.iter().enumerate() {
        let place = axis.place(*tick);
        svg.line("chart-grid", (place, 0), (place, end));
        let last = at + 1 == axis.ticks.len();
        let anchor = match at {
            0 => Anchor::Start,
            _ if last => Anchor::End,
            _ => Anchor::Middle,
        };
        let unit = if last { axis.scale.label() } else { "" };
        // The last label, with its unit, reaches to the one before it where there is little room.
        let room = if at + 2 == axis.ticks.len() && axis.ticks.len() > 3 { Room::ENOUGH } else { Room::ANY };
        svg.text("chart-quiet", (place, end + 130), anchor, room, &format!("{}{unit}", axis.scale.show(*tick)));
    }
    for (row, top) in rows.iter().zip((0..).map(|at| at * step)) {
        if labels == Labels::Beside {
            svg.text("chart-name", (0, top + 110), Anchor::Start, Room::ANY, &row.name);
        } else {
            svg.text("chart-name", (0, top + 110), Anchor::Start, Room { wide: true, ..Room::default() }, &cut(&row.name, 44));
            svg.text("chart-name", (0, top + 110), Anchor::Start, Room { middle: true, ..Room::default() }, &cut(&row.name, 22));
            svg.text("chart-name", (0, top + 110), Anchor::Start, Room::LITTLE, &cut(&row.name, 11));
        }
        let (from, anchor) = if labels == Labels::Beside { (WHOLE, Anchor::End) } else { (0, Anchor::Start) };
        let line = top + lines + 110;
        let bar = (top + lines + 150, 95);
        if row.standing == Standing::Figures {
            let Sums { sme, small_micro, .. } = row.sums;
            let all = format!("小微 {}，中小 {}", short(small_micro), short(sme));
            svg.text("chart-text", (from, line), anchor, Room::ENOUGH, &all);
            svg.text("chart-text", (from, line), anchor, Room::LITTLE, &format!("{} / {}", shortest(small_micro), shortest(sme)));
            let whole = width(&axis, sme);
            svg.bar("all", (0, whole), bar);
            svg.bar("part", (0, width(&axis, small_micro).min(whole)), bar);
        } else {
            svg.text("chart-quiet", (from, line), anchor, Room::ENOUGH, row.standing.sentence());
            svg.text("chart-quiet", (from, line), anchor, Room::LITTLE, row.standing.label());
            svg.line("chart-nothing", (0, bar.0 + 47), (WHOLE, bar.0 + 47));
        }
    }
    svg.line("chart-axis", (0, 0), (0, end));
    figure(id, title, svg.end(), &[("part", "面向小微企业"), ("all", "面向中小企业（含小微，整条）")])
}

/// Where a year stands across: the axis has its words on the left, the last label reaches to the right.
fn column(at: usize, count: usize) -> Across {
    let (at, count) = (Across::try_from(at).unwrap_or_default(), Across::try_from(count).unwrap_or(1).max(1));
    1_000 + 8_600 * (2 * at + 1) / (2 * count)
}

/// For which widths a label of the `at`th of `count` has room; the last always has.
fn room(at: usize, count: usize) -> Room {
    let fits = |most: usize| (count - 1 - at).is_multiple_of(count.div_ceil(most).max(1));
    Room { narrow: fits(4), middle: fits(8), wide: fits(16) }
}

/// 占比 of every year as a line from 0 to 100 %, broken where a year has none.
pub fn ratios(id: &'static str, title: &str, words: &str, years: &[YearSums]) -> impl IntoView + use<> {
    // The line lies between 100 % at the top and 0 % at the bottom.
    let (top, tall): (Down, Down) = (190, 1_000);
    let down = |hundredths: i64| top + tall - tall * hundredths.clamp(0, 10_000) / 10_000;
    let mut svg = Svg::new(id, title, words, top + tall + 180);
    for percent in [0, 50, 100] {
        let y = down(percent * 100);
        svg.line(if percent == 0 { "chart-axis" } else { "chart-grid" }, (0, y), (WHOLE, y));
        svg.text("chart-quiet", (0, y - 30), Anchor::Start, Room::ANY, &format!("{percent}%"));
    }
    let points: Vec<Option<(Across, Down)>> = years
        .iter()
        .enumerate()
        .map(|(at, year)| {
            let hundredths = year.figures().and_then(|sums| sums.ratio().hundredths())?;
            Some((column(at, years.len()), down(hundredths)))
        })
        .collect();
    for pair in points.windows(2) {
        if let [Some(from), Some(to)] = pair {
            svg.line("chart-line", *from, *to);
        }
    }
    for (at, (year, point)) in years.iter().zip(&points).enumerate() {
        let room = room(at, years.len());
        let x = column(at, years.len());
        match point {
            Some(point) => {
                svg.dot("chart-dot", *point);
                svg.text("chart-halo", (point.0, point.1 - 60), Anchor::Middle, room, &year.sums.ratio().percent());
            }
            None => svg.text("chart-quiet", (x, down(0) - 30), Anchor::Middle, Room::ANY, sign(year.standing)),
        }
        svg.text("chart-quiet", (x, down(0) + 140), Anchor::Middle, room, &year.year.to_string());
    }
    let mut kinds: Vec<Standing> = years.iter().map(|year| year.standing).filter(|standing| *standing != Standing::Figures).collect();
    kinds.dedup();
    let mut signs: Vec<String> = Vec::new();
    for kind in kinds {
        let words = format!("{}：{}", sign(kind), kind.label());
        if !signs.contains(&words) {
            signs.push(words);
        }
    }
    view! {
        {figure(id, title, svg.end(), &[])}
        {(!signs.is_empty()).then(|| view! { <p class="chart-note">{format!("图中标记　{}", signs.join("　"))}</p> })}
    }
}

/// What stands for a year without 占比 where there is little room.
const fn sign(standing: Standing) -> &'static str {
    match standing {
        Standing::Figures => "—",
        Standing::ZeroReport => "零",
        Standing::Revoked | Standing::HeldRevoked => "撤",
        Standing::Nothing | Standing::Unlisted => "无",
    }
}

/// The pattern of each part, in the order of 预留选项.
const fn pattern(at: usize) -> &'static str {
    match at {
        0 => "part",
        1 => "second",
        2 => "third",
        3 => "fourth",
        _ => "none",
    }
}

/// A part has its share written into it where there is room: this much of the width.
const LABELLED: Across = 1_400;

/// The SME amount of every row by 预留选项, each row as a whole.
pub fn measures(id: &'static str, title: &str, words: &str, rows: &[Row]) -> impl IntoView + use<> {
    let step: Down = 300;
    let mut svg = Svg::new(id, title, words, step * Down::try_from(rows.len()).unwrap_or(Down::MAX / 1_000) + 20);
    let mut has_unnamed = false;
    for (row, top) in rows.iter().zip((0..).map(|at| at * step)) {
        svg.text("chart-name", (0, top + 110), Anchor::Start, Room::ANY, &row.name);
        let bar = (top + 150, 125);
        if row.standing != Standing::Figures || row.sums.sme <= Money::ZERO {
            let (long, brief) = match row.standing {
                Standing::Figures => ("金额为 0，无法计算构成", "金额为 0"),
                other => (other.sentence(), other.label()),
            };
            svg.text("chart-quiet", (WHOLE, top + 110), Anchor::End, Room::ENOUGH, long);
            svg.text("chart-quiet", (WHOLE, top + 110), Anchor::End, Room::LITTLE, brief);
            svg.line("chart-nothing", (0, bar.0 + 62), (WHOLE, bar.0 + 62));
            continue;
        }
        svg.text("chart-text", (WHOLE, top + 110), Anchor::End, Room::ENOUGH, &format!("中小 {}", short(row.sums.sme)));
        svg.text("chart-text", (WHOLE, top + 110), Anchor::End, Room::LITTLE, &shortest(row.sums.sme));
        let mut before = Money::ZERO;
        let place = |amount: Money| i64::try_from(i128::from(amount.fen()) * 10_000 / i128::from(row.sums.sme.fen())).unwrap_or_default();
        for (at, part) in row.sums.parts().iter().enumerate().filter(|(_, part)| part.amount > Money::ZERO) {
            has_unnamed |= part.measure.is_none();
            let (from, to) = (place(before), place([before, part.amount].into_iter().sum()));
            before = [before, part.amount].into_iter().sum();
            svg.bar(pattern(at), (from, to - from), bar);
            if to - from >= LABELLED {
                svg.text("chart-halo", (i64::midpoint(from, to), bar.0 + 100), Anchor::Middle, Room::ANY, &whole_percent(part));
            }
        }
    }
    let mut legend: Vec<(&'static str, &'static str)> =
        Sums::default().parts().iter().enumerate().map(|(at, part)| (pattern(at), part.label())).collect();
    if has_unnamed {
        legend.push(("none", "未注明"));
    }
    figure(id, title, svg.end(), &legend)
}

/// A share in whole percent, half up.
fn whole_percent(part: &Part) -> String {
    part.share.hundredths().map(|share| format!("{}%", (share + 50) / 100)).unwrap_or_default()
}

/// The SME amount of one announcement by 预留选项, those that occur: a bar, and a list that says the same exactly.
pub fn shares(id: &'static str, shares: &[(Measure, Money)], whole: Money) -> impl IntoView + use<> {
    let place = |amount: Money| {
        if whole <= Money::ZERO {
            0
        } else {
            i64::try_from(i128::from(amount.fen()) * 10_000 / i128::from(whole.fen())).unwrap_or_default()
        }
    };
    let at = |measure: &Measure| Measure::ALL.iter().position(|each| each == measure).unwrap_or_default();
    let words: Vec<String> = shares
        .iter()
        .map(|(measure, amount)| format!("{} {} 万元（{}）", measure.label(), amount.wan(), Ratio::of(*amount, whole).percent()))
        .collect();
    let mut svg = Svg::new(id, "按预留选项", &words.join("；"), 130);
    let mut before = Money::ZERO;
    for (measure, amount) in shares {
        let after = [before, *amount].into_iter().sum();
        svg.bar(pattern(at(measure)), (place(before), place(after) - place(before)), (5, 120));
        before = after;
    }
    let items = shares
        .iter()
        .zip(words)
        .map(|((measure, _), words)| {
            let swatch = swatch(id, pattern(at(measure)));
            view! { <li><span inner_html=swatch></span>{words}</li> }
        })
        .collect_view();
    view! {
        <div inner_html=svg.end()></div>
        <ul class="chart-legend">{items}</ul>
    }
}

/// A picture with its title and what its patterns mean.
fn figure(id: &'static str, title: &str, svg: String, legend: &[(&'static str, &'static str)]) -> impl IntoView + use<> {
    let items = legend
        .iter()
        .map(|(pattern, words)| {
            let swatch = swatch(id, pattern);
            view! { <li><span inner_html=swatch></span>{*words}</li> }
        })
        .collect_view();
    let title = title.to_owned();
    view! {
        <figure class="chart-figure">
            <figcaption class="chart-title">{title}</figcaption>
            {(!legend.is_empty()).then(|| view! { <ul class="chart-legend">{items}</ul> })}
            <div class="chart-place" inner_html=svg></div>
        </figure>
    }
}
