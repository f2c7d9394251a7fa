//! Signing in and out, through the real pages.

use super::support::{PASSWORD, TestApp, Visitor, on_both};
use serde_json::{Value, json};

/// Sends the sign-in form; gives the visitor that the cookie makes, or the words on the page.
async fn sign_in<'app>(app: &'app TestApp, from: &Visitor<'app>, login: &str, password: &str) -> Result<Visitor<'app>, String> {
    let form = format!("login={login}&password={}&next=", password.replace('#', "%23"));
    let answer = from.post_form("/sign-in", form).await;
    if answer.status != 303 {
        assert_eq!(answer.status, 422, "{answer:?}");
        assert_eq!(answer.header("set-cookie"), "");
        return Err(answer.text);
    }
    let cookie = answer.header("set-cookie");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    assert_eq!(answer.header("location"), "/office");
    let token = cookie.split(['=', ';']).nth(1).expect("a token").to_owned();
    Ok(Visitor::new(app, Some(token)))
}

async fn is_in(visitor: &Visitor<'_>) -> bool {
    let (status, answer) = visitor.post_api("unread_messages", Value::Null).await;
    assert!(status == 200 || status == 401, "{status} {answer}");
    status == 200
}

#[tokio::test]
async fn b8_the_right_password_signs_in_and_signing_out_is_for_good() {
    on_both(async |app: &TestApp| {
        let visitor = sign_in(app, &app.nobody(), "Unit03", PASSWORD).await.unwrap();
        assert!(is_in(&visitor).await);
        assert!(!is_in(&app.nobody()).await);
        let again = sign_in(app, &visitor, "unit03", PASSWORD).await.unwrap();
        assert_ne!(again.token, visitor.token, "a sign-in makes a new session");
        assert!(!is_in(&visitor).await, "and ends the one that this browser held");
        let answer = again.post_form("/sign-out", "").await;
        assert_eq!((answer.status, answer.header("location")), (303, "/sign-in"));
        assert!(!is_in(&again).await, "the cookie is worth nothing any more");
        assert_eq!(app.count("SELECT COUNT(*) FROM sessions").await, 0);
    })
    .await;
}

#[tokio::test]
async fn b8_only_a_hash_of_the_token_is_stored() {
    on_both(async |app: &TestApp| {
        let visitor = sign_in(app, &app.nobody(), "unit03", PASSWORD).await.unwrap();
        let stored: String =
            sqlx::query_scalar("SELECT token_hash FROM sessions").fetch_one(&mut *app.services.db.read().await.unwrap()).await.unwrap();
        assert_ne!(Some(&stored), visitor.token.as_ref());
        assert!(!is_in(&Visitor::new(app, Some(stored))).await);
    })
    .await;
}

#[tokio::test]
async fn b8_a_wrong_password_and_an_unknown_name_are_told_the_same() {
    on_both(async |app: &TestApp| {
        let mut pages = Vec::new();
        for (login, password) in [("unit03", "wrong"), ("nobody", "wrong"), ("unit03", "")] {
            let page = sign_in(app, &app.nobody(), login, password).await.err().unwrap();
            assert!(page.contains("登录名或密码不正确"), "{page}");
            pages.push(page.replace(login, ""));
        }
        assert_eq!(pages[0], pages[1]);
    })
    .await;
}

