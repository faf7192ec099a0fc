//! How many requests a minute a caller may send. Applied before anything of a request is parsed.
//! What it is not: the limit of sign-in attempts, which is counted per account in the database.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::num::NonZeroU32;

use actix_web::dev::ServiceRequest;
use anyhow::Context;
use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};
use ipnet::IpNet;

use crate::api::operation::Allowance;
use crate::config::Config;
use crate::server::viewer::Credential;

type Limiter =
    RateLimiter<String, DashMapStateStore<String>, DefaultClock, StateInformationMiddleware>;

/// Who calls, and what is left of the rate; put on every admitted request.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The token, if there is one.
    pub credential: Credential,
    /// What is left.
    pub allowance: Allowance,
}

/// The limits by address and by user.
#[derive(Debug)]
pub struct Rates {
    anonymous: Option<(u32, Limiter)>,
    viewer: Option<(u32, Limiter)>,
    proxies: Vec<IpNet>,
}

impl Rates {
    /// The limits of the settings.
    ///
    /// # Errors
    /// A trusted proxy is no address or range.
    pub fn new(config: &Config) -> anyhow::Result<Self> {
        let limiter = |limit: u32| {
            NonZeroU32::new(limit).map(|quota| {
                (
                    limit,
                    RateLimiter::keyed(Quota::per_minute(quota)).with_middleware(),
                )
            })
        };
        let proxies = config
            .trusted_proxies
            .iter()
            .map(|text| text.trim())
            .filter(|text| !text.is_empty())
            .map(|text| {
                text.parse::<IpNet>()
                    .or_else(|_| text.parse::<IpAddr>().map(IpNet::from))
                    .with_context(|| format!("TRUSTED_PROXIES: {text:?} is no address and no range such as 10.0.0.0/8"))
            })
            .collect::<anyhow::Result<_>>()?;
        Ok(Self {
            anonymous: limiter(config.rate_limit_anonymous),
            viewer: limiter(config.rate_limit_viewer),
            proxies,
        })
    }

    /// Counts a request.
    ///
    /// # Errors
    /// The seconds to wait when the rate is used up.
    pub fn admit(&self, credential: &Credential, address: IpAddr) -> Result<Allowance, u64> {
        let (rate, key) = match credential {
            Credential::Token(token) => (&self.viewer, token.user.clone()),
            Credential::None => (&self.anonymous, by_network(address).to_string()),
        };
        let Some((limit, limiter)) = rate else {
            return Ok(Allowance::default());
        };
        match limiter.check_key(&key) {
            Ok(state) => Ok(Allowance {
                limit: *limit,
                remaining: state.remaining_burst_capacity(),
            }),
            Err(not_until) => Err(not_until
                .wait_time_from(DefaultClock::default().now())
                .as_secs()
                .saturating_add(1)),
        }
    }

    /// Forgets callers that have not called for so long that their rate is whole again.
    pub fn forget_idle(&self) {
        for (_, limiter) in [&self.anonymous, &self.viewer].into_iter().flatten() {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }

    /// The caller's address: the peer's, or what a trusted proxy says of it. The header is read
    /// from the right, because everything left of the last untrusted address may be invented.
    #[must_use]
    pub fn address(&self, request: &ServiceRequest) -> IpAddr {
        let peer = request
            .peer_addr()
            .map_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED), |peer| {
                peer.ip().to_canonical()
            });
        if !self.is_proxy(peer) {
            return peer;
        }
        let mut hops: Vec<&str> = Vec::new();
        for header in request.headers().get_all("x-forwarded-for") {
            hops.extend(
                header
                    .to_str()
                    .unwrap_or_default()
                    .split(',')
                    .map(str::trim),
            );
        }
        let mut address = peer;
        for hop in hops.into_iter().rev() {
            let Some(found) = address_of(hop) else {
                break;
            };
            let found = found.to_canonical();
            address = found;
            if !self.is_proxy(found) {
                break;
            }
        }
        address
    }

    fn is_proxy(&self, address: IpAddr) -> bool {
        self.proxies.iter().any(|range| range.contains(&address))
    }
}

/// An address as proxies write it: bare, in brackets, or with a port.
fn address_of(hop: &str) -> Option<IpAddr> {
    let bare = hop
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(hop);
    bare.parse::<IpAddr>()
        .ok()
        .or_else(|| hop.parse::<SocketAddr>().ok().map(|socket| socket.ip()))
}

/// One household or company has a /64 of IPv6, not an address.
fn by_network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(four) => IpAddr::V4(four),
        IpAddr::V6(six) => IpAddr::V6(Ipv6Addr::from(u128::from(six) & !u128::from(u64::MAX))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_writes_addresses_in_three_ways() {
        for (hop, expected) in [
            ("192.0.2.1", Some("192.0.2.1")),
            ("192.0.2.1:4711", Some("192.0.2.1")),
            ("2001:db8::1", Some("2001:db8::1")),
            ("[2001:db8::1]", Some("2001:db8::1")),
            ("[2001:db8::1]:4711", Some("2001:db8::1")),
            ("[2001:db8::1", None),
            ("unknown", None),
            ("", None),
        ] {
            let found = address_of(hop).map(|address| address.to_string());
            assert_eq!(found.as_deref(), expected, "{hop}");
        }
    }

    #[test]
    fn an_ipv6_network_is_one_caller() {
        let network = |text: &str| by_network(text.parse().unwrap()).to_string();
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(network("::ffff:192.0.2.1"), "192.0.2.1");
        assert_eq!(network("192.0.2.1"), "192.0.2.1");
    }
}
