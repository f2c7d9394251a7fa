//! The public portal as anyone asks it: lists, units, years, what search engines read, and what nobody reads.

mod demo;
mod found;
mod hidden;
mod statistics;

use super::super::support::{Answer, CHIEF, PUDONG, UNIT_99};
use super::corrections::{correct, revoke};
use super::*;
use setaside::domain::announcement::number::number;
use setaside::domain::calendar::Year;
use setaside::domain::ids::AnnouncementId;
use setaside::domain::money::Money;
use setaside::domain::organisation::District;
use setaside::features::announcements::commands::portal;
use setaside::features::announcements::commands::published::Frozen;
use setaside::server::ids::new_id;
use sqlx::AssertSqlSafe;

/// How a block of data for search engines begins.
pub(super) const DATA: &str = "<script type=\"application/ld+json\">";

/// An announcement as a test puts it behind the application's back.
#[derive(Clone, Copy)]
struct Put<'a> {
    unit: &'a str,
    title: &'a str,
    year: i32,
    district: &'a str,
    at: &'a str,
    expires_on: Option<&'a str>,
    status: &'a str,
    wan: i64,
}

const PUT: Put<'static> = Put {
    unit: CHIEF,
    title: "上海机动车管理中心2024年面向中小企业预留项目执行情况公告",
    year: 2024,
    district: "319900",
    at: "2025-03-01T01:00:00.000Z",
    expires_on: None,
    status: "published",
    wan: 100,
};

