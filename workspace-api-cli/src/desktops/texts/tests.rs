//! The offsets of texts beyond four gibibytes.

use crate::desktops::texts::Texts;

#[test]
#[cfg(target_pointer_width = "64")]
fn texts_may_take_more_than_four_gibibytes() {
    const GIB: usize = 1 << 30;
    let ends = [
        3 * GIB,
        4 * GIB - 1,
        4 * GIB,
        4 * GIB + 5,
        13 * GIB,
        13 * GIB,
    ];
    let mut texts = Texts::default();
    for end in ends {
        texts.push_end(end);
    }
    let found: Vec<_> = (0..ends.len())
        .filter_map(|number| texts.end(number))
        .collect();
    assert_eq!(found, ends);
    assert_eq!(texts.end(ends.len()), None);
}
