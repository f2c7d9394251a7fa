//! The pictures of the portal and their tables: only what stands, exactly, and nothing that was not published.

use super::*;
use setaside::domain::money::Ratio;
use std::time::Instant;

/// The figures of an announcement as open data says them: project count, the two amounts, and the amount by 预留选项.
async fn figures(app: &TestApp, number: &str) -> (usize, Money, Money, Vec<(String, Money)>) {
    let whole = ask(app, &format!("/api/v1/announcements/{number}"), 200).await.json();
    let yuan = |value: &Value| Money::parse_yuan(value.as_str().unwrap()).unwrap();
    let lines = whole["lines"].as_array().unwrap();
    let parts = whole["by_measure"].as_array().unwrap();
    let parts = parts.iter().map(|part| (part["label"].as_str().unwrap().to_owned(), yuan(&part["sme"]))).collect();
    (lines.len(), yuan(&whole["totals"]["sme"]), yuan(&whole["totals"]["small_micro"]), parts)
}

/// The cells of the row of a table that begins with this, after the caption.
fn row(page: &str, caption: &str, first: &str) -> Vec<String> {
    let mut tables = page.split("<caption").filter_map(|table| table.split_once('>')).map(|(_, table)| table);
    let table = tables.find(|table| table.starts_with(caption)).unwrap_or_else(|| panic!("a table {caption}: {page}"));
    let table = table.split("</table>").next().unwrap();
    let rows = table.split("<tr>").map(|row| row.split("</tr>").next().unwrap_or_default());
    let cells = rows.map(|row| {
        let cells = row.split(['<', '>']).enumerate().filter(|(at, _)| at % 2 == 0).map(|(_, text)| text.to_owned());
        cells.filter(|text| !text.is_empty()).collect::<Vec<_>>()
    });
    cells.into_iter().find(|cells| cells.first().is_some_and(|cell| cell == first)).unwrap_or_else(|| panic!("{first}: {table}"))
}

/// The pictures of a page, by their title.
fn pictures(page: &str) -> Vec<(&str, &str)> {
    let svgs = page.split("<svg class=\"chart\"").skip(1).filter_map(|rest| rest.split("</svg>").next());
    svgs.map(|svg| (svg.split("<title").nth(1).and_then(|rest| rest.split(['>', '<']).nth(1)).unwrap(), svg)).collect()
}

const COURSE: &str = "上海机动车管理中心历年采购金额和占比";

#[tokio::test]
async fn e12_the_tables_of_a_unit_have_the_figures_of_the_announcements_that_stand() {
    on_both(async |app: &TestApp| {
        let (clerk, id, number) = published(app).await;
        let unit = format!("/units/{}", app.units[CHIEF]);
        let check = async |number: &str| {
            let (lines, sme, small_micro, parts) = figures(app, number).await;
            for (address, caption) in [(unit.as_str(), COURSE), ("/statistics", "全部公告历年采购金额和占比")] {
                let page = ask(app, address, 200).await.text;
                let ratio = Ratio::of(small_micro, sme).to_string();
                let expected = ["2024".to_owned(), "1 份".to_owned(), lines.to_string(), sme.wan(), small_micro.wan(), ratio];
                assert_eq!(row(&page, caption, "2024"), expected, "{address}");
                for (label, amount) in &parts {
                    let (_, table) = page.split_once("按预留选项（").expect("the table of the parts");
                    let share = Ratio::of(*amount, sme);
                    assert!(texts(table).contains(&format!("|{}|（{share}%）|", amount.wan())), "{label} {}: {table}", amount.wan());
                }
            }
            // The one buyer below it has the same, from its lines.
            let page = ask(app, &format!("/units/{}", app.units[UNIT_03]), 200).await.text;
            assert_eq!(row(&page, &format!("{UNIT_03}历年采购金额和占比"), "2024")[2..4], [lines.to_string(), sme.wan()]);
            assert!(page.contains(&format!("href=\"/announcements/{number}\"")));
            sme
        };
        let before = check(&number).await;
        // A correction in the making changes nothing; once it is out it is counted and what it corrects is not.
        let successor = correct(&clerk, &id, "第一行金额有误").await;
        let copy = read(&clerk, &successor).await;
        let edit = json!({ "id": successor, "version": copy["version"], "line": copy["lines"][0]["id"], "change": "remove", "reason": "重复公布" });
        let _: Value = clerk.call("change_announcement_line", edit).await;
        assert_eq!(check(&number).await, before);
        submit(app, &clerk, &successor).await;
        review(app, &successor, true, "").await;
        let after = check(copy["number"].as_str().unwrap()).await;
        assert!(after < before);
        // Revoked, the year has no figures, and says why.
        revoke(app, &clerk, &successor, "误发").await;
        assert_eq!(check(copy["number"].as_str().unwrap()).await, after, "while that is under review nobody outside knows");
        review(app, &successor, true, "").await;
        let page = ask(app, &unit, 200).await.text;
        assert_eq!(row(&page, COURSE, "2024"), ["2024", "公告已撤销", "0", "—", "—", "—"]);
        assert!(pictures(&page).is_empty(), "nothing to draw");
    })
    .await;
}

