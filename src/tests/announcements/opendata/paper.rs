//! The announcement as PDF: what the page says, for paper.

use super::*;
use crate::support::poppler::{pages, poppler, read_aloud};
use setaside::server::pdf::Typesetter;
use setaside::server::request::Services;
use std::path::Path;

fn address(number: &str) -> String {
    format!("/announcements/{number}/announcement.pdf")
}

async fn pdf(app: &TestApp, number: &str) -> Vec<u8> {
    app.nobody().bytes(&address(number)).await
}

fn bare(text: &str) -> String {
    text.split_whitespace().collect()
}

/// The words of the frozen text of a page, without tags and blanks.
fn words(page: &str) -> String {
    let from = page.find("<p class=\"notice-paragraph").expect("the text");
    let (mut text, mut is_tag) = (String::new(), false);
    for c in page[from..page[from..].find("</article>").expect("its end") + from].chars() {
        match c {
            '<' => is_tag = true,
            '>' => is_tag = false,
            c if !is_tag => text.push(c),
            _ => {}
        }
    }
    bare(&text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&"))
}

#[tokio::test]
async fn d5_the_pdf_says_what_the_page_says() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        let (_, file) = upload(&clerk, &id, "说明.pdf", b"%PDF-1.7 public").await;
        let number = generate(&clerk, &id).await;
        let at = version(&clerk, &id).await;
        let shown = json!({ "id": id, "version": at, "file": file["file"]["id"], "is_shown": true });
        let _: Value = clerk.call("change_attachment", shown).await;
        app.execute("UPDATE announcement_lines SET project_name = '<b>𠮷田镇</b> 食堂 & 宿舍' WHERE position = 1").await;
        submit(app, &clerk, &id).await;
        review(app, &id, true, "").await;
        let page = get(app, &format!("/announcements/{number}")).await.text;
        let answer = get(app, &address(&number)).await;
        assert_eq!(answer.header("content-type"), "application/pdf");
        assert!(answer.header("content-disposition").contains(&format!("{number}.pdf")));
        assert!(answer.header("content-security-policy").contains("sandbox"));
        let said = read_aloud(&answer.bytes);
        let wanted = words(&page);
        assert!(said.contains(&wanted), "{wanted} in {said}");
        // What programs look for (domain.md, 2).
        let between = |before: &str, after: &str| {
            let at = said.find(before).unwrap_or_else(|| panic!("{before} in {said}")) + before.len();
            let figure = &said[at..at + said[at..].find(after).expect(after)];
            assert!(!figure.is_empty() && figure.chars().all(|c| c.is_ascii_digit() || c == '.'), "{figure}");
        };
        between("面向中小企业采购共计", "万元");
        between("面向小微企业采购", "万元");
        between("，占", "%");
        for part in ["2024年面向中小企业", "项目名称", "预留选项", "采购金额", "部门（单位）名称：", "<b>𠮷田镇</b>食堂&宿舍", "说明.pdf"]
        {
            assert!(said.contains(part), "{part} in {said}");
        }
        for part in [format!("公告编号：{number}"), "发布时间：2025-03-10".to_owned(), "公告状态：已发布".to_owned()] {
            assert!(said.contains(&part), "{part} in {said}");
        }
        assert!(said.contains(&format!("{}/announcements/{number}", app.services.settings.public_url)));
        let facts = poppler("pdfinfo", &["-"], &answer.bytes);
        assert!(
            facts.contains("Tagged:          yes") && facts.contains("上海机动车管理中心2024年面向中小企业预留项目执行情况公告"),
            "{facts}"
        );
        assert!(answer.bytes.len() < 300_000, "{}", answer.bytes.len());
        let count = pages(&answer.bytes).len();
        assert!(pages(&answer.bytes)[0].contains(&format!("第 1 页 / 共 {count} 页")));
        // Made again by another process it is the same file.
        let other = setaside::startup::router(Services { typesetter: Typesetter::open(None, Path::new("none")), ..app.services.clone() });
        let request = app.nobody().request(Method::GET, &address(&number)).body(Body::empty()).unwrap();
        let again = tower::ServiceExt::oneshot(other, request).await.unwrap();
        assert_eq!(again.headers()["etag"], answer.header("etag"));
    })
    .await;
}

