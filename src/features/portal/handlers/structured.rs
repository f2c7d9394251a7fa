//! What search engines read of a page: schema.org in JSON-LD, as a block of data that no browser runs.

use super::notice;
use crate::app::paths;
use crate::domain::calendar::Moment;
use crate::features::announcements::commands::published::{Published, Standing};
use serde_json::{Value, json};

/// The block. What could end it, or be taken for markup, is written as an escape of JSON.
pub fn script(value: &Value) -> String {
    let mut text = String::from("<script type=\"application/ld+json\">");
    for c in value.to_string().chars() {
        match c {
            '<' => text.push_str("\\u003c"),
            '>' => text.push_str("\\u003e"),
            '&' => text.push_str("\\u0026"),
            '\u{2028}' => text.push_str("\\u2028"),
            '\u{2029}' => text.push_str("\\u2029"),
            c => text.push(c),
        }
    }
    text.push_str("</script>");
    text
}

/// The way to a page, from the first page on.
pub fn breadcrumbs(site: &str, way: &[(String, String)]) -> Value {
    let items: Vec<Value> = (1..)
        .zip(way)
        .map(|(position, (name, address))| json!({ "@type": "ListItem", "position": position, "name": name, "item": format!("{site}{address}") }))
        .collect();
    json!({ "@type": "BreadcrumbList", "itemListElement": items })
}

/// One thing as a whole document.
pub fn graph(thing: Value) -> Value {
    json!({ "@context": "https://schema.org", "@graph": [thing] })
}

/// The whole of the portal, of its first page.
pub fn portal(site: &str, name: &str) -> Value {
    json!({
        "@context": "https://schema.org", "@type": "WebSite", "name": name, "url": format!("{site}/"), "inLanguage": "zh-CN",
        "potentialAction": { "@type": "SearchAction", "target": { "@type": "EntryPoint", "urlTemplate": format!("{site}/?q={{q}}") }, "query-input": "required name=q" }
    })
}

/// An announcement, with what became of it.
pub fn announcement(site: &str, notice: &Published, now: Moment) -> Value {
    let url = format!("{site}{}", paths::published(&notice.number));
    let changed = match &notice.standing {
        Standing::Current => notice.at,
        Standing::Corrected { since, .. } | Standing::Revoked { since, .. } => *since,
    };
    let files: Vec<Value> = notice::public_files(notice)
        .iter()
        .map(|file| {
            json!({ "@type": "MediaObject", "name": file.name, "contentSize": file.size.to_string(),
                    "contentUrl": format!("{site}{}", paths::public_attachment(&notice.number, &file.id)) })
        })
        .collect();
    let mut report = json!({
        "@type": "Report", "@id": url, "url": url, "name": notice.title, "identifier": notice.number, "inLanguage": "zh-CN",
        "abstract": notice::summary(notice), "isAccessibleForFree": true, "datePublished": notice.at, "dateModified": changed,
        "temporalCoverage": notice.year.to_string(),
        "spatialCoverage": { "@type": "AdministrativeArea", "name": notice.district.name(), "identifier": notice.district.code() },
        "publisher": { "@type": "GovernmentOrganization", "name": notice.unit_name, "url": format!("{site}{}", paths::public_unit(&notice.unit)) },
        "creativeWorkStatus": notice.state(now),
    });
    if let Some(day) = notice.expires_on {
        report["expires"] = json!(day.to_string());
    }
    if let Some((old, _)) = &notice.corrects {
        report["isBasedOn"] = json!(format!("{site}{}", paths::published(&old.number)));
    }
    if !files.is_empty() {
        report["associatedMedia"] = json!(files);
    }
    json!({ "@context": "https://schema.org", "@graph": [report, breadcrumbs(site, &notice::way(notice))] })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d5_nothing_that_was_typed_ends_the_block_of_data() {
        let value = json!({ "name": "</script><script>alert(1)</script><!-- & \u{2028}\"\\ 公告" });
        let text = script(&value);
        let inside = text.strip_prefix("<script type=\"application/ld+json\">").unwrap().strip_suffix("</script>").unwrap();
        assert!(!inside.contains(['<', '>', '&', '\u{2028}']), "{inside}");
        assert_eq!(serde_json::from_str::<Value>(inside).unwrap(), value, "it says the same");
    }
}
