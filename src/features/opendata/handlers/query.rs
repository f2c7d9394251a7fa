//! What stands behind the question mark: every parameter once, known, and within its bounds; anything else is said and not guessed.

use super::problem::Problem;
use crate::domain::calendar::Year;
use crate::domain::ids::UnitId;
use crate::domain::organisation::District;
use crate::domain::uscc;
use crate::features::announcements::commands::open::{Asked, ChangeKind, Which};
use axum::http::Uri;
use std::fmt::Write as _;

/// Changes on a page of the feed and of Atom where nothing is said.
pub const SIZE: i64 = 50;
/// Changes on such a page at most.
pub const MOST: i64 = 200;

/// The parameters of a list of changes; `from` is the one that says where it goes on.
pub const fn of_changes(from: &'static str) -> [&'static str; 6] {
    [from, "limit", "year", "district", "unit", "kind"]
}

/// The parameters of a request, in their order.
#[derive(Clone, Debug, Default)]
pub struct Given(Vec<(String, String)>);

impl Given {
    /// Reads them; only these names are known, each once.
    pub fn read(uri: &Uri, known: &[&str]) -> Result<Given, Problem> {
        let pairs: Vec<(String, String)> = axum::extract::Query::try_from_uri(uri)
            .map(|axum::extract::Query(pairs)| pairs)
            .map_err(|_| Problem::parameter("", "问号后面的内容无法读取，应为 名称=值，用 & 分开，按 UTF-8 编码"))?;
        for (at, (name, _)) in pairs.iter().enumerate() {
            if !known.contains(&name.as_str()) {
                let allowed = if known.is_empty() {
                    "这个地址没有参数".to_owned()
                } else {
                    format!("可用的参数：{}", known.join("、"))
                };
                return Err(Problem::parameter(name, format!("不认识参数 {name}。{allowed}")));
            }
            if pairs[..at].iter().any(|(earlier, _)| earlier == name) {
                return Err(Problem::parameter(name, format!("参数 {name} 只能出现一次")));
            }
        }
        Ok(Given(pairs))
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// A whole number within bounds.
    fn number(&self, name: &str, bounds: std::ops::RangeInclusive<i64>) -> Result<Option<i64>, Problem> {
        let Some(text) = self.get(name) else { return Ok(None) };
        let is_plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let number = text.parse().ok().filter(|number| is_plain && bounds.contains(number));
        let wrong = || Problem::parameter(name, format!("{name} 应为 {} 至 {} 的整数", bounds.start(), bounds.end()));
        number.map(Some).ok_or_else(wrong)
    }

    /// The change before which the newest are asked for.
    pub fn before(&self) -> Result<Option<i64>, Problem> {
        self.number("before", 1..=i64::MAX)
    }

    /// 年度.
    pub fn year(&self) -> Result<Option<i64>, Problem> {
        self.number("year", i64::from(*Year::NUMBERS.start())..=i64::from(*Year::NUMBERS.end()))
    }

    /// A unit by its id.
    pub fn unit_id(&self) -> Result<Option<UnitId>, Problem> {
        let wrong = |_| Problem::parameter("unit", "unit 应为公告中 unit.id 的值");
        self.get("unit").map(|text| UnitId::parse(text).map_err(wrong)).transpose()
    }

    /// The changes that these parameters mean, up to `until`, the counter as it was read before.
    pub fn asked(&self, until: i64, default_limit: i64, most: i64) -> Result<Asked, Problem> {
        let after = self.number("cursor", 0..=i64::MAX)?.unwrap_or_default();
        if after > until {
            return Err(Problem::parameter("cursor", format!("没有这个 cursor：目前最后的变更是 {until}。请从头（不带 cursor）重新读取")));
        }
        Ok(Asked {
            after,
            until,
            year: self.year()?,
            district: self.get("district").map(district).transpose()?,
            unit: self.get("unit").map(unit).transpose()?,
            kind: self.get("kind").map(kind).transpose()?,
            of_projects: false,
            is_as_of_until: false,
            is_newest_first: false,
            limit: self.number("limit", 1..=most)?.unwrap_or(default_limit),
        })
    }
}

fn district(code: &str) -> Result<District, Problem> {
    District::parse(code).map_err(|_| {
        let known: Vec<String> = District::all().map(|district| format!("{} {}", district.code(), district.name())).collect();
        Problem::parameter("district", format!("district 应为行政区划代码：{}", known.join("、")))
    })
}

fn unit(text: &str) -> Result<Which, Problem> {
    if let Ok(id) = UnitId::parse(text) {
        return Ok(Which::Id(id));
    }
    let code = uscc::normalise(text);
    if code.len() == 18 && code.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Ok(Which::Uscc(code));
    }
    Err(Problem::parameter("unit", "unit 应为 18 位统一社会信用代码，或者公告中 unit.id 的值"))
}

