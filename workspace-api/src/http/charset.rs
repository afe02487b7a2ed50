//! The charset of error pages. Proxies and gateways write them in the charset of their country.

use std::borrow::Cow;

use bytes::Bytes;
use encoding_rs::{Encoding, UTF_8};
use memchr::memmem;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};

/// How much of a page is searched for its charset.
const HEAD: usize = 1024;

/// Returns a body in UTF-8. The header of a body that was decoded says so.
pub(super) fn into_utf8(headers: &mut HeaderMap, body: Bytes) -> Bytes {
    let Some(encoding) = charset(headers, &body).filter(|encoding| *encoding != UTF_8) else {
        return body;
    };
    let (text, _) = encoding.decode_without_bom_handling(&body);
    let Cow::Owned(text) = text else {
        return body;
    };
    let content_type = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let media_type = content_type.and_then(|value| value.split(';').next());
    let decoded = format!("{}; charset=utf-8", media_type.unwrap_or("text/plain"));
    if let Ok(decoded) = HeaderValue::try_from(decoded) {
        headers.insert(CONTENT_TYPE, decoded);
    }
    text.into()
}

/// Returns the charset that the header names, or the page if it is not in UTF-8.
fn charset(headers: &HeaderMap, body: &[u8]) -> Option<&'static Encoding> {
    let header = headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes);
    if let Some(encoding) = header.and_then(named) {
        return Some(encoding);
    }
    if std::str::from_utf8(body).is_ok() {
        return None;
    }
    named(&body[..body.len().min(HEAD)])
}

fn named(text: &[u8]) -> Option<&'static Encoding> {
    const KEY: &[u8] = b"charset=";
    let lower = text.to_ascii_lowercase();
    let label = &lower[memmem::find(&lower, KEY)? + KEY.len()..];
    let label = label.strip_prefix(b"\"").unwrap_or(label);
    let belongs = |byte: &&u8| byte.is_ascii_alphanumeric() || b"-_:.".contains(byte);
    let length = label.iter().take_while(belongs).count();
    Encoding::for_label(&label[..length])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// "Bad gateway" in Chinese, in GBK.
    const GBK: &[u8] = b"\xb4\xed\xce\xf3\xb5\xc4\xcd\xf8\xb9\xd8";

    fn decoded(content_type: &'static str, body: &'static [u8]) -> (String, String) {
        let mut headers = HeaderMap::new();
        if !content_type.is_empty() {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        }
        let body = into_utf8(&mut headers, Bytes::from_static(body));
        let header = headers
            .get(CONTENT_TYPE)
            .map(|value| value.to_str().unwrap());
        (
            String::from_utf8_lossy(&body).into_owned(),
            header.unwrap_or_default().to_owned(),
        )
    }

    #[test]
    fn the_charset_of_the_header_or_the_page_is_used() {
        const UTF_8: &str = "text/html; charset=utf-8";
        for content_type in [
            "text/html; charset=gbk",
            "text/html;charset=\"GB2312\"",
            "text/html; Charset=GB18030; x=y",
        ] {
            let expected = ("错误的网关".to_owned(), UTF_8.to_owned());
            assert_eq!(decoded(content_type, GBK), expected);
        }
        let page = b"<meta charset=\"gbk\">\xb4\xed\xce\xf3";
        let (text, _) = decoded("text/html", page);
        assert_eq!(text, "<meta charset=\"gbk\">错误");
        let (text, _) = decoded("text/html; charset=iso-8859-1", b"caf\xe9");
        assert_eq!(text, "café");
        let (text, _) = decoded("text/html; charset=utf-16le", b"n\0o\0");
        assert_eq!(text, "no");
        for content_type in [
            "",
            "text/html",
            "text/html; charset=utf-8",
            "text/html; charset=none",
        ] {
            let body = "错误".as_bytes();
            assert_eq!(
                decoded(content_type, body),
                ("错误".to_owned(), content_type.to_owned())
            );
        }
    }
}
