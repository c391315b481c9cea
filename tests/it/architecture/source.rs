//! Reads the crates of the workspace as modules: what each defines, imports and names. Judges nothing.
//!
//! Every file is parsed to its end. Left out are only items under `#[cfg(test)]` and the files such an item declares.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::{fs, io};

use syn::punctuated::Punctuated;
use syn::{Attribute, Item, Meta, Token, Visibility};

use super::mentions::{self, Mention, Mentions, Place};

/// An index into [`Program::modules`].
pub type Id = usize;

/// A module and what its own text says; its children speak for themselves.
#[derive(Debug, Default)]
pub struct Module {
    /// `trade/store/sums`. The root of the library is the empty path.
    pub path: String,
    /// `src/trade/store/sums.rs`.
    pub file: String,
    pub parent: Option<Id>,
    /// The root of its crate.
    pub root: Id,
    pub children: BTreeMap<String, Id>,
    pub items: BTreeSet<String>,
    /// What `use` brings into scope, by the name it has here.
    pub imports: BTreeMap<String, Vec<Vec<String>>>,
    pub globs: Vec<Vec<String>>,
    pub said: Mentions,
}

/// All crates of the workspace, and the files that no module declares.
#[derive(Debug, Default)]
pub struct Program {
    pub modules: Vec<Module>,
    /// Roots by the name under which another crate knows them.
    pub crates: BTreeMap<String, Id>,
    pub undeclared: Vec<String>,
    /// Every file, tests included.
    pub files: BTreeMap<String, String>,
}

/// A crate: its name for others, the path of its root module, and the file of that.
const CRATES: [(&str, &str, &str); 3] = [
    ("entrepot", "", "src/lib.rs"),
    ("entrepot_main", "main", "src/main.rs"),
    ("entrepot_migrations", "migrations", "migrations/src/lib.rs"),
];

impl Program {
    /// Reads what lies under `root`, the folder of the workspace.
    pub fn read(root: &Path) -> io::Result<Self> {
        let mut files = BTreeMap::new();
        for folder in ["src", "migrations/src"] {
            collect(root, &root.join(folder), &mut files)?;
        }
        Ok(Self::parse(files))
    }

    /// The program that `files` make up, by their paths from the folder of the workspace.
    pub fn parse(files: BTreeMap<String, String>) -> Self {
        let mut reader =
            Reader { program: Self { files, ..Self::default() }, seen: BTreeSet::new(), tests: Vec::new() };
        for (name, path, file) in CRATES {
            if reader.program.files.contains_key(file) {
                let root = reader.program.modules.len();
                reader.program.crates.insert(name.to_owned(), root);
                reader.file(path.to_owned(), file, None, root);
            }
        }
        let Reader { mut program, seen, tests } = reader;
        let is_known = |file: &String| seen.contains(file) || tests.iter().any(|test| file.starts_with(test));
        program.undeclared = program.files.keys().filter(|file| !is_known(file)).cloned().collect();
        program
    }
}

fn collect(root: &Path, folder: &Path, files: &mut BTreeMap<String, String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            files.insert(name, fs::read_to_string(&path)?);
        }
    }
    Ok(())
}

struct Reader {
    program: Program,
    seen: BTreeSet<String>,
    /// Files and folders (with a slash) of tests.
    tests: Vec<String>,
}

impl Reader {
    fn file(&mut self, path: String, file: &str, parent: Option<Id>, root: Id) -> Id {
        self.seen.insert(file.to_owned());
        let parsed = match syn::parse_file(&self.program.files[file]) {
            Ok(parsed) => parsed,
            Err(error) => panic!("{file}:{}: {error}", error.span().start().line),
        };
        let (folder, name) = file.rsplit_once('/').unwrap_or(("", file));
        let folder = match name {
            "lib.rs" | "main.rs" | "mod.rs" => folder.to_owned(),
            other => format!("{folder}/{}", other.trim_end_matches(".rs")),
        };
        self.module(Module { path, file: file.to_owned(), parent, root, ..Module::default() }, &parsed.items, &folder)
    }

