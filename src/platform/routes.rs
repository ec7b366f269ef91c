//! `routes!` for the rooms. In a finished build routes come without what writes their part of the OpenAPI document, a sixth of the binary:
//! it answers with the document of the repository, which the tests hold against the routes.

#[cfg(debug_assertions)]
pub use utoipa_axum::routes;

/// Handlers of one path, as `utoipa_axum::routes!` takes them, without their descriptions.
#[cfg(not(debug_assertions))]
macro_rules! undocumented {
    ($($handler:ident),+ $(,)?) => {{
        use utoipa_axum::PathItemExt as _;
        let mut paths = utoipa::openapi::path::Paths::new();
        let mut methods = axum::routing::MethodRouter::new();
        $(utoipa_axum::paste! {
            let own = <[<__path_ $handler>] as utoipa::Path>::methods();
            methods = own.iter().fold(methods, |methods, method| methods.on(method.to_method_filter(), $handler));
            let path = <[<__path_ $handler>] as utoipa::Path>::path();
            paths.add_path_operation(path, own, utoipa::openapi::path::Operation::new());
        })+
        (Vec::new(), paths, methods)
    }};
}

#[cfg(not(debug_assertions))]
pub(crate) use undocumented as routes;