#[tokio::test]
async fn b8_five_failures_lock_for_fifteen_minutes() {
    on_both(async |app: &TestApp| {
        for _ in 0..4 {
            sign_in(app, &app.nobody(), "unit03", "wrong").await.err().unwrap();
        }
        sign_in(app, &app.nobody(), "unit03", PASSWORD).await.unwrap();
        for _ in 0..5 {
            let page = sign_in(app, &app.nobody(), "unit03", "wrong").await.err().unwrap();
            assert!(page.contains("密码不正确"));
        }
        let page = sign_in(app, &app.nobody(), "unit03", PASSWORD).await.err().unwrap();
        assert!(page.contains("已锁定"), "{page}");
        sign_in(app, &app.nobody(), "unit99", PASSWORD).await.unwrap();
        app.set_time("2025-03-10T09:44:59");
        sign_in(app, &app.nobody(), "unit03", PASSWORD).await.err().unwrap();
        app.set_time("2025-03-10T09:45:00");
        sign_in(app, &app.nobody(), "unit03", PASSWORD).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn b8_passwords_that_are_tried_at_the_same_moment_get_five_answers() {
    on_both(async |app: &TestApp| {
        let nobody = app.nobody();
        let wrong = (0..12).map(|_| sign_in(app, &nobody, "unit03", "wrong"));
        let pages: Vec<String> = futures::future::join_all(wrong).await.into_iter().map(|tried| tried.err().unwrap()).collect();
        let told_wrong = pages.iter().filter(|page| page.contains("登录名或密码不正确")).count();
        let told_locked = pages.iter().filter(|page| page.contains("已锁定")).count();
        assert_eq!((told_wrong, told_locked), (5, 7), "a try beyond the fifth learns nothing");
        assert_eq!(app.count("SELECT failures FROM users WHERE login = 'unit03'").await, 0, "and does not count towards the next lock");
        app.set_time("2025-03-10T09:45:00");
        sign_in(app, &nobody, "unit03", PASSWORD).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn b8_of_sixty_tries_that_are_let_go_at_once_five_are_judged() {
    on_both(async |app: &TestApp| {
        let nobody = app.nobody();
        let hashing = app.services.hashing.clone();
        let held = hashing.acquire_many(2).await.unwrap();
        // The right one waits behind the fifth wrong one.
        let tries = (0..60).map(|number| sign_in(app, &nobody, "unit03", if number == 59 { PASSWORD } else { "wrong" }));
        let mut tries = Box::pin(futures::future::join_all(tries));
        for _ in 0..1_000 {
            // Most have read an account that is not locked by then, and wait for their turn.
            assert!(futures::poll!(&mut tries).is_pending());
            tokio::task::yield_now().await;
        }
        drop(held);
        let pages: Vec<String> = tries.await.into_iter().map(|tried| tried.err().expect("the right one is told nothing")).collect();
        let told_wrong = pages.iter().filter(|page| page.contains("登录名或密码不正确")).count();
        assert_eq!((told_wrong, pages.iter().filter(|page| page.contains("已锁定")).count()), (5, 55));
        assert_eq!(pages[58], pages[59], "right and wrong are told the same");
        assert_eq!(app.count("SELECT COUNT(*) FROM sessions").await, 0);
    })
    .await;
}

#[tokio::test]
async fn b8_wrong_old_passwords_count_like_failed_sign_ins() {
    on_both(async |app: &TestApp| {
        let here = app.sign_in("unit03").await;
        let change = |old: &str| json!({ "old": old, "new": "Neu#2025x" });
        for _ in 0..4 {
            let words = here.refused("change_password", change("wrong"), 422).await;
            assert!(words.contains("原密码不正确"), "{words}");
        }
        let page = sign_in(app, &app.nobody(), "unit03", "wrong").await.err().unwrap();
        assert!(page.contains("密码不正确"), "{page}");
        for old in ["wrong", PASSWORD] {
            let words = here.refused("change_password", change(old), 422).await;
            assert!(words.contains("已锁定"), "{words}");
        }
        app.set_time("2025-03-10T09:45:00");
        let tries = (0..20).map(|number| here.post_api("change_password", change(if number == 12 { PASSWORD } else { "wrong" })));
        let answers = futures::future::join_all(tries).await;
        let judged = answers.iter().filter(|(_, answer)| answer.to_string().contains("原密码不正确")).count();
        assert!(judged == 5 && answers.iter().all(|(status, _)| *status == 422), "{answers:?}");
        assert!(is_in(&here).await, "the session itself goes on");
    })
    .await;
}

#[tokio::test]
async fn b8_a_failed_sign_in_ends_no_session() {
    on_both(async |app: &TestApp| {
        let visitor = sign_in(app, &app.nobody(), "unit03", PASSWORD).await.unwrap();
        sign_in(app, &visitor, "unit03", "wrong").await.err().unwrap();
        assert!(is_in(&visitor).await);
        let other = sign_in(app, &visitor, "unit99", PASSWORD).await.unwrap();
        assert!(is_in(&other).await && !is_in(&visitor).await);
    })
    .await;
}

#[tokio::test]
async fn b8_an_administrator_unlocks() {
    on_both(async |app: &TestApp| {
        for _ in 0..5 {
            sign_in(app, &app.nobody(), "unit03", "wrong").await.err().unwrap();
        }
        let admin = app.sign_in("admin").await;
        let people: Value = admin.call("admin_people", json!({ "search": "unit03" })).await;
        let person = &people["people"][0];
        assert!(person["locked_until"].is_string(), "{person}");
        admin.call::<()>("unlock_person", json!({ "id": person["id"], "version": person["version"] })).await;
        sign_in(app, &app.nobody(), "unit03", PASSWORD).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn b8_a_session_ends_when_unused_and_ends_absolutely() {
    on_both(async |app: &TestApp| {
        let settings = app.services.settings.clone();
        let idle = app.sign_in("unit03").await;
        app.wait(settings.session_idle_seconds - 1);
        assert!(is_in(&idle).await);
        app.wait(settings.session_idle_seconds - 1);
        assert!(is_in(&idle).await, "each use begins the wait anew");
        app.wait(settings.session_idle_seconds);
        assert!(!is_in(&idle).await);
        let busy = app.sign_in("unit03").await;
        let mut passed = 0;
        while passed + 600 < settings.session_seconds {
            app.wait(600);
            passed += 600;
            assert!(is_in(&busy).await, "after {passed} s");
        }
        app.wait(600);
        assert!(!is_in(&busy).await);
    })
    .await;
}

#[tokio::test]
async fn b8_a_disabled_person_is_out_at_once_and_cannot_come_back() {
    on_both(async |app: &TestApp| {
        let visitor = sign_in(app, &app.nobody(), "unit03", PASSWORD).await.unwrap();
        app.execute("UPDATE users SET is_disabled = 1 WHERE login = 'unit03'").await;
        assert!(!is_in(&visitor).await);
        let page = sign_in(app, &app.nobody(), "unit03", PASSWORD).await.err().unwrap();
        assert!(page.contains("已停用"), "{page}");
        let page = sign_in(app, &app.nobody(), "unit03", "wrong").await.err().unwrap();
        assert!(!page.contains("已停用"), "only who knows the password learns it");
    })
    .await;
}

#[tokio::test]
async fn b8_changing_ones_password_ends_the_other_sessions() {
    on_both(async |app: &TestApp| {
        let here = app.sign_in("unit03").await;
        let elsewhere = app.sign_in("unit03").await;
        let words = here.refused("change_password", json!({ "old": "wrong", "new": "Neu#2025x" }), 422).await;
        assert!(words.contains("原密码"), "{words}");
        here.refused("change_password", json!({ "old": PASSWORD, "new": "short" }), 422).await;
        assert!(is_in(&elsewhere).await);
        here.call::<()>("change_password", json!({ "old": PASSWORD, "new": "Neu#2025x" })).await;
        assert!(is_in(&here).await && !is_in(&elsewhere).await);
        sign_in(app, &app.nobody(), "unit03", PASSWORD).await.err().unwrap();
        sign_in(app, &app.nobody(), "unit03", "Neu#2025x").await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn b8_a_sign_in_with_a_password_that_is_reset_at_the_same_moment_leaves_no_session() {
    on_both(async |app: &TestApp| {
        let admin = app.sign_in("admin").await;
        let people: Value = admin.call("admin_people", json!({ "search": "unit03" })).await;
        let person = &people["people"][0];
        let nobody = app.nobody();
        let reset = admin.call::<String>("reset_person_password", json!({ "id": person["id"], "version": person["version"] }));
        let (signed_in, _) = tokio::join!(sign_in(app, &nobody, "unit03", PASSWORD), reset);
        if let Ok(visitor) = signed_in {
            assert!(!is_in(&visitor).await, "it began before the reset, which ended it");
        }
        assert_eq!(app.count("SELECT COUNT(*) FROM sessions").await, 1, "the administrator's alone");
    })
    .await;
}

#[tokio::test]
async fn b8_of_two_changes_of_a_password_at_the_same_moment_one_stands() {
    on_both(async |app: &TestApp| {
        let (here, elsewhere) = (app.sign_in("unit03").await, app.sign_in("unit03").await);
        let change = |new: &str| json!({ "old": PASSWORD, "new": new });
        let (one, two) =
            tokio::join!(here.post_api("change_password", change("Neu#2025x")), elsewhere.post_api("change_password", change("Neu#2025y")));
        let mut statuses = [one.0, two.0];
        statuses.sort_unstable();
        // Where the other is a moment later, the first has already signed it out, or changed the password that it calls the old one.
        assert!(matches!(statuses, [200, 401 | 409 | 422]), "{one:?} {two:?}");
        let (stands, lost) = if one.0 == 200 { ("Neu#2025x", "Neu#2025y") } else { ("Neu#2025y", "Neu#2025x") };
        sign_in(app, &app.nobody(), "unit03", stands).await.unwrap();
        sign_in(app, &app.nobody(), "unit03", lost).await.err().unwrap();
    })
    .await;
}

#[tokio::test]
async fn b8_office_pages_lead_to_the_sign_in_page_and_back() {
    on_both(async |app: &TestApp| {
        let answer = app.nobody().get("/office/records/x?year=2024").await;
        assert_eq!((answer.status, answer.header("location")), (303, "/sign-in?next=/office/records/x%3Fyear%3D2024"));
        let form = format!("login=unit03&password={}&next=%2Foffice%2Frecords%2Fx%3Fyear%3D2024", PASSWORD.replace('#', "%23"));
        assert_eq!(app.nobody().post_form("/sign-in", form).await.header("location"), "/office/records/x?year=2024");
        let form = format!("login=unit03&password={}&next=https%3A%2F%2Fevil.example", PASSWORD.replace('#', "%23"));
        assert_eq!(app.nobody().post_form("/sign-in", form).await.header("location"), "/office");
    })
    .await;
}
