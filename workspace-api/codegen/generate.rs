//! Generates the client with progenitor.

use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::{Mutex, PoisonError};

use openapiv3::OpenAPI;
use proc_macro2::TokenStream;
use progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle, TypeImpl};
use quote::quote;

/// Guards the panic hook, which is global.
static PANIC_HOOK: Mutex<()> = Mutex::new(());

/// Generates the client from the normalized contract. progenitor panics on unsupported input.
pub fn generate(contract: &OpenAPI) -> Result<TokenStream, String> {
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Builder)
        .with_hooks(HooksMode::Expected)
        // For the tests of callers.
        .with_derive("PartialEq")
        .with_inner_type(quote! { crate::client::Inner })
        // One Rust type serves bodies and paths: the desktops of a batch are also read by path.
        .with_replacement(
            "BatchDesktopId",
            "crate::types::DesktopId",
            [TypeImpl::FromStr, TypeImpl::Display].into_iter(),
        );
    let _guard = PANIC_HOOK.lock().unwrap_or_else(PoisonError::into_inner);
    let hook = take_hook();
    set_hook(Box::new(|_| {}));
    let result = catch_unwind(AssertUnwindSafe(|| {
        Generator::new(&settings).generate_tokens(contract)
    }));
    set_hook(hook);
    match result {
        Ok(result) => result.map_err(|error| error.to_string()),
        Err(panic) => {
            let message = if let Some(message) = panic.downcast_ref::<String>() {
                message
            } else {
                panic
                    .downcast_ref::<&str>()
                    .copied()
                    .unwrap_or("it panicked")
            };
            Err(message.lines().next().unwrap_or_default().to_owned())
        }
    }
}
