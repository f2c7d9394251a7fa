//! 年度数据 as an XLSX: 汇总, 明细 and 未计入合同, figures as numbers.

use super::words::{grounds, reason};
use super::{LeftOut, RecordView, commands};
use crate::domain::ids::RecordId;
use crate::domain::record::line::{Line, LineCell, LineRules};
use crate::domain::record::totals;
use crate::error::AppError;
use crate::server::http::answer;
use crate::server::http::extract::Path;
use crate::server::request::{Deed, Services, SignedIn};
use crate::server::tables::{self, Book, Cell, Heading};
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use axum::{Extension, Router};

/// The address of the file.
pub fn router() -> Router<Services> {
    Router::new().route("/office/records/{id}/export.xlsx", get(xlsx))
}

async fn xlsx(State(services): State<Services>, Extension(signed_in): Extension<SignedIn>, Path(id): Path<String>) -> Response {
    let deed = Deed { at: services.clock.now(), by: signed_in.actor };
    export(&services, &deed, &id).await.unwrap_or_else(|error| answer::page(&error))
}

async fn export(services: &Services, deed: &Deed, id: &str) -> Result<Response, AppError> {
    let id = RecordId::parse(id).map_err(|_| AppError::NotFound)?;
    let view = commands::view(services, deed, &id).await?;
    let name =
        format!("{}-{}年中小企业预留执行情况-{}-{}", view.record.unit_name, view.record.year, view.record.status.label(), deed.at.day());
    tables::book(&name, deed.at, services.settings.data.clone(), move |book| write(book, &view)).await
}

fn write(book: &mut Book, view: &RecordView) -> Result<(), AppError> {
    book.begin("汇总", vec![("项目", 32), ("内容", 60)])?;
    for row in summary(view) {
        book.row(&row)?;
    }
    book.begin("明细", LINES.to_vec())?;
    for (number, line) in (1..).zip(&view.lines) {
        book.row(&line_cells(number, line, &view.rules))?;
    }
    book.begin("未计入合同", LEFT_OUT.to_vec())?;
    for left_out in &view.left_out {
        book.row(&left_out_cells(left_out, view))?;
    }
    Ok(())
}

fn summary(view: &RecordView) -> Vec<Vec<Cell>> {
    let record = &view.record;
    let sums = totals(&view.lines, &view.rules);
    let ratio = sums.ratio();
    let row = |name: &str, cell: Cell| vec![Cell::text(name), cell];
    let count = |count: usize| Cell::Number(count.to_string());
    vec![
        row("采购单位", Cell::text(&record.unit_name)),
        row("年度", Cell::Number(record.year.to_string())),
        row("状态", Cell::text(record.status.label())),
        row("退回或更正理由", Cell::text(record.status.reason())),
        row("面向中小企业采购金额（万元）", Cell::Wan(sums.sme)),
        row("面向小微企业采购金额（万元）", Cell::Wan(sums.small_micro)),
        row("面向小微企业采购金额占比（%）", ratio.hundredths().map_or_else(|| Cell::text("—"), |_| Cell::Number(ratio.to_string()))),
        row("计入项目（行）", count(sums.lines)),
        row("待处理（行）", count(sums.open)),
        row("未计入合同（份）", count(view.left_out.len())),
        row("统计年度依据", Cell::text(record.basis.label())),
        row("说明", Cell::text(&record.remark)),
        row("提交人", Cell::text(&view.submitted_by)),
        row("提交时间", Cell::maybe(record.submitted_at, |at| Cell::text(at.local()))),
        row("导出时间", Cell::text(view.now.local())),
    ]
}

const LINES: [Heading; 13] = [
    ("序号", 8),
    ("项目名称", 40),
    ("合同编号", 24),
    ("标项", 8),
    ("供应商", 32),
    ("预留选项", 14),
    ("预留比例（%）", 14),
    ("面向中小企业采购金额（万元）", 28),
    ("面向小微企业采购金额（万元）", 28),
    ("合同链接", 24),
    ("来源", 20),
    ("修改或纳入理由", 32),
    ("待处理事项", 32),
];

fn line_cells(number: usize, line: &Line, rules: &LineRules) -> Vec<Cell> {
    let review = line.review(rules);
    let contract = line.contract();
    let of = |text: Option<&String>| Cell::text(text.cloned().unwrap_or_default());
    let open: Vec<&str> = if review.counted.is_none() || review.blocks() {
        review.findings.iter().map(|finding| finding.message.as_str()).collect()
    } else {
        Vec::new()
    };
    vec![
        Cell::Number(number.to_string()),
        Cell::text(review.text(LineCell::ProjectName)),
        of(contract.map(|contract| &contract.contract_no)),
        of(contract.map(|contract| &contract.lot)),
        of(contract.map(|contract| &contract.supplier_name)),
        Cell::text(review.text(LineCell::Measure)),
        Cell::maybe(review.percent, |percent| Cell::Number(percent.to_string())),
        Cell::maybe(review.sme, Cell::Wan),
        Cell::maybe(review.small_micro, Cell::Wan),
        Cell::text(review.text(LineCell::Url)),
        Cell::text(line.source_label(rules)),
        Cell::text(reason(line)),
        Cell::text(open.join("；")),
    ]
}

const LEFT_OUT: [Heading; 9] = [
    ("合同编号", 24),
    ("标项", 8),
    ("项目名称", 40),
    ("供应商", 32),
    ("合同金额（元）", 20),
    ("合同签订日期", 14),
    ("未计入原因", 20),
    ("规则和依据", 48),
    ("依据的事实或理由", 48),
];

fn left_out_cells(left_out: &LeftOut, view: &RecordView) -> Vec<Cell> {
    let LeftOut { contract, rule, .. } = left_out;
    vec![
        Cell::text(&contract.contract_no),
        Cell::text(&contract.lot),
        Cell::text(&contract.project_name),
        Cell::text(&contract.supplier_name),
        Cell::Yuan(contract.amount),
        Cell::Day(contract.signed_on),
        Cell::text(rule.label()),
        Cell::text(format!("{}（{}）", rule.sentence(), rule.source())),
        Cell::text(grounds(left_out, view.rules.basis)),
    ]
}
