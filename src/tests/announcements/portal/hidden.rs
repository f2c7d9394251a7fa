//! What nobody outside reads, under whatever form of an address; and how soon what was revoked is shown as that.

use super::*;

/// How an address may be written otherwise.
fn forms(path: &str) -> Vec<String> {
    let encoded: String = path.bytes().map(|byte| if byte == b'/' { "/".to_owned() } else { format!("%{byte:02x}") }).collect();
    let slashes = path.replace('/', "%2F");
    let (head, last) = path.rsplit_once('/').unwrap_or_default();
    vec![
        path.to_owned(),
        format!("{path}/"),
        format!("/{path}"),
        format!("{head}//{last}"),
        format!("{head}/./{last}"),
        format!("{head}/%2e/{last}"),
        format!("{head}/x/../{last}"),
        format!("{head}/x/%2e%2e/{last}"),
        format!("/assets/..{path}"),
        format!("/assets/%2e%2e{path}"),
        format!("/assets/..%2f{}", &path[1..]),
        format!("/announcements/..{path}"),
        format!("{path}%00"),
        format!("{path}%20"),
        format!("{path};v=1"),
        format!("{path}?x=1"),
        format!("{path}.pdf"),
        path.to_uppercase(),
        encoded.clone(),
        encoded.replace('%', "%25"),
        format!("/{slashes}"),
        slashes,
    ]
}

#[tokio::test]
async fn c6_nothing_internal_is_reached_under_any_form_of_an_address() {
    on_sqlite(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        let number = generate(&clerk, &id).await;
        let secret = b"%PDF-1.7 internal-secret";
        let (_, file) = upload(&clerk, &id, "内部.pdf", secret).await;
        let internal = file["file"]["id"].as_str().unwrap().to_owned();
        let nothing = ask(app, "/announcements/310115-2024-9999", 404).await.text;
        let look = async |path: &str| {
            for form in forms(path) {
                let Ok(request) = app.nobody().request(Method::GET, &form).body(Body::empty()) else { continue };
                let answer = app.nobody().send(request).await;
                assert!(!answer.text.contains("internal-secret") && !answer.text.contains("内部.pdf"), "{form}: {}", answer.text);
                let leads_to_sign_in = answer.status == 303 && answer.header("location").starts_with("/sign-in");
                assert!(answer.status == 404 || leads_to_sign_in, "{form}: {}", answer.status);
                if form.starts_with("/announcements/") && !form.contains('?') && answer.text.contains("没有找到这个页面") {
                    assert_eq!(answer.text, nothing, "{form} looks like what does not exist");
                }
            }
        };
        // A draft, with its number guessed.
        look(&format!("/announcements/{number}")).await;
        ask(app, &format!("/announcements/{number}/announcement.pdf"), 404).await;
        submit(app, &clerk, &id).await;
        review(app, &id, true, "").await;
        ask(app, &format!("/announcements/{number}"), 200).await;
        for path in [
            format!("/announcements/{number}/files/{internal}"),
            format!("/announcements/{internal}/files/{internal}"),
            format!("/attachments/{internal}"),
            format!("/data/attachments/{internal}"),
            format!("/office/files/{id}/{internal}"),
            format!("/office/announcements/{id}"),
            "/setaside.db".to_owned(),
            format!("/announcements/{id}"),
        ] {
            look(&path).await;
        }
        let page = ask(app, &format!("/announcements/{number}"), 200).await.text;
        for hidden in [id.as_str(), internal.as_str(), "内部.pdf", "unit03", "孙八"] {
            assert!(!page.contains(hidden), "{hidden}");
        }
    })
    .await;
}

#[tokio::test]
async fn e7_what_was_revoked_is_nowhere_shown_as_live_for_more_than_a_minute() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        let number = generate(&clerk, &id).await;
        let (_, file) = upload(&clerk, &id, "说明.pdf", b"%PDF-1.7 public").await;
        let file = file["file"]["id"].as_str().unwrap().to_owned();
        let at = version(&clerk, &id).await;
        let _: Value = clerk.call("change_attachment", json!({ "id": id, "version": at, "file": file, "is_shown": true })).await;
        submit(app, &clerk, &id).await;
        review(app, &id, true, "").await;
        let unit = format!("/units/{}", app.units[CHIEF]);
        let page = format!("/announcements/{number}");
        let attachment = format!("{page}/files/{file}");
        let addresses =
            ["/", page.as_str(), unit.as_str(), "/units", "/statistics", "/years", "/years/2024", "/sitemap.xml", attachment.as_str()];
        let mut before = Vec::new();
        for address in addresses {
            let answer = ask(app, address, 200).await;
            let kept = answer.header("cache-control");
            let seconds: u32 = kept.split("max-age=").nth(1).and_then(|rest| rest.split(',').next()).unwrap().parse().unwrap();
            assert!(seconds <= 60 && !kept.contains("immutable") && !kept.contains("stale"), "{address}: {kept}");
            before.push(answer.header("etag").to_owned());
        }
        app.wait(90);
        revoke(app, &clerk, &id, "口径有误").await;
        review(app, &id, true, "").await;
        assert!(listed(app, "/").await.is_empty());
        assert!(ask(app, "/years/2024", 200).await.text.contains("已撤销，公告编号"));
        assert_eq!(listed(app, "/?status=revoked").await, [number.as_str()]);
        assert!(ask(app, &unit, 200).await.text.contains("已撤销"));
        ask(app, &attachment, 404).await;
        for (address, tag) in addresses.iter().zip(&before).filter(|(address, _)| !address.contains("/files/") && **address != "/units") {
            let request = app.nobody().request(Method::GET, address).header(header::IF_NONE_MATCH, tag).body(Body::empty()).unwrap();
            assert_eq!(app.nobody().send(request).await.status, 200, "{address}: who has the old page is given the new one");
        }
    })
    .await;
}