#[tokio::test]
async fn e7_every_page_of_a_pdf_says_what_became_of_the_announcement() {
    on_both(async |app: &TestApp| {
        let (clerk, id, number) = published(app).await;
        let before = get(app, &address(&number)).await;
        assert!(!read_aloud(&before.bytes).contains("撤销"));
        app.wait(3_600);
        let successor = correct(&clerk, &id, "第一行金额有误").await;
        let copy = read(&clerk, &successor).await;
        let new = copy["number"].as_str().unwrap().to_owned();
        assert_eq!(app.nobody().get(&address(&new)).await.status, 404, "a correction under way is not there");
        assert_eq!(pdf(app, &number).await, before.bytes, "and changes nothing");
        let edit =
            json!({ "id": successor, "version": copy["version"], "line": copy["lines"][0]["id"], "change": "remove", "reason": "内部原因" });
        let _: Value = clerk.call("change_announcement_line", edit).await;
        submit(app, &clerk, &successor).await;
        review(app, &successor, true, "").await;
        let request = app.nobody().request(Method::GET, &address(&number)).header(header::IF_NONE_MATCH, before.header("etag"));
        let old = app.nobody().send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(old.status, 200, "who has the old file is given the new one");
        for page in pages(&old.bytes) {
            assert!(page.contains(&format!("更正，以更正公告 {new} 为准")), "{page}");
        }
        let said = read_aloud(&old.bytes);
        for part in ["本公告已更正，以更正公告为准", "更正理由：第一行金额有误", "改前", "从公告中删除", "以下为原公告，仅供查阅。", "公告状态：已更正"] {
            assert!(said.contains(part), "{part} in {said}");
        }
        let said = read_aloud(&pdf(app, &new).await);
        for part in ["本公告是更正公告", &bare(&format!("原公告：{number}")), "更正理由：第一行金额有误", "公告版本", "公告状态：已发布"] {
            assert!(said.contains(part), "{part} in {said}");
        }
        assert!(!said.contains("内部原因"));
        app.wait(3_600);
        revoke(app, &clerk, &successor, "误发").await;
        review(app, &successor, true, "").await;
        let revoked = pdf(app, &new).await;
        for page in pages(&revoked) {
            assert!(page.contains("本公告已于 2025-03-10 11:30:00 撤销，不再有效"), "{page}");
        }
        let said = read_aloud(&revoked);
        for part in ["本公告已撤销，不再有效", "撤销理由：误发", "公告状态：已撤销", "原公告的附件不再提供。"] {
            assert!(said.contains(part), "{part} in {said}");
        }
    })
    .await;
}

#[tokio::test]
async fn d5_fifty_who_ask_at_once_are_answered_by_one_file() {
    on_sqlite(async |app: &TestApp| {
        let (_, id, number) = published(app).await;
        let made = || app.services.typesetter.count();
        assert_eq!(made(), 0);
        let visitors: Vec<Visitor<'_>> = (0..50).map(|_| app.nobody()).collect();
        let address = address(&number);
        let answers = futures::future::join_all(visitors.iter().map(|visitor| visitor.get(&address))).await;
        assert!(answers.iter().all(|answer| answer.status == 200 && answer.bytes == answers[0].bytes));
        assert_eq!(made(), 1);
        // What becomes of another announcement, or of the day, does not make it anew; what becomes of this one does.
        app.execute("UPDATE publications SET last = last + 1").await;
        app.wait(86_400);
        assert_eq!(get(app, &address).await.bytes, answers[0].bytes);
        assert_eq!(made(), 1);
        let clerk = app.sign_in("jdc").await;
        revoke(app, &clerk, &id, "误发").await;
        review(app, &id, true, "").await;
        assert_ne!(get(app, &address).await.bytes, answers[0].bytes);
        assert_eq!(made(), 2);
    })
    .await;
}

#[tokio::test]
async fn d5_without_a_font_the_page_offers_no_pdf_and_its_address_says_why() {
    on_sqlite(async |app: &TestApp| {
        let (_, _, number) = published(app).await;
        let typesetter = Typesetter::open(Some(Path::new("no-such-folder")), Path::new("none"));
        let without = setaside::startup::router(Services { typesetter, ..app.services.clone() });
        for (path, status) in [(address(&number), 503), (format!("/announcements/{number}"), 200), (address("310115-2024-9999"), 404)] {
            let request = app.nobody().request(Method::GET, &path).body(Body::empty()).unwrap();
            let answer = tower::ServiceExt::oneshot(without.clone(), request).await.unwrap();
            assert_eq!(answer.status().as_u16(), status, "{path}");
            let body = http_body_util::BodyExt::collect(answer.into_body()).await.unwrap().to_bytes();
            let text = String::from_utf8_lossy(&body);
            assert!(!text.contains("announcement.pdf"), "{path}");
            assert!(status != 503 || text.contains("没有安装中文字体"), "{text}");
        }
        assert!(get(app, &format!("/announcements/{number}")).await.text.contains(&address(&number)));
    })
    .await;
}