#[tokio::test]
async fn e12_a_zero_report_a_gap_and_a_revoked_year_are_shown_as_such_and_not_as_0() {
    on_both(async |app: &TestApp| {
        put(
            app,
            &[
                Put { year: 2021, wan: 50, ..PUT },
                Put { year: 2022, wan: 0, ..PUT },
                Put { year: 2024, status: "revoked", ..PUT },
                Put { year: 2025, wan: 123, ..PUT },
                Put { year: 2025, wan: 7, status: "corrected", ..PUT },
            ],
        )
        .await;
        let page = ask(app, &format!("/units/{}", app.units[CHIEF]), 200).await.text;
        let cells = |year: &str| row(&page, COURSE, year);
        assert_eq!(cells("2025"), ["2025", "1 份", "0", "123", "0", "0"]);
        assert_eq!(cells("2024")[1], "公告已撤销");
        assert_eq!(cells("2023")[1], "无公告");
        assert_eq!(cells("2022")[1], "零报告");
        for year in ["2022", "2023", "2024"] {
            assert_eq!(cells(year)[3..], ["—", "—", "—"], "{year}");
        }
        let pictures = pictures(&page);
        assert_eq!(pictures.len(), 3, "amounts, 占比, 预留选项; no units, because nothing says whose the lines are");
        for (title, svg) in &pictures {
            assert!(title.starts_with("2021 至 2025 年度"), "{title}");
            for part in ["role=\"img\"", "<title id=\"", "<desc id=\"", "2023年无公告"] {
                assert!(svg.contains(part), "{part}: {svg}");
            }
            assert!(!svg.contains("style="), "the pages allow none: {svg}");
        }
        assert!(texts(pictures[0].1).contains("|零报告：无面向中小企业预留项目|"), "{}", pictures[0].1);
        assert_eq!(pictures[0].1.matches("<rect class=\"chart-bar\"").count(), 4, "two bars for each of two years, none of 0");
        assert!(row(&page, "历年公告", "2022").contains(&"零报告".to_owned()), "in the list of announcements too");
    })
    .await;
}

#[tokio::test]
async fn e12_lines_that_a_zero_report_has_replaced_count_nowhere() {
    on_both(async |app: &TestApp| {
        let (_, _, number) = published(app).await;
        put(app, &[Put { wan: 0, ..PUT }]).await;
        // Behind the others: what lists at a start would set it right again.
        run(app, format!("UPDATE announcement_listings SET standing = 'corrected' WHERE number = '{number}'")).await;
        let page = ask(app, &format!("/units/{}", app.units[CHIEF]), 200).await.text;
        assert_eq!(row(&page, COURSE, "2024"), ["2024", "零报告", "0", "—", "—", "—"]);
        let page = ask(app, &format!("/units/{}", app.units[UNIT_03]), 200).await.text;
        assert_eq!(row(&page, &format!("{UNIT_03}历年采购金额和占比"), "2024")[1], "无本单位项目");
        assert!(page.contains("已更正") && page.contains(&number));
        let years = ask(app, &format!("/api/v1/statistics?unit={}", app.units[UNIT_03]), 200).await.json();
        let year = &years["years"][0];
        assert_eq!((&years["basis"], &year["state"], &year["totals"]), (&json!("lines"), &json!("unlisted"), &Value::Null));
        let years = ask(app, "/api/v1/statistics", 200).await.json();
        assert_eq!((&years["years"][0]["state"], &years["years"][0]["zero_reports"]), (&json!("zero_report"), &json!(1)));
    })
    .await;
}

