//! Generates the gRPC code and the descriptor set from `proto/`, without protoc.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

use prost::Message as _;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let out_dir = PathBuf::from(env::var("OUT_DIR")?);
    let mut protos = Vec::new();
    collect_protos(Path::new("proto"), &mut protos)?;
    protos.sort();

    let mut compiler = protox::Compiler::new(["proto", "third_party/googleapis"])?;
    compiler.include_source_info(true).include_imports(true).open_files(&protos)?;

    // `encode_file_descriptor_set` keeps custom options, which `file_descriptor_set` would lose.
    let encoded = compiler.encode_file_descriptor_set();
    fs::write(out_dir.join("entrepot_descriptor.bin"), &encoded)?;

    let mut descriptors = prost_types::FileDescriptorSet::decode(encoded.as_slice())?;
    // Options alone name these; no code is needed of them.
    descriptors.file.retain(|file| !file.name().starts_with("google/api/"));
    tonic_prost_build::configure()
        .include_file("entrepot.rs")
        .emit_rerun_if_changed(false)
        .bytes(".entrepot.trade.v1.NumberColumn.known")
        .bytes(".entrepot.trade.v1.FlagColumn")
        .compile_fds(descriptors)?;

    println!("cargo:rerun-if-changed=proto");
    println!("cargo:rerun-if-changed=third_party/googleapis");
    println!("cargo:rerun-if-changed=build.rs");
    Ok(())
}

fn collect_protos(folder: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect_protos(&path, found)?;
        } else if path.extension().is_some_and(|extension| extension == "proto") {
            found.push(path);
        }
    }
    Ok(())
}
