//! Generates the gRPC code, the checks of requests and the descriptor set from `proto/`, without protoc, and names the commit.

#[path = "build/rules.rs"]
mod rules;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

use prost::Message as _;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let out_dir = PathBuf::from(env::var("OUT_DIR")?);
    let mut protos = Vec::new();
    collect_protos(Path::new("proto"), &mut protos)?;
    protos.sort();

    let mut compiler = protox::Compiler::new(["proto", "third_party/googleapis", "third_party/protovalidate"])?;
    compiler.include_source_info(true).include_imports(true).open_files(&protos)?;

    // `encode_file_descriptor_set` keeps custom options, which `file_descriptor_set` would lose.
    let encoded = compiler.encode_file_descriptor_set();
    fs::write(out_dir.join("entrepot_descriptor.bin"), &encoded)?;
    fs::write(out_dir.join("rules.rs"), rules::implementations(&compiler.descriptor_pool())?)?;

    let mut descriptors = prost_types::FileDescriptorSet::decode(encoded.as_slice())?;
    // Options alone name these; no code is needed of them.
    descriptors.file.retain(|file| !file.name().starts_with("google/api/") && !file.name().starts_with("buf/"));
    tonic_prost_build::configure()
        .include_file("entrepot.rs")
        .emit_rerun_if_changed(false)
        .bytes(".entrepot.trade.v1.NumberColumn.known")
        .bytes(".entrepot.trade.v1.FlagColumn")
        .compile_fds(descriptors)?;

    println!("cargo:rerun-if-changed=proto");
    println!("cargo:rerun-if-changed=third_party");
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=build");
    name_commit();
    Ok(())
}

/// Sets `ENTREPOT_COMMIT` for `--version`: from the variable of that name, else from git, else `unknown`. A build that is no
/// release says so instead: to keep it true, every commit would have to build the whole crate again.
fn name_commit() {
    println!("cargo:rerun-if-env-changed=ENTREPOT_COMMIT");
    let given = env::var("ENTREPOT_COMMIT").ok().filter(|commit| !commit.is_empty());
    let is_release = env::var("PROFILE").is_ok_and(|profile| profile == "release");
    let commit = match given {
        Some(commit) => commit,
        None if is_release => commit_of_checkout().unwrap_or_else(|| "unknown".to_owned()),
        None => "development build".to_owned(),
    };
    println!("cargo:rustc-env=ENTREPOT_COMMIT={commit}");
}

/// `None` outside of git, and in a folder that only lies inside another project's checkout.
fn commit_of_checkout() -> Option<String> {
    let root = PathBuf::from(git(&["rev-parse", "--show-toplevel"])?);
    if root.canonicalize().ok()? != env::current_dir().ok()?.canonicalize().ok()? {
        return None;
    }
    // The log of HEAD grows with every commit and checkout; a path that is not there would build anew each time.
    for name in ["HEAD", "logs/HEAD"] {
        let path = git(&["rev-parse", "--git-path", name])?;
        if Path::new(&path).exists() {
            println!("cargo:rerun-if-changed={path}");
        }
    }
    git(&["rev-parse", "--short=12", "HEAD"])
}

fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok().filter(|output| output.status.success())?;
    String::from_utf8(output.stdout).ok().map(|text| text.trim().to_owned())
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
