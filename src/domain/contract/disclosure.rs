//! Which contracts everyone may know beside what an announcement says of their projects.

use super::Contract;

/// Whether number, amount, date and supplier of a contract may be told outside: only what its own 合同公告 has made public already. That there
/// is one is known by its date, or by the link that the announcement shows (`shows_link`); a link that stands in the ledger alone leads nobody there.
pub const fn is_disclosed(contract: &Contract, shows_link: bool) -> bool {
    contract.published_on.is_some() || shows_link
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::Day;
    use crate::domain::contract::proof::plain;

    #[test]
    fn e12_only_what_a_notice_of_the_contract_has_made_public_is_told() {
        let day = Day::new(2024, 3, 1);
        for (published_on, link, shows_link, expected) in [
            (None, None, false, false),
            (None, Some("https://gov.example/1"), false, false),
            (None, Some("https://gov.example/1"), true, true),
            (day, None, false, true),
            (day, Some("https://gov.example/1"), true, true),
        ] {
            let contract = Contract { published_on, url: link.map(str::to_owned), ..plain() };
            assert_eq!(is_disclosed(&contract, shows_link), expected, "{published_on:?} {link:?} {shows_link}");
        }
    }
}
