//! Generates the client with progenitor.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

use openapiv3::OpenAPI;
use proc_macro2::TokenStream;
use progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle, TypeImpl};
use quote::quote;

thread_local! {
    /// Whether a panic of this thread is an answer, which nobody needs to see.
    static IS_SILENT: Cell<bool> = const { Cell::new(false) };
}

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
    silence_panics();
    IS_SILENT.set(true);
    let result = catch_unwind(AssertUnwindSafe(|| {
        Generator::new(&settings).generate_tokens(contract)
    }));
    IS_SILENT.set(false);
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

/// Returns the places of the operations among those of other shares, in the order in which they are
/// generated.
pub fn places(contract: &OpenAPI) -> Vec<String> {
    let mut places = Vec::new();
    for (path, item) in contract.paths.iter() {
        let operations = item.as_item().map_or(0, |item| item.iter().count());
        places.extend((0..operations).map(|index| format!("{path}\0{index}")));
    }
    places
}

/// Installs a panic hook, which is global, for the threads that are silent.
fn silence_panics() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let hook = take_hook();
        set_hook(Box::new(move |panic| {
            if !IS_SILENT.get() {
                hook(panic);
            }
        }));
    });
}
