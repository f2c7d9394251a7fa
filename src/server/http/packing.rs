//! Compressing a page once, and which form of it a browser reads.

use axum::http::{HeaderMap, header};
use std::io::Write as _;

/// How a body is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// Not at all.
    Plain,
    /// What browsers accept everywhere.
    Gzip,
    /// Smaller; browsers accept it over HTTPS.
    Brotli,
}

impl Coding {
    /// The best of what `Accept-Encoding` names; a coding with `q=0` is refused.
    pub fn wanted(request: &HeaderMap) -> Coding {
        let accepts = |name: &str| {
            let values = request.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
            values.flat_map(|value| value.split(',')).any(|each| {
                let (coding, weight) = each.split_once(';').unwrap_or((each, ""));
                let weight = weight.trim().strip_prefix("q=").unwrap_or("1");
                coding.trim().eq_ignore_ascii_case(name) && weight.parse::<f32>().is_ok_and(|weight| weight > 0.0)
            })
        };
        [Coding::Brotli, Coding::Gzip].into_iter().find(|coding| coding.name().is_some_and(accepts)).unwrap_or(Coding::Plain)
    }

    /// As `Content-Encoding` says it.
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Coding::Plain => None,
            Coding::Gzip => Some("gzip"),
            Coding::Brotli => Some("br"),
        }
    }
}

/// Packs for browsers without brotli.
pub fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::with_capacity(content.len() / 4), flate2::Compression::new(6));
    // A Vec takes every byte, so neither can fail.
    let _ = encoder.write_all(content);
    encoder.finish().unwrap_or_default()
}

/// Packs at the middle level: a tenth of the time of the highest for a few hundredths more bytes.
pub fn brotli(content: &[u8]) -> Vec<u8> {
    let parameters = brotli::enc::BrotliEncoderParams { quality: 5, size_hint: content.len(), ..Default::default() };
    let mut packed = Vec::with_capacity(content.len() / 4);
    // As above: neither end of it can fail.
    let _ = brotli::BrotliCompress(&mut &content[..], &mut packed, &parameters);
    packed
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;

    #[test]
    fn d5_the_form_follows_what_the_browser_accepts() {
        for (accepted, coding) in [
            (None, Coding::Plain),
            (Some("identity"), Coding::Plain),
            (Some("gzip, deflate"), Coding::Gzip),
            (Some("gzip, deflate, br, zstd"), Coding::Brotli),
            (Some("br;q=0, GZIP;q=0.5"), Coding::Gzip),
            (Some("br;q=x"), Coding::Plain),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(accepted) = accepted {
                headers.insert(header::ACCEPT_ENCODING, accepted.parse().unwrap());
            }
            assert_eq!(Coding::wanted(&headers), coding, "{accepted:?}");
        }
    }

    #[test]
    fn d5_what_is_packed_is_the_page() {
        let page = "<td>上海机动车管理中心</td>".repeat(2_000);
        let mut back = String::new();
        flate2::read::GzDecoder::new(&gzip(page.as_bytes())[..]).read_to_string(&mut back).unwrap();
        assert_eq!(back, page);
        let mut back = Vec::new();
        brotli::BrotliDecompress(&mut &brotli(page.as_bytes())[..], &mut back).unwrap();
        assert_eq!(back, page.as_bytes());
    }
}
