//! Units, years, sitemap, structured data: how an announcement is found.

use super::*;

/// What stands in a page for search engines.
fn data(page: &str) -> Value {
    let (_, rest) = page.split_once(DATA).expect("a block of data");
    serde_json::from_str(rest.split("</script>").next().unwrap()).expect("JSON")
}

#[tokio::test]
async fn d5_a_unit_has_a_page_with_the_course_of_its_years() {
    on_both(async |app: &TestApp| {
        let numbers = put(
            app,
            &[
                Put { year: 2022, wan: 50, ..PUT },
                Put { year: 2023, status: "corrected", ..PUT },
                Put { year: 2023, wan: 70, ..PUT },
                Put { year: 2024, expires_on: Some("2025-03-01"), ..PUT },
                Put { unit: PUDONG, ..PUT },
            ],
        )
        .await;
        let address = format!("/units/{}", app.units[CHIEF]);
        let page = ask(app, &address, 200).await;
        assert_eq!(linked(&page), [3, 2, 1, 0].map(|at: usize| numbers[at].clone()), "newest year first, and what became of each");
        let texts = texts(&page.text);
        for words in ["|已截止|", "|已更正|", "|已发布|", "|50|"] {
            assert!(texts.contains(words), "{words}: {texts}");
        }
        let units = ask(app, "/units", 200).await.text;
        assert!(units.contains(&address) && units.contains("发布公告 4 份，最近 2024 年度") && units.contains("共 2 个单位"), "{units}");
        assert!(ask(app, "/", 200).await.text.contains(&format!("href=\"{address}\"")));
        for nobody in [format!("/units/{}", app.units[UNIT_99]), "/units/x".to_owned(), format!("{address}/")] {
            ask(app, &nobody, 404).await;
        }
    })
    .await;
}

#[tokio::test]
async fn e12_many_units_and_announcements_of_a_year_come_in_pages() {
    on_both(async |app: &TestApp| {
        let numbers = put(app, &[Put { status: "corrected", ..PUT }; 51]).await;
        // A unit for each, as if all of them stood.
        for (at, number) in numbers.iter().enumerate() {
            let unit = format!("01890a5d-ac96-774b-bcce-{at:012x}");
            let set = format!("standing = 'published', unit_id = '{unit}', unit_name = '第{at:02}单位'");
            run(app, format!("UPDATE announcement_listings SET {set} WHERE number = '{number}'")).await;
        }
        for (base, last) in [("/years/2024", numbers[50].as_str()), ("/units", "第50单位")] {
            let first = ask(app, base, 200).await.text;
            assert!(first.contains("51") && first.contains(&format!("href=\"{base}?page=2\"")) && !first.contains(last), "{first}");
            assert!(first.contains("rel=\"canonical\""));
            let second = ask(app, &format!("{base}?page=2"), 200).await.text;
            assert!(second.contains(last) && second.contains(&format!("href=\"{base}\"")) && !second.contains("第49单位"), "{second}");
            assert!(second.contains("content=\"noindex, follow\""));
            for nothing in ["?page=0", "?page=3", "?page=x", "?page=9223372036854775807", "?page=1&page=2"] {
                ask(app, &format!("{base}{nothing}"), 404).await;
            }
            ask(app, &format!("{base}?page=1"), 200).await;
        }
    })
    .await;
}

#[tokio::test]
async fn d5_a_year_says_who_has_published_and_who_has_not_only_where_the_chief_shows_it() {
    on_both(async |app: &TestApp| {
        let (_, _, number) = published(app).await;
        let page = ask(app, "/years/2024", 200).await;
        assert_eq!(linked(&page), [number.as_str()]);
        assert!(!page.text.contains("发布进度") && !page.text.contains(UNIT_99), "off by default");
        let clerk = app.sign_in("jdc").await;
        let setting: Value = clerk.call("read_progress_setting", Value::Null).await;
        assert_eq!((&setting["from"], setting["years"][0].as_i64()), (&Value::Null, Some(2025)));
        let choose = async |from: Value| {
            let at: Value = clerk.call("read_progress_setting", Value::Null).await;
            let _: Value = clerk.call("choose_progress", json!({ "from": from, "version": at["version"] })).await;
            app.wait(60);
        };
        choose(json!(2023)).await;
        let page = ask(app, "/years/2024", 200).await.text;
        for words in ["发布进度", "已纳入公告的单位（1 家）：测试区采购单位03", "未纳入公告的单位（3 家）", UNIT_99]
        {
            assert!(page.contains(words), "{words}: {page}");
        }
        let before = ask(app, "/years/2023", 200).await.text;
        assert!(
            before.contains("尚未发布") && before.contains(CHIEF) && !before.contains(UNIT_99),
            "of what is not published nothing is said"
        );
        for none in ["/years/2022", "/years/2025"] {
            assert!(!ask(app, none, 200).await.text.contains("尚未发布"), "{none}: before the chosen year, and while the year is running");
        }
        let refusal = clerk.refused("choose_progress", json!({ "from": null, "version": setting["version"] }), 409).await;
        assert!(refusal.contains("已在别处修改"), "{refusal}");
        choose(Value::Null).await;
        assert!(!ask(app, "/years/2024", 200).await.text.contains("发布进度"));
        for nowhere in ["/years/2020", "/years/2026", "/years/02024", "/years/x"] {
            ask(app, nowhere, 404).await;
        }
        assert!(ask(app, "/years", 200).await.text.contains("1 份有效公告"));
    })
    .await;
}