#[tokio::test]
async fn e12_the_law_is_quoted_with_its_source_and_no_picture_is_held_against_it() {
    on_sqlite(async |app: &TestApp| {
        put(app, &[PUT]).await;
        let page = ask(app, "/statistics", 200).await.text;
        for words in ["预留份额的法定标准", "财库〔2020〕46号", "不能据此判断是否达到", "2022-07-01 至 2023-12-31", "（待核对）"]
        {
            assert!(texts(&page).contains(words), "{words}");
        }
        assert!(!page.contains("兰州新区"), "a place of which no unit here is");
        assert!(pictures(&page).iter().all(|(_, svg)| !svg.contains("法定") && !svg.contains("60%")));
        let unit = ask(app, &format!("/units/{}", app.units[CHIEF]), 200).await.text;
        assert!(unit.contains("不是法定预留份额") && unit.contains("href=\"/statistics#law\""));
        // The administrator ends a row: within a minute the page says so.
        app.execute("UPDATE thresholds SET valid_to = '2024-12-31' WHERE valid_to IS NULL AND kind = 'reserved'").await;
        app.wait(60);
        assert!(texts(&ask(app, "/statistics", 200).await.text).contains("2021-01-01 至 2024-12-31"));
    })
    .await;
}

#[tokio::test]
async fn e12_hundreds_of_units_are_a_picture_of_the_largest_and_a_table_of_all() {
    on_both(async |app: &TestApp| {
        // The sums of 120 units below the chief, put there as a publication writes them.
        let number = put(app, &[Put { wan: 7_260, ..PUT }]).await.remove(0);
        run(app, "UPDATE announcement_listings SET small_micro_fen = sme_fen".to_owned()).await;
        let id = |at: i64| format!("01890a5d-ac96-774b-bcce-{at:012x}");
        for at in 1..=120_i64 {
            let (id, fen) = (id(at), at * 1_000_000);
            run(
                app,
                format!(
                    "INSERT INTO announcement_units (announcement_id, unit_id, unit_name, projects, sme_fen, small_micro_fen, whole_fen, package_fen, consortium_fen, subcontract_fen)
                     SELECT announcement_id, '{id}', '第{at:03}采购单位', 1, {fen}, {fen}, {fen}, 0, 0, 0 FROM announcement_listings WHERE number = '{number}'"
                ),
            )
            .await;
        }
        let unit = format!("/units/{}", app.units[CHIEF]);
        let first = ask(app, &unit, 200).await.text;
        let (_, svg) = *pictures(&first).last().unwrap();
        for words in ["第120采购单位", "第111采购单位", "其余 110 个单位合计：小微 6105万元，中小 6105万元"] {
            assert!(svg.contains(words), "{words}: {svg}");
        }
        assert!(!svg.contains("第110采购单位"));
        let mut ranks = Vec::new();
        for page in [String::new()].into_iter().chain((2..=6).map(|page| format!("?year=2024&page={page}"))) {
            let page = ask(app, &format!("{unit}{page}"), 200).await.text;
            let (_, table) = page.split_once("<caption>2024 年度按采购单位").expect("the table");
            let names = table.split("</table>").next().unwrap().split("href=\"/units/").skip(1);
            ranks.extend(names.filter_map(|rest| rest.split(['>', '<']).nth(1)).map(str::to_owned));
            assert!(pictures(&page).last().unwrap().1.contains("第120采购单位"), "the picture stays");
        }
        let all: Vec<String> = (1..=120).rev().map(|at| format!("第{at:03}采购单位")).collect();
        assert_eq!(ranks, all, "every unit once, in its order");
        for nothing in ["?page=0", "?year=2024&page=7", "?year=2023", "?year=2024&page=x", "?year=2024&year=2024"] {
            ask(app, &format!("{unit}{nothing}"), 404).await;
        }
        assert!(ask(app, &format!("{unit}?year=2024&page=2"), 200).await.text.contains("content=\"noindex, follow\""));
        let csv = ask(app, &format!("/api/v1/statistics/units.csv?year=2024&unit={}", app.units[CHIEF]), 200).await.text;
        assert_eq!(csv.lines().count(), 121);
        assert!(csv.contains(",第120采购单位,") && csv.contains("1200000.00"), "{csv}");
    })
    .await;
}

