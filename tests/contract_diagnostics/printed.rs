//! Printed code has the tokens that it is made from.

use std::fs;
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;

use crate::codegen::print::print;

/// Signs that could become other ones beside their neighbours.
const SIGNS: &str = "
    fn signs<'a, const N: i8>(x: &&'a mut [u8]) -> impl Fn(u8) -> Result<Vec<Vec<u8>>, ()> + 'a {
        let _ = (a < -1, a > -b, a & &b, a && &b, & &a, *&a, !-a, - -a, a - -b, a << b >> c);
        let _ = (<&'a str as T>::A, <<T as A>::B as C>::d, f::<{ -1 }>(), <[u8]>::len, (a as u8) < b);
        let _ = (0..1, ..=2, 1..=-1, 1. .abs(), 1.0e-3, t.0.1, b'a', r#type, r#\"\"\"#, '\\'', a?.b?);
        match a { -1..=1 | &&_ if !a => |b: &_| -> u8 { -b }, ref x @ Some(..) => return, _ => loop {} }
        'outer: loop { if a {} else if let &[ref x, ..] = b { break 'outer } else { a += -1; a >>= &b } }
        m![a b; c]; m!(#[x] &&y <- z); move |a, &b| async move { a.await }
    }
    impl<T: ?Sized + for<'b> F<&'b T>> !Send for &'static dyn A<Item = Box<dyn B>> where T: {}
";

/// Returns each token, with operators taken apart.
fn texts(tokens: TokenStream) -> Vec<String> {
    let texts = tokens.into_iter().flat_map(|token| match token {
        TokenTree::Group(group) => {
            let mut texts = vec![format!("{:?}", group.delimiter())];
            texts.extend(self::texts(group.stream()));
            texts.push("end".to_owned());
            texts
        }
        other => vec![other.to_string()],
    });
    texts.collect()
}

#[track_caller]
fn assert_printed(name: &str, code: &str) {
    let items = syn::parse_file(code).unwrap().items;
    let printed = print(&items);
    let again = syn::parse_file(&printed)
        .unwrap_or_else(|error| panic!("{name}: {error}\n{printed}"))
        .items;
    assert_eq!(items.len(), again.len(), "{name}");
    for (expected, found) in items.into_iter().zip(again) {
        let [expected, found] = [expected, found].map(|item| texts(item.into_token_stream()));
        assert!(expected == found, "{name}: {expected:?}\n{found:?}");
    }
}

#[test]
fn printed_code_has_the_same_tokens() {
    assert_printed("signs", SIGNS);
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("workspace-api")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                assert_printed(&path.display().to_string(), &text);
            }
        }
    }
}