#[tokio::test]
async fn e12_a_unit_with_hundreds_of_announcements_lists_the_last_and_leads_to_all() {
    on_both(async |app: &TestApp| {
        let numbers = put(app, &[Put { status: "corrected", ..PUT }; 101]).await;
        let page = ask(app, &format!("/units/{}", app.units[CHIEF]), 200).await;
        assert_eq!(linked(&page).len(), 100);
        assert!(page.text.contains("以上为最近 100 份，共 101 份"), "{}", page.text);
        let (_, rest) = page.text.split_once("共 101 份；<a href=\"").unwrap();
        let all = rest.split('"').next().unwrap().replace("&amp;", "&");
        assert!(ask(app, &all, 200).await.text.contains("共 101 条"), "{all}");
        assert_eq!(numbers.len(), 101);
    })
    .await;
}

#[tokio::test]
async fn e7_a_year_and_a_unit_say_what_was_revoked_and_their_addresses_stay() {
    on_both(async |app: &TestApp| {
        let (clerk, id, number) = published(app).await;
        let setting: Value = clerk.call("read_progress_setting", Value::Null).await;
        let _: Value = clerk.call("choose_progress", json!({ "from": 2023, "version": setting["version"] })).await;
        let unit = format!("/units/{}", app.units[CHIEF]);
        let of_year = [format!("{unit}?year=2024"), "/statistics?year=2024".to_owned()];
        for address in &of_year {
            assert!(ask(app, address, 200).await.text.contains("2024 年度按"), "{address}");
        }
        revoke(app, &clerk, &id, "误发").await;
        review(app, &id, true, "").await;
        app.wait(60);
        let page = ask(app, "/years/2024", 200).await;
        assert_eq!(linked(&page)[0], number, "what there was is named");
        for words in ["没有现行有效的公告", "已更正、已撤销的公告", "已撤销，公告编号", "公告已撤销，尚未重新发布"]
        {
            assert!(page.text.contains(words), "{words}: {}", page.text);
        }
        assert!(!page.text.contains("还没有发布公告") && !page.text.contains("<strong>尚未发布</strong>"), "{}", page.text);
        assert!(texts(&ask(app, "/years", 200).await.text).contains("0 份有效公告|，公告已撤销"));
        for address in &of_year {
            assert!(ask(app, address, 200).await.text.contains("所选年度没有可以比较的单位数据"), "{address}");
        }
        ask(app, "/statistics?year=2022", 404).await;
        let held = ask(app, &format!("/units/{}", app.units[UNIT_03]), 200).await.text;
        assert!(texts(&held).contains("|2024|所在公告已撤销|") && !held.contains("现行公告中没有本单位的项目"), "{held}");
        let page = ask(app, &format!("/announcements/{number}"), 200).await.text;
        assert!(page.contains("<title>【已撤销】") && page.contains("content=\"本公告已撤销，不再有效。原公告："), "{page}");
    })
    .await;
}

