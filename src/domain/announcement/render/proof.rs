//! What holds for every rendered text, whatever was typed. For the tests, and for the targets of `fuzz/`.

/// The text between the tags and the tags themselves; fails on anything that no browser would read as it is written.
pub fn take_apart(html: &str) -> (String, Vec<String>) {
    let (mut text, mut tags, mut rest) = (String::new(), Vec::new(), html);
    while let Some(at) = rest.find('<') {
        text.push_str(&rest[..at]);
        let mut quoted = false;
        let end = rest[at..]
            .find(|c| {
                quoted ^= c == '"';
                c == '>' && !quoted
            })
            .expect("a tag ends")
            + at;
        tags.push(rest[at + 1..end].to_owned());
        rest = &rest[end + 1..];
    }
    text.push_str(rest);
    assert!(!text.contains(['>', '"', '\'']), "unescaped in {text}");
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&");
    (text, tags)
}

/// Fails unless tags balance, blocks stand where blocks may, and only known tags and attributes occur.
pub fn balanced(html: &str) {
    const INLINE: [&str; 5] = ["a", "strong", "em", "u", "br"];
    let (_, tags) = take_apart(html);
    let mut open: Vec<String> = Vec::new();
    for tag in tags {
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name), "in {html}");
            continue;
        }
        let name = tag.split(' ').next().unwrap().to_owned();
        let parent = open.last().map_or("", String::as_str);
        let allowed = match name.as_str() {
            "br" | "a" | "strong" | "em" | "u" => {
                !matches!(parent, "ul" | "ol" | "table" | "tr" | "thead" | "tbody") && (name != "a" || !open.contains(&"a".to_owned()))
            }
            "p" | "ul" | "ol" => matches!(parent, "" | "li" | "td" | "th"),
            "h2" | "h3" | "h4" | "div" => parent.is_empty(),
            "table" => matches!(parent, "" | "div"),
            "li" => matches!(parent, "ul" | "ol"),
            "caption" | "thead" | "tbody" => parent == "table",
            "tr" => matches!(parent, "thead" | "tbody"),
            "td" | "th" => parent == "tr",
            other => panic!("unknown tag {other} in {html}"),
        };
        assert!(allowed, "{name} inside {parent} in {html}");
        assert!(!INLINE.contains(&parent) || INLINE.contains(&name.as_str()), "{name} inside {parent}");
        let mut attributes = &tag[name.len()..];
        while let Some((attribute, rest)) = attributes.trim_start().split_once("=\"") {
            assert!(
                ["class", "href", "rel", "target", "aria-label", "scope", "colspan", "rowspan", "data-label", "role", "tabindex"]
                    .contains(&attribute),
                "{attribute} in {html}"
            );
            let (value, rest) = rest.split_once('"').expect("a quoted value");
            assert!(!value.contains(['<', '>']) && (attribute != "href" || value.to_ascii_lowercase().starts_with("http")), "{value}");
            attributes = rest;
        }
        assert!(attributes.trim().is_empty(), "{attributes}");
        if name != "br" {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "left open: {open:?}");
}
