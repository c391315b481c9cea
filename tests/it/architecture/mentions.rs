//! What the text of one module names: paths, string literals, `async`. Knows no other module.

use proc_macro2::{TokenStream, TokenTree};
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};
use syn::{Attribute, ImplItem, Item, ItemUse, Lit, Path, UseTree};

use super::source::{attributes, is_public, is_test};

/// Where a name stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Place {
    /// `use a::b as name;`, `*` for a glob.
    Use { name: String, public: bool },
    /// In the head of a function that a trait asks for, or a type it asks for.
    TraitSignature,
    /// In the body of a function, or the value of a constant.
    Body,
    /// In any other head.
    Head,
}

/// A path as it is written; one that began with `::` has an empty first part.
#[derive(Clone, Debug)]
pub struct Mention {
    pub path: Vec<String>,
    pub line: usize,
    pub place: Place,
}

/// What a module says.
#[derive(Debug, Default)]
pub struct Mentions {
    pub names: Vec<Mention>,
    /// String literals outside attributes.
    pub texts: Vec<(usize, String)>,
    /// Lines with `async`.
    pub waits: Vec<usize>,
}

/// What `items` say, but for child modules and tests.
pub fn of(items: &[Item]) -> Mentions {
    let mut visitor = Visitor { said: Mentions::default(), place: Place::Head };
    for item in items {
        visitor.visit_item(item);
    }
    visitor.said
}

struct Visitor {
    said: Mentions,
    place: Place,
}

impl Visitor {
    fn enter(&mut self, path: Vec<String>, line: usize) {
        self.said.names.push(Mention { path, line, place: self.place.clone() });
    }

    fn within(&mut self, place: Place, visit: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.place, place);
        visit(self);
        self.place = outer;
    }

    fn tree(&mut self, tree: &UseTree, before: &[String], public: bool) {
        let (last, name) = match tree {
            UseTree::Path(path) => {
                let path_so_far = [before, &[path.ident.to_string()]].concat();
                return self.tree(&path.tree, &path_so_far, public);
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.tree(tree, before, public);
                }
                return;
            }
            UseTree::Name(name) => (Some(name.ident.to_string()), name.ident.to_string()),
            UseTree::Rename(rename) => (Some(rename.ident.to_string()), rename.rename.to_string()),
            UseTree::Glob(_) => (None, "*".to_owned()),
        };
        // `use a::{self}` names `a`.
        let (last, name) = match last {
            Some(last) if last == "self" && !before.is_empty() => {
                (None, if name == "self" { before[before.len() - 1].clone() } else { name })
            }
            last => (last, name),
        };
        let path = before.iter().cloned().chain(last).collect();
        self.within(Place::Use { name, public }, |visitor| visitor.enter(path, tree.span().start().line));
    }

    /// Reads paths, literals and `async` out of what a macro or an attribute is given.
    fn tokens(&mut self, tokens: TokenStream, with_texts: bool) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let is = |index: usize, sign: char| matches!(tokens.get(index), Some(TokenTree::Punct(punct)) if punct.as_char() == sign);
        let is_separator = |index: usize| is(index, ':') && is(index + 1, ':');
        let mut index = 0;
        while let Some(token) = tokens.get(index) {
            let line = token.span().start().line;
            match token {
                TokenTree::Group(group) => self.tokens(group.stream(), with_texts),
                TokenTree::Literal(literal) => {
                    if let Ok(Lit::Str(text)) = syn::parse_str(&literal.to_string()) {
                        if with_texts {
                            self.said.texts.push((line, text.value()));
                        } else {
                            self.path_in_text(&text.value(), line);
                        }
                    }
                }
                TokenTree::Ident(first) => {
                    let mut path = vec![first.to_string()];
                    if index >= 2 && is_separator(index - 2) {
                        path.insert(0, String::new());
                    }
                    while is_separator(index + 1) {
                        let Some(TokenTree::Ident(next)) = tokens.get(index + 3) else { break };
                        path.push(next.to_string());
                        index += 3;
                    }
                    if first == "async" {
                        self.said.waits.push(line);
                    }
                    // A lone small letter may be a variable, a field or a keyword.
                    if path.len() > 1 || path[0].starts_with(|first: char| first.is_uppercase()) {
                        self.enter(path, line);
                    }
                }
                TokenTree::Punct(_) => {}
            }
            index += 1;
        }
    }

    /// `#[serde(with = "crate::value::exact")]` names a path in a text.
    fn path_in_text(&mut self, text: &str, line: usize) {
        let is_name =
            |part: &&str| !part.is_empty() && part.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
        let parts: Vec<&str> = text.split("::").collect();
        if parts.len() > 1 && parts.iter().all(is_name) {
            self.enter(parts.into_iter().map(str::to_owned).collect(), line);
        }
    }
}

