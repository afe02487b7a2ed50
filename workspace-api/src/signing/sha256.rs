//! SHA-256 and HMAC: aws-lc-rs with rustls, otherwise hmac-sha256 (pure Rust, about four times
//! slower).

#[cfg(feature = "rustls")]
pub(super) fn hash(text: &[u8]) -> impl AsRef<[u8]> {
    use aws_lc_rs::digest::{SHA256, digest};
    digest(&SHA256, text)
}

/// A key of HMAC. Two of the five blocks in the HMAC of a short text depend on the key alone, and are
/// hashed once. The library wipes the result, which has more than 1 KiB.
#[cfg(feature = "rustls")]
#[derive(Clone)]
pub(super) struct HmacKey(Box<aws_lc_rs::hmac::Key>);

#[cfg(feature = "rustls")]
impl HmacKey {
    pub(super) fn new(key: &[u8]) -> Self {
        use aws_lc_rs::hmac::{HMAC_SHA256, Key};
        Self(Box::new(Key::new(HMAC_SHA256, key)))
    }

    pub(super) fn hmac(&self, text: &[u8]) -> impl AsRef<[u8]> {
        aws_lc_rs::hmac::sign(&self.0, text)
    }
}

#[cfg(not(feature = "rustls"))]
pub(super) fn hash(text: &[u8]) -> impl AsRef<[u8]> {
    hmac_sha256::Hash::hash(text)
}

/// A key of HMAC. The library would not wipe what it computes from the key.
#[cfg(not(feature = "rustls"))]
#[derive(Clone)]
pub(super) struct HmacKey(zeroize::Zeroizing<Vec<u8>>);

#[cfg(not(feature = "rustls"))]
impl HmacKey {
    pub(super) fn new(key: &[u8]) -> Self {
        Self(key.to_vec().into())
    }

    pub(super) fn hmac(&self, text: &[u8]) -> impl AsRef<[u8]> {
        hmac_sha256::HMAC::mac(text, self.0.as_slice())
    }
}