fn kind(text: &str) -> Result<ChangeKind, Problem> {
    ChangeKind::from_code(text)
        .ok_or_else(|| Problem::parameter("kind", "kind 应为 published（发布）、corrected（已更正）或 revoked（已撤销）"))
}

/// The one address of what is asked, going on after `after`.
pub fn address(path: &str, asked: &Asked, after: i64) -> String {
    let mut text = format!("{path}?cursor={after}&limit={}", asked.limit);
    let mut add = |name: &str, value: &str| {
        // Writing to a String cannot fail; none of the values holds a sign that would have to be encoded.
        let _ = write!(text, "&{name}={value}");
    };
    if let Some(year) = asked.year {
        add("year", &year.to_string());
    }
    if let Some(district) = asked.district {
        add("district", district.code());
    }
    match &asked.unit {
        Some(Which::Uscc(code)) => add("unit", code),
        Some(Which::Id(id)) => add("unit", id.as_str()),
        None => {}
    }
    if let Some(kind) = asked.kind {
        add("kind", kind.code());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 6] = of_changes("cursor");

    fn asked(query: &str) -> Result<Asked, Problem> {
        Given::read(&format!("/api/v1/announcements?{query}").parse().unwrap(), &KNOWN)?.asked(10, 50, 200)
    }

    #[test]
    fn e12_what_is_asked_has_one_address_that_means_the_same() {
        let query = "unit=91350100m000100y43&kind=revoked&limit=7&cursor=3&district=310115&year=2024";
        let first = asked(query).unwrap();
        let address = address("/api/v1/announcements", &first, first.after);
        assert_eq!(address, "/api/v1/announcements?cursor=3&limit=7&year=2024&district=310115&unit=91350100M000100Y43&kind=revoked");
        assert_eq!(asked(address.split_once('?').unwrap().1), Ok(first));
    }

    #[test]
    fn e12_nonsense_is_refused_at_its_parameter() {
        for (query, expected) in [
            ("cursor=11", "目前最后的变更是 10"),
            ("cursor=-1", "cursor 应为"),
            ("cursor=", "cursor 应为"),
            ("cursor=1&cursor=2", "只能出现一次"),
            ("limit=0", "1 至 200"),
            ("limit=201", "1 至 200"),
            ("limit=+5", "1 至 200"),
            ("year=2020", "2021 至 2100"),
            ("year=二〇二四", "2021 至 2100"),
            ("district=999999", "310115 浦东新区"),
            ("unit=x", "统一社会信用代码"),
            ("kind=draft", "revoked"),
            ("status=draft", "不认识参数 status"),
            ("limit=%FF%FE", "limit 应为"),
        ] {
            let problem = serde_json::to_value(asked(query).expect_err(query)).unwrap();
            assert!(problem["detail"].as_str().unwrap().contains(expected), "{query}: {problem}");
            assert_eq!(problem["status"], 400);
        }
    }
}
