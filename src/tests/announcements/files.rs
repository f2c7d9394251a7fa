//! Attachments: what is reached from outside, what is refused, and what stays on the disk.

use super::*;
use crate::support::Log;
use setaside::features::announcements::commands::files::sweep;
use setaside::server::installation;
use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt as _;
use std::time::{Duration, UNIX_EPOCH};

/// The names in the directory of attachments.
fn on_disk(app: &TestApp) -> BTreeSet<String> {
    let folder = app.services.settings.data.join("attachments");
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name != ".installation").collect()
}

/// Makes a file look as if it had been written `seconds` ago on the application's clock.
fn aged(app: &TestApp, name: &str, seconds: i64) {
    let path = app.services.settings.data.join("attachments").join(name);
    let file = std::fs::File::options().create(true).append(true).open(path).unwrap();
    let millis = u64::try_from(app.now().plus_seconds(-seconds).millis()).unwrap();
    file.set_modified(UNIX_EPOCH + Duration::from_millis(millis)).unwrap();
}

#[tokio::test]
async fn c6_a_refused_upload_leaves_no_file() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        for number in 1..=20 {
            let (status, answer) = upload(&clerk, &id, &format!("{number}.pdf"), b"%PDF-1.7").await;
            assert_eq!(status, 200, "{answer}");
        }
        let (status, answer) = upload(&clerk, &id, "21.pdf", b"%PDF-1.7").await;
        assert_eq!(status, 422, "{answer}");
        assert!(answer.to_string().contains("最多 20 个附件"), "{answer}");
        assert_eq!(on_disk(app).len(), 20);
    })
    .await;
}

#[tokio::test]
async fn c6_files_without_a_row_go_but_never_a_young_or_a_named_one() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        let (_, named) = upload(&clerk, &id, "a.pdf", b"%PDF-1.7").await;
        let named = named["file"]["id"].as_str().unwrap();
        let [orphan, young, cut] = [1, 2, 3].map(|number| format!("01890a5d-ac96-774b-bcce-b302099a900{number}"));
        let (cut, being_written) = (format!("{cut}.partial"), format!("{young}.partial"));
        for name in [named, &orphan, &cut, "README"] {
            aged(app, name, 3_601);
        }
        aged(app, &young, 3_599);
        aged(app, &being_written, 3_599);
        assert_eq!(sweep(&app.services).await, Ok(2));
        assert_eq!(on_disk(app), BTreeSet::from([named, &young, &being_written, "README"].map(str::to_owned)));
        assert_eq!(clerk.get(&format!("/office/files/{id}/{named}")).await.text, "%PDF-1.7");
        app.wait(2);
        assert_eq!(sweep(&app.services).await, Ok(2), "what was young is old now");
    })
    .await;
}

#[tokio::test]
async fn c6_a_folder_that_another_database_knows_is_left_alone() {
    on_both(async |app: &TestApp| {
        let [one, two] = [1, 2].map(|number| format!("01890a5d-ac96-774b-bcce-b302099a900{number}"));
        for name in [&one, &two] {
            aged(app, name, 3_601);
        }
        let mark = app.services.settings.data.join("attachments/.installation");
        let own = std::fs::read_to_string(&mark).unwrap();
        for other in [Some("01890a5d-ac96-774b-bcce-b302099a8057"), Some(""), None] {
            match other {
                Some(id) => std::fs::write(&mark, id).unwrap(),
                None => std::fs::remove_file(&mark).unwrap(),
            }
            let log = Log::begin();
            assert_eq!(sweep(&app.services).await, Ok(0), "{other:?}");
            assert!(log.text().contains("are not removed") && log.text().contains(".installation"), "{}", log.text());
        }
        installation::bind(&app.services.db, &app.services.files, app.now()).await.unwrap();
        assert!(!mark.exists(), "a folder that holds files is nobody's by chance");
        std::fs::write(&mark, own).unwrap();
        assert_eq!(sweep(&app.services).await, Ok(2));
    })
    .await;
}

#[tokio::test]
async fn c6_files_and_folder_are_the_owners_alone() {
    on_sqlite(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        let (_, file) = upload(&clerk, &id, "a.pdf", b"%PDF-1.7").await;
        let data = &app.services.settings.data;
        let mode = |path: &str| std::fs::metadata(data.join(path)).unwrap().permissions().mode() & 0o777;
        for path in ["setaside.db", "setaside.db-wal", "setaside.db-shm", "attachments/.installation"] {
            assert_eq!(mode(path), 0o600, "{path}");
        }
        assert_eq!(mode(&format!("attachments/{}", file["file"]["id"].as_str().unwrap())), 0o600);
        assert_eq!(mode("attachments"), 0o700);
    })
    .await;
}