#[tokio::test]
async fn e12_what_was_published_before_is_summed_up_by_the_migration_as_a_publication_does() {
    on_both(async |app: &TestApp| {
        let (clerk, id, number) = published(app).await;
        let successor = correct(&clerk, &id, "第一行金额有误").await;
        let look = async || {
            let unit = ask(app, &format!("/units/{}", app.units[CHIEF]), 200).await.text;
            let buyer = ask(app, &format!("/units/{}", app.units[UNIT_03]), 200).await.text;
            let csv = ask(app, "/api/v1/statistics.csv", 200).await.text;
            (unit, buyer, csv)
        };
        let before = look().await;
        assert!(before.2.contains(",2,") || before.2.lines().count() == 2, "{}", before.2);
        run(app, "DELETE FROM announcement_units".to_owned()).await;
        run(
            app,
            "UPDATE announcement_listings SET projects = 0, whole_fen = 0, package_fen = 0, consortium_fen = 0, subcontract_fen = 0"
                .to_owned(),
        )
        .await;
        let migration = include_str!("../../../../migrations/0023_statistics.sql");
        let (_, filling) = migration.split_once("CREATE INDEX").unwrap();
        let statements = filling.split_once(';').unwrap().1.split(';').map(str::trim).filter(|text| !text.is_empty());
        for statement in statements {
            run(app, statement.to_owned()).await;
        }
        run(app, "UPDATE publications SET last = last + 1".to_owned()).await;
        assert_eq!(look().await, before);
        assert!(!before.0.contains(read(&clerk, &successor).await["number"].as_str().unwrap()), "no draft: {number}");
    })
    .await;
}

#[tokio::test]
async fn e12_pages_of_pictures_are_kept_and_asked_for_anew() {
    on_sqlite(async |app: &TestApp| {
        put(app, &[PUT]).await;
        for address in ["/statistics".to_owned(), "/statistics?year=2024".to_owned(), format!("/units/{}", app.units[CHIEF])] {
            let page = ask(app, &address, 200).await;
            assert_eq!(page.header("cache-control"), "public, max-age=0, must-revalidate");
            let again = app.nobody().request(Method::GET, &address).header(header::IF_NONE_MATCH, page.header("etag")).body(Body::empty());
            assert_eq!(app.nobody().send(again.unwrap()).await.status, 304, "{address}");
        }
        let empty = ask(app, "/statistics?page=2", 404).await;
        assert!(empty.text.contains("没有找到这个页面"));
    })
    .await;
}

/// Not a measurement of the release: that no picture reads more than a row for each announcement and unit.
#[tokio::test]
async fn e12_ten_thousand_announcements_are_summed_up_at_once() {
    on_both(async |app: &TestApp| {
        put(app, &[PUT]).await;
        let numbers = "WITH RECURSIVE n(at) AS (SELECT 1 UNION ALL SELECT at + 1 FROM n WHERE at < 10000)";
        run(
            app,
            format!(
                "INSERT INTO announcements (id, unit_id, unit_name, year, number, title, district, remark, status, status_reason, status_at, round, body_html, frozen, version, updated_at)
                 {numbers} SELECT 'a' || at, unit_id, unit_name, year, 'n' || at, title, district, '', status, '', status_at, 1, '', frozen, 1, updated_at FROM n CROSS JOIN announcements"
            ),
        )
        .await;
        run(
            app,
            format!(
                "INSERT INTO announcement_listings (announcement_id, number, title, unit_id, unit_name, district, year, published_at, standing, changed_at, sme_fen, small_micro_fen, unit_words, words, projects)
                 {numbers} SELECT 'a' || at, 'n' || at, title, '01890a5d-ac96-774b-bcce-' || CAST(100000000000 + at % 2000 AS TEXT), unit_name, district,
                  2021 + at % 5, published_at, standing, changed_at, at * 100, at * 50, unit_words, words, 3 FROM n CROSS JOIN announcement_listings"
            ),
        )
        .await;
        run(app, "UPDATE publications SET last = last + 1".to_owned()).await;
        let start = Instant::now();
        let page = ask(app, "/statistics", 200).await.text;
        let first = start.elapsed();
        assert!(page.contains("2000 份") || page.contains("2001 份"), "{}", row(&page, "全部公告历年采购金额和占比", "2024").join("|"));
        let start = Instant::now();
        ask(app, "/statistics", 200).await;
        println!("/statistics over 10,000 announcements, unoptimised: {first:?} first, {:?} kept", start.elapsed());
    })
    .await;
}