impl<'ast> Visit<'ast> for Visitor {
    fn visit_item(&mut self, item: &'ast Item) {
        if !is_test(attributes(item)) && !matches!(item, Item::Mod(_)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        let before = item.leading_colon.map(|_| String::new());
        self.tree(&item.tree, before.as_slice(), is_public(&item.vis));
    }

    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        if item.trait_.is_none() {
            return visit::visit_item_impl(self, item);
        }
        for attribute in &item.attrs {
            self.visit_attribute(attribute);
        }
        self.visit_generics(&item.generics);
        if let Some((path, _)) = &item.trait_ {
            self.within(Place::TraitSignature, |visitor| visitor.visit_path(path));
        }
        self.visit_type(&item.self_ty);
        self.within(Place::TraitSignature, |visitor| {
            for item in &item.items {
                visitor.visit_impl_item(item);
            }
        });
    }

    fn visit_impl_item(&mut self, item: &'ast ImplItem) {
        let attributes: &[Attribute] = match item {
            ImplItem::Const(item) => &item.attrs,
            ImplItem::Fn(item) => &item.attrs,
            ImplItem::Type(item) => &item.attrs,
            ImplItem::Macro(item) => &item.attrs,
            _ => &[],
        };
        if !is_test(attributes) {
            visit::visit_impl_item(self, item);
        }
    }

    fn visit_block(&mut self, block: &'ast syn::Block) {
        self.within(Place::Body, |visitor| visit::visit_block(visitor, block));
    }

    fn visit_expr(&mut self, expression: &'ast syn::Expr) {
        self.within(Place::Body, |visitor| visit::visit_expr(visitor, expression));
    }

    /// `pub(in crate::trade)` uses nothing of what it names.
    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}

    fn visit_path(&mut self, path: &'ast Path) {
        let before = path.leading_colon.map(|_| String::new());
        let parts = path.segments.iter().map(|segment| segment.ident.to_string());
        self.enter(before.into_iter().chain(parts).collect(), path.span().start().line);
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, called: &'ast syn::Macro) {
        self.visit_path(&called.path);
        self.within(Place::Body, |visitor| visitor.tokens(called.tokens.clone(), true));
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        if attribute.path().is_ident("doc") {
            return;
        }
        self.visit_path(attribute.path());
        match &attribute.meta {
            syn::Meta::Path(_) => {}
            syn::Meta::List(list) => self.tokens(list.tokens.clone(), false),
            syn::Meta::NameValue(pair) => self.visit_expr(&pair.value),
        }
    }

    fn visit_lit_str(&mut self, text: &'ast syn::LitStr) {
        self.said.texts.push((text.span().start().line, text.value()));
    }

    fn visit_signature(&mut self, signature: &'ast syn::Signature) {
        self.said.waits.extend(signature.asyncness.map(|token| token.span().start().line));
        visit::visit_signature(self, signature);
    }

    fn visit_expr_async(&mut self, expression: &'ast syn::ExprAsync) {
        self.said.waits.push(expression.async_token.span().start().line);
        visit::visit_expr_async(self, expression);
    }

    fn visit_expr_closure(&mut self, closure: &'ast syn::ExprClosure) {
        self.said.waits.extend(closure.asyncness.map(|token| token.span().start().line));
        visit::visit_expr_closure(self, closure);
    }
}
