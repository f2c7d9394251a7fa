//! Uploads that are sent again, files that are replaced, ordered and looked at.

use super::*;
use setaside::domain::calendar::Moment;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n picture";

fn names(announcement: &Value) -> Vec<&str> {
    announcement["files"].as_array().unwrap().iter().map(|file| file["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn c6_an_upload_whose_answer_was_lost_is_sent_again_and_makes_no_second_file() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        let query = format!("key={}", key());
        let (status, first) = upload_as(&clerk, &id, &query, "说明.pdf", b"%PDF-1.7").await;
        assert_eq!(status, 200, "{first}");
        // Something else happens in between: the version that the first saw is gone.
        let (_, other) = upload(&clerk, &id, "另一份.pdf", b"%PDF-1.4").await;
        let (status, again) = upload_as(&clerk, &id, &query, "说明.pdf", b"%PDF-1.7").await;
        assert_eq!((status, &again["file"]), (200, &first["file"]));
        assert_eq!(again["saved"]["version"], other["saved"]["version"], "nothing was changed");
        assert_eq!(names(&read(&clerk, &id).await), ["说明.pdf", "另一份.pdf"]);
        let (status, answer) = upload_as(&clerk, &id, &query, "说明.pdf", b"%PDF-1.7 other").await;
        assert_eq!(status, 409, "another content under the same key: {answer}");
        generate(&clerk, &id).await;
        submit(app, &clerk, &id).await;
        assert_eq!(upload_as(&clerk, &id, &query, "说明.pdf", b"%PDF-1.7").await.0, 200, "done is done in every state");
        assert_eq!(upload(&clerk, &id, "迟到.pdf", b"%PDF-1.7").await.0, 409);
        assert_eq!(app.count("SELECT COUNT(*) FROM attachments").await, 2);
        assert_eq!(std::fs::read_dir(app.services.settings.data.join("attachments")).unwrap().count(), 3, "two files and the marker");
    })
    .await;
}

#[tokio::test]
async fn c6_the_same_upload_twice_at_once_and_many_at_once_all_arrive_once() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        for round in 0..8 {
            let (same, other) = (format!("key={}", key()), format!("key={}", key()));
            let name = format!("{round}.pdf");
            let (one, two, three) = tokio::join!(
                upload_as(&clerk, &id, &same, &name, b"%PDF-1.7"),
                upload_as(&clerk, &id, &same, &name, b"%PDF-1.7"),
                upload_as(&clerk, &id, &other, "另.pdf", PNG),
            );
            assert_eq!((one.0, two.0, three.0), (200, 200, 200), "{one:?} {two:?} {three:?}");
            assert_eq!(one.1["file"], two.1["file"]);
            assert_eq!(read(&clerk, &id).await["files"].as_array().unwrap().len(), usize::try_from(round).unwrap() * 2 + 2);
        }
    })
    .await;
}

#[tokio::test]
async fn c6_a_replaced_file_is_kept_for_the_office_and_gone_from_outside() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        let number = generate(&clerk, &id).await;
        let (_, first) = upload(&clerk, &id, "甲.pdf", b"%PDF-1.7 old").await;
        upload(&clerk, &id, "乙.pdf", b"%PDF-1.7 second").await;
        let old = first["file"]["id"].as_str().unwrap().to_owned();
        let at = version(&clerk, &id).await;
        let _: Value = clerk.call("change_attachment", json!({ "id": id, "version": at, "file": old, "is_shown": true })).await;
        app.wait(60);
        let replacing = format!("key={}&replaces={old}", key());
        let (status, second) = upload_as(&clerk, &id, &replacing, "甲（新）.pdf", b"%PDF-1.7 new").await;
        assert_eq!((status, second["file"]["is_shown"].as_bool()), (200, Some(true)), "{second}");
        let seen = read(&clerk, &id).await;
        assert_eq!(names(&seen), ["甲（新）.pdf", "乙.pdf"], "in its place");
        assert_eq!(seen["files"][0]["older"][0]["name"], "甲.pdf");
        assert_eq!(clerk.get(&format!("/office/files/{id}/{old}")).await.text, "%PDF-1.7 old");
        // Replaced once more, both older ones stand behind it, the newest first.
        let newer = second["file"]["id"].as_str().unwrap().to_owned();
        app.wait(60);
        let (_, third) = upload_as(&clerk, &id, &format!("key={}&replaces={newer}", key()), "甲（终）.pdf", b"%PDF-1.7 last").await;
        let older: Vec<String> = read(&clerk, &id).await["files"][0]["older"]
            .as_array()
            .unwrap()
            .iter()
            .map(|file| file["name"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(older, ["甲（新）.pdf", "甲.pdf"]);
        let (status, answer) = upload_as(&clerk, &id, &format!("key={}&replaces={old}", key()), "x.pdf", b"%PDF-1.7").await;
        assert_eq!(status, 409, "one that was replaced cannot be replaced again: {answer}");
        let stale = json!({ "id": id, "version": version(&clerk, &id).await, "file": old, "is_shown": true });
        clerk.refused("change_attachment", stale, 409).await;
        submit(app, &clerk, &id).await;
        review(app, &id, true, "").await;
        let outside = |file: &str| format!("/announcements/{number}/files/{file}");
        assert_eq!(app.nobody().get(&outside(third["file"]["id"].as_str().unwrap())).await.text, "%PDF-1.7 last");
        for gone in [&old, &newer] {
            assert_eq!(app.nobody().get(&outside(gone)).await.status, 404);
            assert_eq!(app.sign_in("leader").await.get(&format!("/office/files/{id}/{gone}")).await.status, 200, "the office keeps it");
        }
    })
    .await;
}

