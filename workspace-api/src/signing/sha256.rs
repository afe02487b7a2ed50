//! SHA-256 and HMAC: aws-lc-rs with rustls, otherwise hmac-sha256 (pure Rust, about four times
//! slower).

#[cfg(feature = "rustls")]
pub(super) fn hash(text: &[u8]) -> impl AsRef<[u8]> {
    use aws_lc_rs::digest::{SHA256, digest};
    digest(&SHA256, text)
}

#[cfg(feature = "rustls")]
pub(super) fn hmac(key: &[u8], text: &[u8]) -> impl AsRef<[u8]> {
    use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign};
    sign(&Key::new(HMAC_SHA256, key), text)
}

#[cfg(not(feature = "rustls"))]
pub(super) fn hash(text: &[u8]) -> impl AsRef<[u8]> {
    hmac_sha256::Hash::hash(text)
}

#[cfg(not(feature = "rustls"))]
pub(super) fn hmac(key: &[u8], text: &[u8]) -> impl AsRef<[u8]> {
    hmac_sha256::HMAC::mac(text, key)
}
