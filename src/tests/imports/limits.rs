//! Imports at their limits: lines that are cut, many files at once, a full disk.

use super::super::support::{TestApp, UNIT_03, on_both, on_sqlite};
use super::{counts, one, read, row, table, until_read, upload, uploaded};
use serde_json::{Value, json};
use setaside::features::contracts::import::api::{Import, ImportState};
use setaside::features::contracts::import::commands::sweep;
use setaside::server::uploads::Turn;

/// Both places among those that are read, so that every other file waits.
async fn both_turns(app: &TestApp) -> Vec<Turn> {
    vec![app.services.uploads.turn().await.unwrap(), app.services.uploads.turn().await.unwrap()]
}

fn on_disk(app: &TestApp) -> usize {
    std::fs::read_dir(app.services.settings.data.join("imports")).unwrap().count()
}

#[tokio::test]
async fn a4_an_upload_whose_line_is_cut_leaves_no_file() {
    on_sqlite(async |app: &TestApp| {
        let clerk = app.sign_in("unit03").await;
        let turns = both_turns(app).await;
        let mut sending = Box::pin(upload(&clerk, "a.csv", table(&[&row("1", UNIT_03, "5000000")])));
        // Whole on the disk, it waits for its turn.
        while on_disk(app) == 0 {
            assert!(futures::poll!(&mut sending).is_pending());
            tokio::task::yield_now().await;
        }
        drop(sending);
        assert_eq!(on_disk(app), 0);
        drop(turns);
        uploaded(&clerk, table(&[&row("1", UNIT_03, "5000000")])).await;
        assert_eq!(on_disk(app), 1);
    })
    .await;
}

#[tokio::test]
async fn a4_an_upload_that_would_fill_the_disk_is_refused_before_it_is_written() {
    on_both(async |app: &TestApp| {
        let clerk = app.sign_in("unit03").await;
        app.services.uploads.keep_free(u64::MAX);
        let (status, answer) = upload(&clerk, "a.csv", table(&[&row("1", UNIT_03, "5000000")])).await;
        assert_eq!((status, answer), (507, json!({ "kind": "storage_full" })));
        assert_eq!(on_disk(app), 0);
        assert_eq!(app.count("SELECT CAST(COUNT(*) AS BIGINT) FROM contract_imports").await, 0);
        app.services.uploads.keep_free(0);
        uploaded(&clerk, table(&[&row("1", UNIT_03, "5000000")])).await;
    })
    .await;
}

#[tokio::test]
async fn a4_five_imports_are_five_however_many_come_at_once() {
    on_both(async |app: &TestApp| {
        let clerk = app.sign_in("unit03").await;
        let all = (0..12).map(|_| upload(&clerk, "a.csv", table(&[&row("1", UNIT_03, "5000000")])));
        let answers = futures::future::join_all(all).await;
        let of = |status: u16| answers.iter().filter(|(found, _)| *found == status).count();
        assert_eq!((of(200), of(409)), (5, 7), "{answers:?}");
        assert_eq!((app.count("SELECT CAST(COUNT(*) AS BIGINT) FROM contract_imports").await, on_disk(app)), (5, 5));
        assert!(answers.iter().any(|(status, answer)| *status == 409 && answer.to_string().contains("尚未导入完")));
    })
    .await;
}

#[tokio::test]
async fn a4_a_reading_that_waits_for_its_turn_is_not_taken_for_dead() {
    on_both(async |app: &TestApp| {
        let clerk = app.sign_in("unit03").await;
        let import = uploaded(&clerk, table(&[&row("1", UNIT_03, "5000000")])).await;
        let turns = both_turns(app).await;
        let chosen = json!({ "id": import.id, "version": import.version, "columns": import.columns });
        let import: Import = clerk.call("choose_import_columns", chosen).await;
        app.wait(61);
        let waiting = one(&clerk, &import).await;
        assert_eq!((waiting.state, waiting.version), (ImportState::Reading, import.version));
        drop(turns);
        assert_eq!(counts(&until_read(&clerk, waiting).await), [1, 0, 0, 0, 0]);
    })
    .await;
}

#[tokio::test]
async fn a4_an_import_that_fills_the_disk_can_be_ended() {
    on_sqlite(async |app: &TestApp| {
        let clerk = app.sign_in("unit03").await;
        // From here on each of these deeds asks for more room than there is.
        app.execute("CREATE TABLE ballast (content BLOB NOT NULL)").await;
        let fill = async |deed: &'static str| {
            app.execute(deed).await;
            app.execute("PRAGMA max_page_count = 1").await;
        };
        let make_room = async |deed: &'static str| {
            app.execute("PRAGMA max_page_count = 1000000").await;
            app.execute(deed).await;
        };
        let rows = [row("1", UNIT_03, "5000000"), row("2", UNIT_03, "5000000")];
        let file = || table(&rows.iter().map(String::as_str).collect::<Vec<_>>());

        // The rows do not go into the staging.
        let import = uploaded(&clerk, file()).await;
        fill("CREATE TRIGGER no_rows BEFORE INSERT ON contract_import_rows BEGIN INSERT INTO ballast VALUES (zeroblob(9000000)); END").await;
        let import = read(&clerk, &import).await;
        assert_eq!((import.state, on_disk(app)), (ImportState::Failed, 0));
        assert!(import.problem.contains("存储空间不足") && import.problem.contains("取消"), "{}", import.problem);
        let _: Value = clerk.call("cancel_import", json!({ "id": import.id, "version": import.version })).await;
        make_room("DROP TRIGGER no_rows").await;

        // Nor does anything that a cancelling removes.
        let import = read(&clerk, &uploaded(&clerk, file()).await).await;
        assert_eq!(import.state, ImportState::Read);
        fill("CREATE TRIGGER no_clearing BEFORE DELETE ON contract_import_rows BEGIN INSERT INTO ballast VALUES (zeroblob(9000000)); END").await;
        let _: Value = clerk.call("cancel_import", json!({ "id": import.id, "version": import.version })).await;
        assert_eq!((one(&clerk, &import).await.state, on_disk(app)), (ImportState::Cancelled, 0));
        make_room("DROP TRIGGER no_clearing").await;
        let staged = async || app.count("SELECT COUNT(*) FROM contract_import_rows").await;
        assert_eq!(staged().await, 2);
        app.wait(24 * 3_600 + 1);
        assert_eq!((sweep(&app.services).await, sweep(&app.services).await, staged().await), (Ok(1), Ok(0), 0));

        // And one whose server has died can be looked at and cancelled, though it cannot be begun again.
        let clerk = app.sign_in("unit03").await;
        let import = read(&clerk, &uploaded(&clerk, file()).await).await;
        app.execute("UPDATE contract_imports SET state = 'reading' WHERE state = 'read'").await;
        fill("CREATE TRIGGER no_begin BEFORE UPDATE OF run ON contract_imports WHEN NEW.state = 'reading' BEGIN INSERT INTO ballast VALUES (zeroblob(9000000)); END").await;
        let seen = until_read(&clerk, one(&clerk, &import).await).await;
        assert_eq!(seen.state, ImportState::Failed);
        assert!(seen.problem.contains("存储空间不足"), "{}", seen.problem);
        let _: Value = clerk.call("cancel_import", json!({ "id": seen.id, "version": seen.version })).await;
        assert_eq!(on_disk(app), 0);
        make_room("DROP TRIGGER no_begin").await;
    })
    .await;
}