#[tokio::test]
async fn c6_a_deleted_file_takes_its_older_ones_with_it() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        let (_, first) = upload(&clerk, &id, "甲.pdf", b"%PDF-1.7").await;
        let replacing = format!("key={}&replaces={}", key(), first["file"]["id"].as_str().unwrap());
        let (_, second) = upload_as(&clerk, &id, &replacing, "甲.pdf", b"%PDF-1.4").await;
        let at = version(&clerk, &id).await;
        let deletion = json!({ "id": id, "version": at, "file": second["file"]["id"], "is_shown": null });
        let _: Value = clerk.call("change_attachment", deletion).await;
        assert_eq!(app.count("SELECT COUNT(*) FROM attachments").await, 0);
        assert_eq!(std::fs::read_dir(app.services.settings.data.join("attachments")).unwrap().count(), 1, "the marker");
    })
    .await;
}

#[tokio::test]
async fn c6_a_file_is_replaced_ten_times_and_the_refusal_says_what_to_do() {
    on_sqlite(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        let (_, mut file) = upload(&clerk, &id, "甲.pdf", b"%PDF-1.7").await;
        for _ in 0..10 {
            let replacing = format!("key={}&replaces={}", key(), file["file"]["id"].as_str().unwrap());
            let (status, next) = upload_as(&clerk, &id, &replacing, "甲.pdf", b"%PDF-1.7").await;
            assert_eq!(status, 200, "{next}");
            file = next;
        }
        let replacing = format!("key={}&replaces={}", key(), file["file"]["id"].as_str().unwrap());
        let (status, answer) = upload_as(&clerk, &id, &replacing, "甲.pdf", b"%PDF-1.7").await;
        assert!(status == 422 && answer.to_string().contains("已替换过 10 次"), "{answer}");
    })
    .await;
}

#[tokio::test]
async fn c6_files_stand_in_the_order_that_was_chosen_outside_as_well() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        let number = generate(&clerk, &id).await;
        let mut ids = Vec::new();
        for name in ["一.pdf", "二.pdf", "三.pdf"] {
            let (_, uploaded) = upload(&clerk, &id, name, format!("%PDF-1.7 {name}").as_bytes()).await;
            let file = uploaded["file"]["id"].as_str().unwrap().to_owned();
            let shown = json!({ "id": id, "version": version(&clerk, &id).await, "file": file, "is_shown": true });
            let _: Value = clerk.call("change_attachment", shown).await;
            ids.push(file);
        }
        let order = json!({ "id": id, "files": [ids[2], ids[0], ids[1]] });
        let first: Value = clerk.call("order_attachments", order.clone()).await;
        let again: Value = clerk.call("order_attachments", order).await;
        assert_eq!(first["version"], again["version"], "asked again it changes nothing");
        assert_eq!(names(&read(&clerk, &id).await), ["三.pdf", "一.pdf", "二.pdf"]);
        submit(app, &clerk, &id).await;
        review(app, &id, true, "").await;
        let page = app.nobody().get(&format!("/announcements/{number}")).await.text;
        let places: Vec<usize> = ["三.pdf", "一.pdf", "二.pdf"].iter().map(|name| page.find(name).unwrap()).collect();
        assert!(places.is_sorted(), "{places:?}");
        let late = json!({ "id": id, "files": [ids[0]] });
        clerk.refused("order_attachments", late, 409).await;
    })
    .await;
}