    /// Enters a module and, below it, its children, whose files lie in `folder`.
    fn module(&mut self, module: Module, items: &[Item], folder: &str) -> Id {
        let id = self.program.modules.len();
        let (path, file, root) = (module.path.clone(), module.file.clone(), module.root);
        self.program.modules.push(module);
        for item in items {
            let Item::Mod(child) = item else { continue };
            let name = child.ident.to_string();
            let below = match given_path(&child.attrs) {
                Some(given) => format!("{}/{}", file.rsplit_once('/').map_or("", |(folder, _)| folder), given),
                None => format!("{folder}/{name}"),
            };
            if is_test(&child.attrs) {
                self.tests.extend([format!("{below}.rs"), format!("{below}/")]);
                continue;
            }
            let path = if path.is_empty() { name.clone() } else { format!("{path}/{name}") };
            let child = match &child.content {
                Some((_, items)) => {
                    let module = Module { path, file: file.clone(), parent: Some(id), root, ..Module::default() };
                    self.module(module, items, &below)
                }
                None => {
                    let found = [format!("{below}.rs"), format!("{below}/mod.rs")]
                        .into_iter()
                        .find(|file| self.program.files.contains_key(file));
                    let found = found.unwrap_or_else(|| panic!("{file}: there is no file of `mod {name}`"));
                    self.file(path, &found, Some(id), root)
                }
            };
            self.program.modules[id].children.insert(name, child);
        }
        let module = &mut self.program.modules[id];
        module.items = items.iter().filter(|item| !is_test(attributes(item))).filter_map(name).collect();
        module.said = mentions::of(items);
        for mention in &module.said.names {
            let Place::Use { name, .. } = &mention.place else { continue };
            match name.as_str() {
                "_" => {}
                "*" => module.globs.push(mention.path.clone()),
                name => module.imports.entry(name.to_owned()).or_default().push(mention.path.clone()),
            }
        }
        id
    }
}

impl Module {
    /// The names of the module's text that are no `pub use`: a re-export is a signpost, and who follows it is charged.
    pub fn own_names(&self) -> impl Iterator<Item = &Mention> {
        self.said.names.iter().filter(|mention| !matches!(mention.place, Place::Use { public: true, .. }))
    }
}

/// Whether the item is there in tests only.
pub fn is_test(attributes: &[Attribute]) -> bool {
    fn in_tests_only(meta: &Meta) -> bool {
        match meta {
            Meta::Path(path) => path.is_ident("test"),
            Meta::List(list) => {
                let inner = list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated).unwrap_or_default();
                if list.path.is_ident("all") {
                    inner.iter().any(in_tests_only)
                } else {
                    list.path.is_ident("any") && inner.iter().all(in_tests_only)
                }
            }
            Meta::NameValue(_) => false,
        }
    }
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("test")
            || attribute.path().is_ident("cfg") && attribute.parse_args::<Meta>().is_ok_and(|meta| in_tests_only(&meta))
    })
}

/// `a` of `#[path = "a.rs"]`.
fn given_path(attributes: &[Attribute]) -> Option<String> {
    let given = attributes.iter().find(|attribute| attribute.path().is_ident("path"))?;
    let Meta::NameValue(pair) = &given.meta else { return None };
    let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) = &pair.value else { return None };
    Some(text.value().trim_end_matches(".rs").to_owned())
}

pub fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::ExternCrate(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::ForeignMod(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::TraitAlias(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Union(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

/// What the item defines; `mod` and `use` are kept apart.
fn name(item: &Item) -> Option<String> {
    let name = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Macro(item) => item.ident.as_ref()?,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::TraitAlias(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Union(item) => &item.ident,
        _ => return None,
    };
    Some(name.to_string())
}

/// Whether a `use` hands its name on to others.
pub fn is_public(visibility: &Visibility) -> bool {
    !matches!(visibility, Visibility::Inherited)
}