#[tokio::test]
async fn e7_of_several_corrections_readers_are_led_to_the_one_that_stands() {
    on_both(async |app: &TestApp| {
        let (clerk, id, first) = published(app).await;
        let mut last = (id, first.clone());
        for reason in ["第一次更正", "第二次更正"] {
            let successor = correct(&clerk, &last.0, reason).await;
            submit(app, &clerk, &successor).await;
            review(app, &successor, true, "").await;
            let number = read(&clerk, &successor).await["number"].as_str().unwrap().to_owned();
            last = (successor, number);
        }
        let page = ask(app, &format!("/announcements/{first}"), 200).await.text;
        let (_, after) = page.split_once("其后又更正，现行公告：").expect("the one that stands");
        assert!(after.split("</p>").next().unwrap().contains(&last.1), "{after}");
        assert!(page.contains("<title>【已更正】"));
        assert!(ask(app, &format!("/announcements/{}", last.1), 200).await.text.contains("<title>【更正公告】"));
        revoke(app, &clerk, &last.0, "误发").await;
        review(app, &last.0, true, "").await;
        let page = ask(app, &format!("/announcements/{first}"), 200).await.text;
        assert!(page.contains("均不再有效") && !page.contains("现行公告："), "{page}");
    })
    .await;
}

#[tokio::test]
async fn e12_units_are_found_by_name_those_whose_projects_their_chief_publishes_too() {
    on_both(async |app: &TestApp| {
        published(app).await;
        let of = |name: &str| format!("href=\"/units/{}\"", app.units[name]);
        let all = ask(app, "/units", 200).await.text;
        assert!(all.contains(&of(CHIEF)) && all.contains(&of(UNIT_03)) && !all.contains(&of(UNIT_99)), "{all}");
        assert!(all.contains("发布公告 1 份，最近 2024 年度") && all.contains("1 份公告中有本单位的项目"), "{all}");
        // Full-width signs and blanks find the same.
        let found = ask(app, "/units?q=%E9%87%87%E8%B4%AD%E5%8D%95%E4%BD%8D%20%EF%BC%90%EF%BC%93", 200).await.text;
        assert!(found.contains(&of(UNIT_03)) && !found.contains(&of(CHIEF)) && found.contains("共 1 个单位"), "{found}");
        assert!(ask(app, "/units?q=%E6%97%A0%E6%AD%A4", 200).await.text.contains("没有名称符合的单位"));
        let empty = ask(app, "/?unit=%E9%87%87%E8%B4%AD%E5%8D%95%E4%BD%8D03&status=all", 200).await.text;
        assert!(empty.contains("href=\"/units?q="), "{empty}");
        ask(app, &format!("/units?q={}", "a".repeat(61)), 404).await;
    })
    .await;
}

