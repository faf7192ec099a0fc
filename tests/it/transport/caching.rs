//! What may be kept by whom: validators of public answers, and nothing of a signed-in user. What it
//! is not: the memory inside the service.

use crate::transport::{ask, get_path};

crate::both_databases! {
    fn public_answers_have_a_validator(app: &TestApp) {
        let path = get_path("{ cities { totalCount } }");
        let first = app.anonymous().get(&path);
        assert_eq!(first.header("cache-control"), Some("public, max-age=60"));
        let vary = first.header("vary").unwrap().to_ascii_lowercase();
        for name in ["accept", "accept-language", "authorization", "origin"] {
            assert!(vary.split(", ").any(|one| one == name), "{vary}");
        }
        let tag = first.header("etag").unwrap().to_owned();
        for known in [tag.clone(), format!("W/{tag}"), format!("\"other\", {tag}"), "*".to_owned()] {
            let again = app.anonymous().send("GET", &path, &[("if-none-match", &known)], b"");
            assert_eq!((again.status, again.body.len()), (304, 0), "{known}");
            assert_eq!(again.header("etag"), Some(tag.as_str()));
            assert_eq!(again.header("cache-control"), Some("public, max-age=60"));
        }
        let other = app.anonymous().send("GET", &path, &[("if-none-match", "\"other\"")], b"");
        assert_eq!(other.status, 200);
    }

    fn nothing_else_is_kept(app: &TestApp) {
        let path = get_path("{ cities { totalCount } }");
        let signed_in = app.secretariat().get(&path);
        assert_eq!((signed_in.header("cache-control"), signed_in.header("etag")), (Some("no-store"), None));
        let posted = ask(app, &[], "{ cities { totalCount } }");
        assert_eq!((posted.header("cache-control"), posted.header("etag")), (Some("no-store"), None));
        // By address, so another one may not be told it.
        let rate = app.anonymous().get(&get_path("{ rateLimit { remaining } }"));
        assert_eq!((rate.status, rate.header("cache-control"), rate.header("etag")), (200, Some("no-store"), None));
        for query in ["{ nothing }", "{", "{ node(id: \"x\") { id } }", "mutation { x }"] {
            let failed = app.anonymous().get(&get_path(query));
            assert_eq!(failed.header("cache-control"), Some("no-store"), "{query}");
        }
    }

    fn documents_have_a_validator_too(app: &TestApp) {
        for path in ["/schema.graphql", "/openapi.json", "/.well-known/jwks.json", "/graphiql", "/graphiql/graphiql.css"] {
            let first = app.anonymous().get(path);
            assert_eq!(first.status, 200, "{path}");
            assert!(first.header("cache-control").unwrap().starts_with("public, max-age="), "{path}");
            let tag = first.header("etag").unwrap().to_owned();
            let again = app.anonymous().send("GET", path, &[("if-none-match", &tag)], b"");
            assert_eq!((again.status, again.body.len()), (304, 0), "{path}");
            let signed_in = app.secretariat().get(path);
            assert_eq!((signed_in.status, signed_in.header("cache-control"), signed_in.header("etag")), (200, Some("no-store"), None), "{path}");
            assert_eq!(signed_in.body, first.body, "{path}");
        }
    }
}