/// The address of a file in every form that servers and proxies are known to read differently.
fn every_form(announcement: &str, number: &str, file: &str) -> Vec<String> {
    let encoded = file.bytes().map(|byte| format!("%{byte:02x}")).collect::<Vec<_>>().concat();
    let parts = [
        file.to_owned(),
        file.to_uppercase(),
        format!("{file}/"),
        format!("{file}/preview"),
        format!("{file}/."),
        format!("{file}//"),
        format!("{file}?is_shown=1"),
        format!("{file}%00"),
        format!("{file}%20"),
        format!("{file}.pdf"),
        format!("{file};x"),
        format!("./{file}"),
        format!("../files/{file}"),
        format!("%2e%2e%2f{file}"),
        format!("..%5c{file}"),
        format!("/{file}"),
        encoded.clone(),
    ];
    let public = parts.iter().map(|part| format!("/announcements/{number}/files/{part}"));
    let folders = [
        format!("/announcements//files/{file}"),
        format!("/announcements/{number}//files/{file}"),
        format!("//announcements/{number}/files/{file}"),
        format!("/ANNOUNCEMENTS/{number}/files/{file}"),
        format!("/announcements/{number}/FILES/{file}"),
        format!("/announcements/{announcement}/files/{file}"),
        format!("/announcements/{number}%2ffiles%2f{file}"),
        format!("/announcements/../office/files/{announcement}/{file}"),
        format!("/announcements/{number}/files/{file}/../{file}"),
        format!("/attachments/{file}"),
        format!("/assets/../attachments/{file}"),
        format!("/assets/%2e%2e/%2e%2e/attachments/{file}"),
        format!("/assets/..%2fattachments%2f{file}"),
        format!("//office/files/{announcement}/{file}"),
        format!("/OFFICE/files/{announcement}/{file}"),
        format!("/office/files/{announcement}/{file}"),
        format!("/office/files/{announcement}/{encoded}"),
        format!("/office/files/{announcement}/{file}/preview"),
    ];
    public.chain(folders).collect()
}

#[tokio::test]
async fn c6_a_file_is_outside_only_when_shown_and_published() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        let number = generate(&clerk, &id).await;
        let (status, shown) = upload(&clerk, &id, "..\\说明.html", b"%PDF-1.7 public").await;
        assert_eq!((status, shown["file"]["name"].as_str()), (200, Some("说明.html.pdf")), "{shown}");
        let (_, hidden) = upload(&clerk, &id, "内部.pdf", b"%PDF-1.7 internal").await;
        let (status, refused) = upload(&clerk, &id, "x.pdf", b"<script>alert(1)</script>").await;
        assert_eq!(status, 422, "{refused}");
        let (shown, hidden) = (shown["file"]["id"].as_str().unwrap(), hidden["file"]["id"].as_str().unwrap());
        let at = version(&clerk, &id).await;
        let _: Value = clerk.call("change_attachment", json!({ "id": id, "version": at, "file": shown, "is_shown": true })).await;
        let outside = |file: &str| format!("/announcements/{number}/files/{file}");
        assert_eq!(app.nobody().get(&outside(shown)).await.status, 404, "not before publication");
        submit(app, &clerk, &id).await;
        review(app, &id, true, "").await;
        let answer = app.nobody().get(&outside(shown)).await;
        assert_eq!((answer.status, answer.text.as_str()), (200, "%PDF-1.7 public"));
        assert!(
            answer.header("content-disposition").starts_with("attachment;") && answer.header("content-security-policy").contains("sandbox")
        );
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        let nothing = app.nobody().get(&outside("01890a5d-ac96-774b-bcce-b302099a8057")).await;
        for address in every_form(&id, &number, hidden) {
            for method in [Method::GET, Method::HEAD] {
                let request = app.nobody().request(method.clone(), &address).header(header::RANGE, "bytes=0-3");
                let answer = app.nobody().send(request.body(Body::empty()).unwrap()).await;
                // The office asks for a sign-in, whether there is such a file or not; everything else is nothing.
                assert!([303, 401, 404].contains(&answer.status), "{method} {address}: {}", answer.status);
                assert_eq!(answer.status != 404, address.starts_with("/office/"), "{method} {address}");
                assert!(!answer.text.contains("internal") && !answer.text.contains("%PDF"), "{method} {address}");
            }
        }
        let same = app.nobody().get(&outside(hidden)).await;
        assert_eq!(same.text, nothing.text, "internal looks exactly like what does not exist");
        let office = app.nobody().get(&format!("/office/files/{id}/{hidden}")).await;
        assert_eq!(office.status, 303, "the office asks for a sign-in");
        assert_eq!(app.sign_in("unit03").await.get(&format!("/office/files/{id}/{hidden}")).await.status, 404);
        assert_eq!(clerk.get(&format!("/office/files/{id}/{hidden}")).await.text, "%PDF-1.7 internal");
        let page = app.nobody().get(&format!("/announcements/{number}")).await;
        assert!(page.text.contains(shown) && !page.text.contains(hidden));
    })
    .await;
}

#[tokio::test]
async fn c6_too_large_and_broken_uploads_are_refused() {
    on_sqlite(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        let mut large = b"%PDF-1.7".to_vec();
        large.resize(app.services.settings.attachment_bytes + 1, b'x');
        let (status, answer) = upload(&clerk, &id, "大.pdf", &large).await;
        assert_eq!(status, 413, "{answer}");
        let (status, _) = upload(&clerk, &id, "空.pdf", b"").await;
        assert_eq!(status, 422);
        let request = clerk
            .request(Method::POST, &format!("/office/files/{id}?key={}", key()))
            .header(header::CONTENT_TYPE, "multipart/form-data")
            .body(Body::from("x"))
            .unwrap();
        assert_eq!(clerk.send(request).await.status, 400);
        let reviewer = app.sign_in("leader").await;
        assert_eq!(upload(&reviewer, &id, "a.pdf", b"%PDF-1.7").await.0, 403);
        assert_eq!(app.count("SELECT COUNT(*) FROM attachments").await, 0);
    })
    .await;
}