#[tokio::test]
async fn d5_an_address_that_leads_nowhere_is_a_page_of_the_portal() {
    on_sqlite(async |app: &TestApp| {
        for address in ["/announcements", "/nonsense", "/feed.atom/", "/announcements/310115-2024-0001/"] {
            let page = ask(app, address, 404).await.text;
            assert!(
                page.contains("没有找到这个页面") && page.contains("class=\"portal-head\"") && !page.contains("工作台"),
                "{address}: {page}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn d5_the_sitemap_names_every_published_address_and_no_other() {
    on_both(async |app: &TestApp| {
        let (clerk, id, number) = published(app).await;
        correct(&clerk, &id, "金额有误").await;
        let old = put(app, &[Put { status: "revoked", ..PUT }]).await.remove(0);
        let site = app.services.settings.public_url.clone();
        let map = ask(app, "/sitemap.xml", 200).await;
        assert_eq!(map.header("content-type"), "application/xml; charset=utf-8");
        let addresses: Vec<&str> = map.text.split("<loc>").skip(1).filter_map(|rest| rest.split("</loc>").next()).collect();
        for path in [
            "/".to_owned(),
            "/years/2024".to_owned(),
            format!("/units/{}", app.units[CHIEF]),
            format!("/announcements/{number}"),
            format!("/announcements/{old}"),
        ] {
            assert!(addresses.contains(&format!("{site}{path}").as_str()), "{path}: {addresses:?}");
        }
        assert_eq!(addresses.iter().filter(|address| address.contains("/announcements/")).count(), 2, "no draft: {addresses:?}");
        for address in &addresses {
            let path = address.strip_prefix(&site).unwrap();
            let page = ask(app, path, 200).await;
            assert!(page.text.contains(&format!("<link rel=\"canonical\" href=\"{address}\">")), "{path} names itself");
        }
        assert!(map.text.contains("<lastmod>2025-03-05T01:00:00.000Z</lastmod>"), "the day of the revocation");
        let again = app.nobody().request(Method::GET, "/sitemap.xml").header(header::IF_NONE_MATCH, map.header("etag")).body(Body::empty());
        assert_eq!(app.nobody().send(again.unwrap()).await.status, 304);
        assert!(ask(app, "/sitemaps/2.xml", 200).await.text.contains(&number));
        for nothing in ["/sitemaps/0.xml", "/sitemaps/3.xml", "/sitemaps/02.xml", "/sitemaps/-2.xml", "/sitemaps/2"] {
            ask(app, nothing, 404).await;
        }
        let robots = ask(app, "/robots.txt", 200).await;
        assert!(
            robots.text.contains(&format!("Sitemap: {site}/sitemap.xml")) && robots.text.contains("Disallow: /office"),
            "{}",
            robots.text
        );
        let searched = ask(app, "/?year=2024", 200).await.text;
        assert!(searched.contains("content=\"noindex, follow\"") && !searched.contains("rel=\"canonical\""));
    })
    .await;
}

#[tokio::test]
async fn d5_search_engines_read_what_the_page_says() {
    on_sqlite(async |app: &TestApp| {
        let (clerk, id, number) = published(app).await;
        let page = ask(app, &format!("/announcements/{number}"), 200).await.text;
        let report = data(&page)["@graph"][0].clone();
        let url = format!("{}/announcements/{number}", app.services.settings.public_url);
        for (name, expected) in [
            ("url", url.as_str()),
            ("identifier", number.as_str()),
            ("datePublished", "2025-03-10T01:30:00.000Z"),
            ("temporalCoverage", "2024"),
            ("creativeWorkStatus", "已发布"),
        ] {
            assert_eq!(report[name], expected, "{name}");
        }
        assert_eq!(report["publisher"]["name"], CHIEF);
        let words = report["abstract"].as_str().unwrap();
        assert!(
            page.contains(&format!("<meta name=\"description\" content=\"{words}\">")) && words.contains("面向中小企业采购"),
            "{words}"
        );
        revoke(app, &clerk, &id, "</script><script>alert(1)</script>").await;
        review(app, &id, true, "").await;
        let page = ask(app, &format!("/announcements/{number}"), 200).await.text;
        assert_eq!(data(&page)["@graph"][0]["creativeWorkStatus"], "已撤销");
        assert_eq!(page.matches("<script").count(), 1, "what was typed stays text");
    })
    .await;
}

#[tokio::test]
async fn d5_the_newest_of_a_unit_is_of_its_latest_year_whenever_it_was_created() {
    on_both(async |app: &TestApp| {
        put(app, &[Put { year: 2024, ..PUT }, Put { year: 2022, at: "2025-03-05T01:00:00.000Z", ..PUT }, Put { unit: PUDONG, ..PUT }])
            .await;
        let units = portal::units(&app.services).await.unwrap();
        let found: Vec<(&str, i64, i64)> = units.iter().map(|(row, count)| (row.unit_name.as_str(), row.year, *count)).collect();
        assert_eq!(found, [(CHIEF, 2024, 2), (PUDONG, 2024, 1)]);
        assert!(ask(app, "/units", 200).await.text.contains("发布公告 2 份，最近 2024 年度"));
    })
    .await;
}

#[tokio::test]
async fn d5_what_is_listed_afterwards_is_listed_as_it_is_by_then() {
    on_both(async |app: &TestApp| {
        let (clerk, id, number) = published(app).await;
        // As a version of the program without listings has left it; another instance revokes it between the look and the listing.
        app.execute("DELETE FROM announcement_listings").await;
        let found = portal::unlisted(&app.services, "").await.unwrap();
        assert_eq!(found.len(), 1);
        revoke(app, &clerk, &id, "误发").await;
        review(app, &id, true, "").await;
        portal::list_found(&app.services, found).await.unwrap();
        assert_eq!(listed(app, "/?status=revoked").await, [number.as_str()]);
        assert!(listed(app, "/").await.is_empty(), "nobody is shown as valid what is revoked");
    })
    .await;
}

#[tokio::test]
async fn d5_what_an_older_program_has_revoked_is_set_right_at_the_next_start() {
    on_both(async |app: &TestApp| {
        let numbers = put(app, &[Put { year: 2022, ..PUT }, PUT]).await;
        app.execute("UPDATE announcements SET status = 'revoked', status_reason = '误发', status_since = '2025-03-06T01:00:00.000Z' WHERE year = 2022").await;
        app.execute("UPDATE publications SET last = last + 1").await;
        portal::complete(&app.services).await.unwrap();
        assert_eq!(listed(app, "/").await, [numbers[1].as_str()]);
        assert_eq!(listed(app, "/?status=revoked").await, [numbers[0].as_str()]);
        assert_eq!(app.count("SELECT COUNT(*) FROM announcement_listings WHERE changed_at = '2025-03-06T01:00:00.000Z'").await, 1);
    })
    .await;
}
