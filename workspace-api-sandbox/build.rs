//! Extracts the two files of Swagger UI that the page needs from the archive of the whole project.
//! They stay compressed: a member of a zip archive and a gzip file contain the same compressed
//! data, so the sandbox neither decompresses nor compresses anything.

use std::error::Error;
use std::path::Path;
use std::{env, fs, process};

use rawzip::{CompressionMethod, ZipArchive};
use utoipa_swagger_ui_vendored::SWAGGER_UI_VENDORED;

const FILES: [&str; 2] = ["swagger-ui-bundle.js", "swagger-ui.css"];

/// RFC 1952: magic number, method deflate, no flags, no time, no hints, unknown system.
const GZIP_HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    for file in FILES {
        if let Err(error) = extract(file) {
            println!("cargo::error=cannot extract Swagger UI's {file}: {error}");
            process::exit(1);
        }
    }
}

fn extract(file: &str) -> Result<(), Box<dyn Error>> {
    let gzip = read_as_gzip(&format!("/dist/{file}"))?;
    let path = Path::new(&env::var("OUT_DIR")?).join(format!("{file}.gz"));
    fs::write(path, gzip)?;
    Ok(())
}

/// Returns the member whose path ends with `suffix` as a gzip file.
fn read_as_gzip(suffix: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    let archive = ZipArchive::from_slice(SWAGGER_UI_VENDORED)?;
    let mut entries = archive.entries();
    while let Some(entry) = entries.next_entry()? {
        if !entry.file_path().as_ref().ends_with(suffix.as_bytes()) {
            continue;
        }
        if entry.compression_method() != CompressionMethod::DEFLATE {
            return Err("it is not compressed by deflate".into());
        }
        let size = u32::try_from(entry.uncompressed_size_hint())?;
        let mut gzip = GZIP_HEADER.to_vec();
        gzip.extend_from_slice(archive.get_entry(entry.wayfinder())?.data());
        gzip.extend_from_slice(&entry.crc32().to_le_bytes());
        gzip.extend_from_slice(&size.to_le_bytes());
        return Ok(gzip);
    }
    Err("the archive does not contain it".into())
}