#[tokio::test]
async fn c6_documents_and_pictures_are_looked_at_in_the_office_with_nothing_that_they_could_do() {
    on_sqlite(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        for (name, content, media_type) in [("甲.pdf", b"%PDF-1.7".as_slice(), "application/pdf"), ("乙.png", PNG, "image/png")] {
            let (_, uploaded) = upload(&clerk, &id, name, content).await;
            let address = format!("/office/files/{id}/{}/preview", uploaded["file"]["id"].as_str().unwrap());
            let answer = clerk.get(&address).await;
            assert_eq!((answer.status, answer.header("content-type"), answer.bytes.as_slice()), (200, media_type, content));
            assert_eq!(answer.header("x-content-type-options"), "nosniff");
            assert!(answer.header("content-disposition").starts_with("inline;"));
            assert_eq!(answer.header("content-security-policy"), "default-src 'none'; sandbox");
            assert_eq!((answer.header("x-frame-options"), answer.header("cache-control")), ("DENY", "no-store"));
            assert_eq!(app.nobody().get(&address).await.status, 303);
            assert_eq!(app.sign_in("unit03").await.get(&address).await.status, 404);
        }
        let (_, word) = upload(&clerk, &id, "丙.docx", b"PK\x03\x04 word/document.xml").await;
        let address = format!("/office/files/{id}/{}", word["file"]["id"].as_str().unwrap());
        assert_eq!(clerk.get(&address).await.status, 200);
        assert_eq!(clerk.get(&format!("{address}/preview")).await.status, 404, "what is no document of pages and no picture is only saved");
    })
    .await;
}

#[tokio::test]
async fn c6_a_file_that_would_fill_the_disk_is_refused_before_it_is_stored() {
    on_both(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        app.services.files.keep_free(u64::MAX);
        let (status, answer) = upload(&clerk, &id, "a.pdf", b"%PDF-1.7 x").await;
        assert_eq!((status, answer), (507, json!({ "kind": "storage_full" })));
        assert_eq!(app.count("SELECT CAST(COUNT(*) AS BIGINT) FROM attachments").await, 0);
        app.services.files.keep_free(0);
        assert_eq!(upload(&clerk, &id, "a.pdf", b"%PDF-1.7 x").await.0, 200);
    })
    .await;
}

#[tokio::test]
async fn c6_an_upload_whose_line_is_cut_comes_to_its_end_with_its_row() {
    on_sqlite(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        let stored = async || app.services.files.older_than(Moment::from_millis(i64::MAX)).await.unwrap().0.len();
        let before = stored().await;
        // Nobody else writes for a while: the upload waits between its file and its row.
        let (open, gate) = tokio::sync::oneshot::channel::<()>();
        let services = app.services.clone();
        let holding = tokio::spawn(async move {
            services
                .db
                .write(move |_| {
                    Box::pin(async move {
                        let _ = gate.await;
                        Ok(())
                    })
                })
                .await
        });
        tokio::task::yield_now().await;
        let request = upload_request(&clerk, &id, &format!("key={}", key()), "说明.pdf", b"%PDF-1.7 x");
        {
            let sending = clerk.send(request);
            let arrived = async { while stored().await == before {} };
            tokio::select! {
                answer = sending => panic!("answered before its row could be written: {}", answer.status),
                () = arrived => {}
            }
        }
        open.send(()).unwrap();
        holding.await.unwrap().unwrap();
        let rows = async || app.count("SELECT CAST(COUNT(*) AS BIGINT) FROM attachments").await;
        for _ in 0..5_000 {
            if rows().await == 1 {
                break;
            }
            tokio::task::yield_now().await;
        }
        assert_eq!((rows().await, stored().await), (1, before + 1));
    })
    .await;
}

#[tokio::test]
async fn c4_a_version_beyond_all_numbers_is_one_that_nobody_has_seen() {
    on_sqlite(async |app: &TestApp| {
        let (clerk, id) = created(app).await;
        for endpoint in ["save_announcement", "generate_announcement", "change_announcement_line"] {
            let input = match endpoint {
                "save_announcement" => json!({ "id": id, "version": i64::MAX, "change": { "remark": "说明" } }),
                "generate_announcement" => json!({ "id": id, "version": i64::MAX }),
                _ => {
                    let line = read(&clerk, &id).await["lines"][0]["id"].clone();
                    json!({ "id": id, "version": i64::MAX, "line": line, "reason": "核对", "change": "remove" })
                }
            };
            let (status, answer) = clerk.post_api(endpoint, input).await;
            assert!(matches!(status, 409 | 422), "{endpoint}: {status} {answer}");
        }
        let (status, _) = clerk.post_api("generate_announcement", json!({ "id": id, "version": i64::MAX })).await;
        assert_eq!(status, 409);
    })
    .await;
}
