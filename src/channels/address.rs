//! Where a message may go: never into the house by a side door (SSRF).
//!
//! A name is resolved once, every address it has is judged, and the connection goes to a judged address. Private, loopback,
//! link-local and otherwise special addresses are refused however they are written, inside IPv6 too. The configuration alone can
//! name hosts of the company's own.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

/// Resolving takes no longer.
const PATIENCE: Duration = Duration::from_secs(5);

/// True when the configuration names the host (`mail.corp`, `127.0.0.1:8025`) as the company's own.
pub fn is_intranet(intranet: &[String], host: &str, port: u16) -> bool {
    let host = host.trim_matches(['[', ']']);
    intranet.iter().any(|known| {
        let known = known.trim();
        known.eq_ignore_ascii_case(host) || known.eq_ignore_ascii_case(&format!("{host}:{port}"))
    })
}

/// The addresses of a host, all of them judged; the error is told to whoever set the channel up.
pub async fn resolve(host: &str, port: u16, intranet: &[String]) -> Result<Vec<SocketAddr>, String> {
    let bare = host.trim_matches(['[', ']']).to_owned();
    let found = tokio::time::timeout(PATIENCE, tokio::net::lookup_host((bare, port))).await;
    let all: Vec<SocketAddr> = match found {
        Err(_) => return Err("name lookup timed out".into()),
        Ok(Err(_)) => return Err("no such host".into()),
        Ok(Ok(found)) => found.collect(),
    };
    judge(all, is_intranet(intranet, host, port))
}

fn judge(all: Vec<SocketAddr>, own: bool) -> Result<Vec<SocketAddr>, String> {
    let allowed = |address: &SocketAddr| is_global(address.ip()) || (own && !is_metadata(address.ip()));
    // One bad address among good ones is how a name is turned against us: then none is used.
    if all.is_empty() || !all.iter().all(allowed) {
        return Err("refused: not a public address".into());
    }
    Ok(all)
}

/// The addresses at which clouds hand out their keys; nobody's own.
fn is_metadata(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_link_local() || ip == Ipv4Addr::new(100, 100, 100, 200),
        IpAddr::V6(ip) => {
            ip.is_unicast_link_local()
                || ip == Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)
                || inner(ip).is_some_and(|ip| is_metadata(IpAddr::V4(ip)))
        }
    }
}

/// True for addresses of the open internet.
fn is_global(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_global_v4(ip),
        IpAddr::V6(ip) => match inner(ip) {
            Some(ip) => is_global_v4(ip),
            None => is_global_v6(ip),
        },
    }
}

/// The IPv4 address that an IPv6 address stands for: mapped, compatible, NAT64, 6to4.
fn inner(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    let part = ip.segments();
    let from = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        Some(Ipv4Addr::new(a, b, c, d))
    };
    match part {
        [0, 0, 0, 0, 0, 0xffff | 0, high, low] | [0, 0, 0, 0, 0xffff, 0, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            from(high, low)
        }
        [0x2002, high, low, ..] => from(high, low),
        _ => None,
    }
}

fn is_global_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    !matches!(
        (a, b, c),
        (0 | 10 | 127, ..)
            | (100, 64..=127, _)
            | (169, 254, _)
            | (172, 16..=31, _)
            | (192, 0, 0 | 2)
            | (192, 88, 99)
            | (192, 168, _)
            | (198, 18..=19, _)
            | (198, 51, 100)
            | (203, 0, 113)
            | (224..=255, ..)
    )
}

fn is_global_v6(ip: Ipv6Addr) -> bool {
    match ip.segments() {
        // 2001::/23 holds Teredo and other special things, 2001:db8::/32 and 3fff::/20 are for books.
        [0x2001, 0..=0x1ff, ..] | [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => false,
        [first, ..] => (0x2000..=0x3fff).contains(&first),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(text: &str) -> Vec<SocketAddr> {
        text.split(' ').map(|ip| SocketAddr::new(ip.parse().unwrap(), 443)).collect()
    }

    // I56
    #[test]
    fn nothing_leads_into_the_house() {
        for inside in [
            "127.0.0.1",
            "127.255.255.254",
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "10.255.255.255",
            "100.64.0.1",
            "100.127.255.255",
            "100.100.100.200",
            "169.254.169.254",
            "169.254.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.0.1",
            "192.168.255.255",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "239.1.1.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:169.254.169.254",
            "::127.0.0.1",
            "::ffff:0:192.168.1.1",
            "64:ff9b::7f00:1",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b:1::a00:1",
            "2002:7f00:1::",
            "2002:c0a8:101::1",
            "2001::1",
            "2001:db8::1",
            "3fff::1",
            "fe80::1",
            "fec0::1",
            "fc00::1",
            "fd00:ec2::254",
            "ff02::1",
            "100::1",
            "5f00::1",
        ] {
            assert!(judge(addresses(inside), false).is_err(), "{inside}");
        }
    }

    #[test]
    fn the_open_internet_is_reached() {
        for outside in [
            "1.1.1.1",
            "100.63.0.1",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.169.0.1",
            "223.5.5.5",
            "2400:3200::1",
            "64:ff9b::101:101",
            "2002:101:101::1",
        ] {
            assert!(judge(addresses(outside), false).is_ok(), "{outside}");
        }
    }

    #[test]
    fn one_bad_address_spoils_the_name() {
        assert!(judge(addresses("1.1.1.1 127.0.0.1"), false).is_err());
        assert!(judge(Vec::new(), true).is_err());
    }

    #[test]
    fn the_company_names_its_own_hosts_but_not_the_keys_of_the_cloud() {
        let own = vec!["mail.corp".to_owned(), "127.0.0.1:8025".to_owned()];
        assert!(is_intranet(&own, "MAIL.corp", 25));
        assert!(is_intranet(&own, "127.0.0.1", 8025));
        assert!(!is_intranet(&own, "127.0.0.1", 8026));
        assert!(!is_intranet(&own, "xmail.corp", 25));
        assert!(judge(addresses("10.1.2.3"), true).is_ok());
        assert!(judge(addresses("169.254.169.254"), true).is_err());
        assert!(judge(addresses("::ffff:169.254.169.254"), true).is_err());
    }
}
