//! Takes the two files of Swagger UI that the page needs out of the archive of all of it, still compressed: a member of a
//! zip archive and a gzip file hold the same compressed data, so that the program neither unpacks nor packs anything.

use std::error::Error;
use std::path::Path;
use std::{env, fs, process};

use rawzip::{CompressionMethod, ZipArchive};
use utoipa_swagger_ui_vendored::SWAGGER_UI_VENDORED;

const FILES: [&str; 2] = ["swagger-ui-bundle.js", "swagger-ui.css"];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    for file in FILES {
        if let Err(error) = extract(file) {
            println!("cargo::error=Swagger UI's {file} cannot be had: {error}");
            process::exit(1);
        }
    }
}

fn extract(file: &str) -> Result<(), Box<dyn Error>> {
    let archive = ZipArchive::from_slice(SWAGGER_UI_VENDORED)?;
    let mut entries = archive.entries();
    while let Some(entry) = entries.next_entry()? {
        if !entry
            .file_path()
            .as_ref()
            .ends_with(format!("/dist/{file}").as_bytes())
        {
            continue;
        }
        if entry.compression_method() != CompressionMethod::DEFLATE {
            return Err("it is not compressed by deflate".into());
        }
        // RFC 1952: magic number, method 8, no flags, no time, no hints, unknown system; at the end checksum and length.
        let mut gzip = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
        gzip.extend_from_slice(archive.get_entry(entry.wayfinder())?.data());
        gzip.extend_from_slice(&entry.crc32().to_le_bytes());
        gzip.extend_from_slice(&u32::try_from(entry.uncompressed_size_hint())?.to_le_bytes());
        return Ok(fs::write(
            Path::new(&env::var("OUT_DIR")?).join(format!("{file}.gz")),
            gzip,
        )?);
    }
    Err("the archive does not have it".into())
}
