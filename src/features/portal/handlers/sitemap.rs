//! Every address of the portal for search engines: one file, or an index of parts where one would be too long.

use crate::app::paths;
use crate::domain::announcement::render::escape;

/// Most addresses of a file, as the protocol allows.
pub const MOST: i64 = 50_000;

/// An address with the moment of its last change, where that is known.
pub type Entry = (String, Option<String>);

/// How many parts so many announcements need: the first holds the pages that stand, the others announcements.
pub const fn parts(announcements: i64) -> i64 {
    1 + (announcements + MOST - 1) / MOST
}

/// Where the announcements of a part begin; the first part holds none.
pub fn offset(part: i64) -> Option<i64> {
    (part > 1).then(|| (part - 2) * MOST)
}

/// Whether all fit into one file.
pub fn is_single(announcements: i64, pages: usize) -> bool {
    i64::try_from(pages).is_ok_and(|pages| announcements + pages <= MOST)
}

fn list(root: &str, item: &str, site: &str, entries: impl IntoIterator<Item = Entry>) -> String {
    let mut xml = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{root} xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
    for (address, changed) in entries {
        xml.extend(["<", item, "><loc>"]);
        escape(&format!("{site}{address}"), &mut xml);
        xml.push_str("</loc>");
        if let Some(changed) = changed {
            xml.push_str("<lastmod>");
            escape(&changed, &mut xml);
            xml.push_str("</lastmod>");
        }
        xml.extend(["</", item, ">\n"]);
    }
    xml.extend(["</", root, ">\n"]);
    xml
}

/// A file of addresses.
pub fn addresses(site: &str, entries: impl IntoIterator<Item = Entry>) -> String {
    list("urlset", "url", site, entries)
}

/// The file that names the parts.
pub fn index(site: &str, parts: i64) -> String {
    list("sitemapindex", "sitemap", site, (1..=parts.unsigned_abs()).map(|part| (paths::sitemap_part(part), None)))
}

/// What search engines may ask for: everything that is for everyone. The office would only send them to its door.
pub fn robots(site: &str) -> String {
    format!("User-agent: *\nDisallow: {}\nDisallow: {}\n\nSitemap: {site}{}\n", paths::RECORDS, paths::SIGN_IN, paths::SITEMAP)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d5_no_file_has_more_addresses_than_the_protocol_allows() {
        assert_eq!((parts(0), parts(1), parts(50_000), parts(50_001)), (1, 2, 2, 3));
        assert_eq!((offset(1), offset(2), offset(3)), (None, Some(0), Some(50_000)));
        assert!(is_single(49_990, 10) && !is_single(49_991, 10));
        let index = index("https://x.example", parts(120_000));
        assert_eq!(index.matches("<sitemap>").count(), 4);
        assert!(index.contains("<loc>https://x.example/sitemaps/4.xml</loc>"), "{index}");
    }

    #[test]
    fn d5_addresses_are_escaped() {
        let xml = addresses("https://x.example", [("/?a=1&b=2".to_owned(), Some("2025-03-10T01:30:00.000Z".to_owned()))]);
        assert!(xml.contains("<url><loc>https://x.example/?a=1&amp;b=2</loc><lastmod>2025-03-10T01:30:00.000Z</lastmod></url>"), "{xml}");
    }
}