/// Puts them there as a version of the program without listings left them, and starts the one that lists; their numbers.
async fn put(app: &TestApp, all: &[Put<'_>]) -> Vec<String> {
    let mut numbers = Vec::new();
    for put in all {
        let at = app.count("SELECT COUNT(*) FROM announcements").await + 1;
        let number = number(District::parse(put.district).unwrap(), Year::try_from(put.year).unwrap(), at);
        let id: AnnouncementId = new_id(app.now().plus_seconds(at)).unwrap();
        let sme = Money::from_fen(put.wan * 1_000_000);
        let frozen = Frozen { sme, small_micro: Money::ZERO, shares: Vec::new(), files: Vec::new(), alterations: None };
        let frozen = serde_json::to_string(&frozen).unwrap();
        let since = if put.status == "published" { "NULL" } else { "'2025-03-05T01:00:00.000Z'" };
        let end = put.expires_on.map_or("NULL".to_owned(), |day| format!("'{day}'"));
        let (unit_id, Put { unit, title, year, district, at: published, status, .. }) = (&app.units[CHIEF], *put);
        let unit_id = app.units.get(unit).unwrap_or(unit_id);
        run(
            app,
            format!(
                "INSERT INTO announcements (id, unit_id, unit_name, year, number, title, district, expires_on, remark, status, status_reason, status_at, status_since, round, body_html, frozen, version, updated_at)
                 VALUES ('{id}', '{unit_id}', '{unit}', {year}, '{number}', '{title}', '{district}', {end}, '', '{status}', '', '{published}', {since}, 1, '<p>正文</p>', '{frozen}', 1, '{published}')"
            ),
        )
        .await;
        numbers.push(number);
    }
    run(app, "UPDATE publications SET last = last + 1".to_owned()).await;
    portal::complete(&app.services).await.unwrap();
    numbers
}

async fn run(app: &TestApp, sql: String) {
    app.services
        .db
        .write(move |db| {
            Box::pin(async move {
                sqlx::query(AssertSqlSafe(sql)).execute(db).await?;
                Ok(())
            })
        })
        .await
        .unwrap();
}

/// A page of the portal, which must have this status.
async fn ask(app: &TestApp, address: &str, status: u16) -> Answer {
    let answer = app.nobody().get(address).await;
    assert_eq!(answer.status, status, "{address}: {}", answer.text);
    answer
}

/// The numbers that a page links to, in its order.
fn linked(answer: &Answer) -> Vec<String> {
    let links = answer.text.split("href=\"/announcements/").skip(1);
    links.filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
}

/// The texts of a page, a stroke where there was a tag.
fn texts(html: &str) -> String {
    let parts = html.split('<').filter_map(|part| part.split_once('>')).map(|(_, text)| text);
    format!("|{}|", parts.filter(|text| !text.is_empty()).collect::<Vec<_>>().join("|"))
}

/// Numbers of the list at this address.
async fn listed(app: &TestApp, address: &str) -> Vec<String> {
    linked(&ask(app, address, 200).await)
}

#[tokio::test]
async fn d5_words_find_the_title_unit_or_number_they_stand_in_on_both_engines() {
    on_both(async |app: &TestApp| {
        let schools = Put { unit: PUDONG, title: "ＡＢＣ学校 2023 年100%_公告", year: 2023, district: "310115", ..PUT };
        let numbers = put(app, &[PUT, schools]).await;
        for (asked, found) in [
            ("q=%E6%9C%BA%E5%8A%A8%E8%BD%A6", 0),
            ("q=%E8%BD%A6%E7%AE%A1", 0),
            ("q=abc", 1),
            ("q=2023%E5%B9%B4", 1),
            ("q=%25_", 1),
            ("q=0%25", 1),
            ("q=310115-2023", 1),
            ("q=%E6%B5%A6%E4%B8%9C+2023", 1),
            ("unit=%E6%B5%A6%E4%B8%9C", 1),
            ("unit=%E6%9C%BA%E5%8A%A8%E8%BD%A6&year=2024&district=319900", 0),
        ] {
            assert_eq!(listed(app, &format!("/?{asked}")).await, [numbers[found].clone()], "{asked}");
        }
        for nothing in
            ["q=%E6%9C%BA%E5%8A%A8%E8%BD%A62023", "q=%25%25", "q=a_c", "unit=abc", "q=x'+OR+1%3D1", "year=2022", "district=310104"]
        {
            assert!(listed(app, &format!("/?{nothing}")).await.is_empty(), "{nothing}");
        }
        assert_eq!(listed(app, "/?q=%E5%85%AC%E5%91%8A").await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn d6_the_list_is_filtered_by_state_and_says_the_state_of_what_does_not_simply_stand() {
    on_both(async |app: &TestApp| {
        let numbers = put(
            app,
            &[
                PUT,
                Put { expires_on: Some("2025-03-09"), ..PUT },
                Put { expires_on: Some("2025-03-10"), ..PUT },
                Put { status: "corrected", ..PUT },
                Put { status: "revoked", ..PUT },
            ],
        )
        .await;
        for (state, found) in
            [("", vec![2, 0]), ("ended", vec![1]), ("corrected", vec![3]), ("revoked", vec![4]), ("all", vec![4, 3, 2, 1, 0])]
        {
            let expected: Vec<String> = found.iter().map(|at: &usize| numbers[*at].clone()).collect();
            assert_eq!(listed(app, &format!("/?status={state}")).await, expected, "{state}");
        }
        let all = texts(&ask(app, "/?status=all", 200).await.text);
        for words in ["已截止", "已更正", "已撤销"] {
            assert_eq!(all.matches(&format!("|{words}")).count(), 2, "beside the form's own: {words}");
        }
        let empty = ask(app, "/?status=ended&q=x", 200).await.text;
        assert!(empty.contains("没有符合条件的公告。") && empty.contains("href=\"/?q=x&amp;status=all\""), "{empty}");
        app.set_time("2025-03-11T00:00:00");
        assert_eq!(listed(app, "/").await, [numbers[0].clone()], "an end takes effect without a publication");
    })
    .await;
}

#[tokio::test]
async fn d5_the_list_is_sorted_and_paged_by_its_address() {
    on_both(async |app: &TestApp| {
        let all: Vec<Put<'_>> = (0..45).map(|at| Put { wan: at * 7 % 45, ..PUT }).collect();
        let numbers = put(app, &all).await;
        let (first, last) = (listed(app, "/").await, listed(app, "/?page=3").await);
        assert_eq!((first.len(), last.len()), (20, 5));
        assert_eq!((&first[0], &last[4]), (&numbers[44], &numbers[0]));
        assert_eq!(listed(app, "/?sort=oldest&page=3").await[4], numbers[44]);
        let mut pages = Vec::new();
        for page in 1..=3 {
            pages.extend(listed(app, &format!("/?sort=amount&page={page}")).await);
        }
        let mut by_amount: Vec<usize> = (0..45).collect();
        by_amount.sort_by_key(|at| std::cmp::Reverse(all[*at].wan));
        assert_eq!(pages, by_amount.into_iter().map(|at| numbers[at].clone()).collect::<Vec<_>>());
        let page = ask(app, "/?sort=amount&page=2", 200).await.text;
        assert!(page.contains("href=\"/?sort=amount&amp;page=3\"") && page.contains("共 45 条"), "the order stays while one turns pages");
        let beyond = ask(app, "/?page=4", 404).await.text;
        assert!(beyond.contains("没有第 4 页") && beyond.contains("href=\"/?page=3\""), "{beyond}");
    })
    .await;
}

#[tokio::test]
async fn d5_nonsense_is_answered_by_what_is_wrong_with_it() {
    on_sqlite(async |app: &TestApp| {
        put(app, &[PUT]).await;
        for (address, words) in [
            ("/?year=abc", "年度“abc”"),
            ("/?district=1", "行政区划代码“1”不存在"),
            ("/?status=draft", "公告状态“draft”不存在"),
            ("/?sort=%3Cscript%3E", "排序“&lt;script&gt;”不存在"),
            ("/?page=0", "页码“0”无效"),
            ("/?page=99999999999999999999", "页码“9999999999"),
            ("/?year=2024&year=2023", "重复"),
            ("/?q=%FF%FE&year=x", "年度“x”"),
        ] {
            let page = ask(app, address, 400).await;
            assert!(page.text.contains(words) && page.text.contains("role=\"search\""), "{address}: {}", page.text);
            assert!(linked(&page).is_empty(), "nobody knows what was asked for");
        }
        assert_eq!(listed(app, "/?what=ever&year=&q=").await.len(), 1, "what is nobody's is not looked at");
    })
    .await;
}

#[tokio::test]
async fn e11_the_text_size_is_chosen_without_script_and_no_cache_mixes_the_sizes() {
    on_sqlite(async |app: &TestApp| {
        let number = put(app, &[PUT]).await.remove(0);
        let address = format!("/announcements/{number}");
        let chosen = app.nobody().post_form("/view", format!("view=elder&back=%2Fannouncements%2F{number}")).await;
        assert_eq!((chosen.status, chosen.header("location")), (303, address.as_str()));
        let cookie = chosen.header("set-cookie").split(';').next().unwrap().to_owned();
        assert_eq!(cookie, "view=elder");
        let with = async |cookie: &str, tag: &str| {
            let request = app.nobody().request(Method::GET, &address).header(header::COOKIE, cookie).header(header::IF_NONE_MATCH, tag);
            app.nobody().send(request.body(Body::empty()).unwrap()).await
        };
        let (standard, elder, large) = (with("x=1", "").await, with(&cookie, "").await, with("view=large", "").await);
        assert!(elder.text.starts_with("<!DOCTYPE html><html lang=\"zh-CN\" data-large>"), "{}", &elder.text[..80]);
        assert!(large.text.contains("data-text=\"large\"") && standard.text.starts_with("<!DOCTYPE html><html lang=\"zh-CN\"><head>"));
        let tags = [&standard, &elder, &large].map(|answer| answer.header("etag").to_owned());
        assert!(tags[0] != tags[1] && tags[1] != tags[2], "{tags:?}");
        assert_eq!(with(&cookie, &tags[0]).await.status, 200, "the page of another size is not this one");
        assert_eq!(with(&cookie, &tags[1]).await.status, 304);
        for answer in [&standard, &elder] {
            assert_eq!(answer.header("vary"), "accept-encoding, cookie");
        }
        let back = app.nobody().post_form("/view", "view=standard&back=https%3A%2F%2Fevil.example").await;
        assert_eq!(back.header("location"), "/");
        assert!(back.header("set-cookie").contains("Max-Age=0"), "{}", back.header("set-cookie"));
    })
    .await;
}

#[tokio::test]
async fn e7_every_version_of_a_corrected_announcement_leads_to_every_other() {
    on_both(async |app: &TestApp| {
        let (clerk, id, first) = published(app).await;
        let mut numbers = vec![first];
        let mut at = id;
        for reason in ["金额有误", "链接有误"] {
            at = correct(&clerk, &at, reason).await;
            numbers.push(read(&clerk, &at).await["number"].as_str().unwrap().to_owned());
            let [.., shown, hidden] = numbers.as_slice() else { unreachable!("two numbers") };
            let page = ask(app, &format!("/announcements/{shown}"), 200).await.text;
            assert!(!page.contains(hidden.as_str()), "a correction in the making is nobody's business");
            submit(app, &clerk, &at).await;
            review(app, &at, true, "").await;
        }
        for number in &numbers {
            let page = ask(app, &format!("/announcements/{number}"), 200).await.text;
            let (_, versions) = page.split_once("公告版本").expect("the list of versions");
            let versions = versions.split("</ol>").next().unwrap();
            let places: Vec<usize> = numbers.iter().map(|number| versions.find(number.as_str()).expect("every version")).collect();
            assert!(places.is_sorted(), "oldest first");
            assert_eq!(versions.matches("已更正").count(), 2, "{versions}");
        }
        let single = put(app, &[PUT]).await.remove(0);
        assert!(!ask(app, &format!("/announcements/{single}"), 200).await.text.contains("公告版本"));
    })
    .await;
}
