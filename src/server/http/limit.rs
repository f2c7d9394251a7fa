//! How often an address may ask: so many requests in a minute, refused with 429 and the seconds to wait.
//!
//! Whose address counts: that of the connection, or, where the configuration says how many proxies stand in front, the one that the outermost of
//! them has seen. Whatever a stranger writes into `X-Forwarded-For` stands further to the left and is not looked at.
//! Counted in the memory of each process; a server of several lets an address ask as often of each.

use crate::domain::calendar::Moment;
use axum::http::{Extensions, HeaderMap, HeaderName};
use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

/// Addresses that are remembered at most; then those are forgotten that have waited long enough.
const MOST: usize = 50_000;
/// A minute in millionths of a second: the limit may be more than 60,000 in a minute.
const MINUTE: i64 = 60_000_000;

/// Where a connection comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

/// The address whose requests are counted together: of IPv6 the network of a household, since it has more addresses than anyone can count.
pub fn client(extensions: &Extensions, headers: &HeaderMap, proxies: usize) -> Option<IpAddr> {
    let peer = extensions.get::<Peer>().map(|peer| peer.0);
    let forwarded = headers.get_all(HeaderName::from_static("x-forwarded-for")).iter().filter_map(|value| value.to_str().ok());
    let hops: Vec<&str> = forwarded.flat_map(|value| value.split(',')).map(str::trim).collect();
    let seen = proxies.checked_sub(1).and_then(|outer| hops.iter().rev().nth(outer)).and_then(|hop| address(hop));
    Some(match seen.or(peer)? {
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            Some(address) => IpAddr::V4(address),
            None => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
        },
        address @ IpAddr::V4(_) => address,
    })
}

/// An address as proxies write it, perhaps with a port.
fn address(hop: &str) -> Option<IpAddr> {
    let bare = hop.strip_prefix('[').and_then(|rest| rest.split_once(']')).map_or(hop, |(inside, _)| inside);
    bare.parse().ok().or_else(|| hop.parse::<std::net::SocketAddr>().ok().map(|socket| socket.ip()))
}

/// Counts requests by address; cheap to clone. Each address has a minute's worth of requests and gets them back evenly.
#[derive(Clone, Debug)]
pub struct Limit {
    /// What a request costs, in millionths of a second.
    cost: i64,
    /// When the requests of an address will all have been paid for.
    paid: Arc<Mutex<HashMap<Option<IpAddr>, i64>>>,
}

impl Limit {
    /// So many requests in a minute.
    pub fn new(per_minute: i64) -> Limit {
        Limit { cost: MINUTE / per_minute.max(1), paid: Arc::default() }
    }

    /// Counts a request that is worth so many; or says after how many whole seconds it may be asked again.
    pub fn ask(&self, client: Option<IpAddr>, weight: i64, now: Moment) -> Result<(), i64> {
        let now = now.millis().saturating_mul(1_000);
        let mut paid = self.paid.lock().unwrap_or_else(PoisonError::into_inner);
        if paid.len() >= MOST && !paid.contains_key(&client) {
            paid.retain(|_, until| *until > now);
            if paid.len() >= MOST {
                // So many at once are no readers; better to count them all anew than to grow.
                paid.clear();
            }
        }
        // Where the clock was set back nobody owes more than the minute that can be owed.
        let until = paid.get(&client).copied().unwrap_or(now).clamp(now, now.saturating_add(MINUTE));
        // Nothing costs more than a whole minute: it would never be let in.
        let next = until + self.cost.saturating_mul(weight).min(MINUTE);
        let too_much = next - now - MINUTE;
        if too_much > 0 {
            paid.insert(client, until);
            return Err((too_much + 999_999) / 1_000_000);
        }
        paid.insert(client, next);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn at(seconds: i64) -> Moment {
        Moment::parse_local("2026-03-15 09:00").unwrap().plus_seconds(seconds)
    }

    #[test]
    fn d5_a_minutes_worth_is_let_in_at_once_and_then_as_fast_as_it_comes_back() {
        let limit = Limit::new(60);
        let one = Some(IpAddr::from([203, 0, 113, 1]));
        assert!((0..60).all(|_| limit.ask(one, 1, at(0)).is_ok()));
        assert_eq!(limit.ask(one, 1, at(0)), Err(1));
        assert_eq!(limit.ask(one, 20, at(0)), Err(20));
        assert_eq!(limit.ask(Some(IpAddr::from([203, 0, 113, 2])), 1, at(0)), Ok(()), "another address is another's");
        assert_eq!(limit.ask(one, 1, at(1)), Ok(()));
        assert_eq!(limit.ask(one, 1, at(1)), Err(1));
        assert!((0..60).all(|_| limit.ask(one, 1, at(120)).is_ok()), "never more than a minute's worth is saved");
        assert_eq!(limit.ask(one, 1, at(120)), Err(1));
        assert_eq!(limit.ask(one, 1, at(-86_400)), Err(1), "a clock that is set back refuses nobody for longer than a minute");
        assert!((0..60).all(|_| limit.ask(one, 1, at(60 - 86_400)).is_ok()), "and a minute later all is paid for");
    }

    #[test]
    fn d5_addresses_are_forgotten_before_they_fill_the_memory() {
        let limit = Limit::new(60);
        for number in 0..60_000_u32 {
            assert_eq!(limit.ask(Some(IpAddr::from(number.to_be_bytes())), 1, at(0)), Ok(()));
        }
        assert!(limit.paid.lock().unwrap().len() <= MOST);
    }

    #[test]
    fn d5_only_what_a_known_proxy_has_seen_is_believed() {
        let mut extensions = Extensions::new();
        extensions.insert(Peer(IpAddr::from([10, 0, 0, 1])));
        let ask = |forwarded: &[&str], proxies| {
            let mut headers = HeaderMap::new();
            for value in forwarded {
                headers.append("x-forwarded-for", HeaderValue::from_str(value).unwrap());
            }
            client(&extensions, &headers, proxies).unwrap().to_string()
        };
        assert_eq!(ask(&["203.0.113.9"], 0), "10.0.0.1", "nobody said that a proxy stands there");
        assert_eq!(ask(&["6.6.6.6, 203.0.113.9"], 1), "203.0.113.9", "what a stranger wrote stands further to the left");
        assert_eq!(ask(&["6.6.6.6", "203.0.113.9, 10.0.0.2"], 2), "203.0.113.9");
        assert_eq!(ask(&["203.0.113.9:5123"], 1), "203.0.113.9");
        assert_eq!(ask(&["nonsense"], 1), "10.0.0.1");
        assert_eq!(ask(&["203.0.113.9"], 2), "10.0.0.1", "it did not come through both");
        assert_eq!(ask(&["[2001:db8:1:2:3:4:5:6]:443"], 1), "2001:db8:1:2::");
        assert_eq!(ask(&["::ffff:203.0.113.9"], 1), "203.0.113.9");
        assert_eq!(client(&Extensions::new(), &HeaderMap::new(), 0), None);
    }
}
