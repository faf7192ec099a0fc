//! Invitations, forgotten and changed passwords.

use chrono::TimeDelta;
use diesel::prelude::*;
use intercultural_cities::access::viewer::Role;
use intercultural_cities::identity::invitations::{self, Purpose};
use intercultural_cities::identity::roles::NewGrant;
use intercultural_cities::identity::users;
use intercultural_cities::kernel::ids::UserId;
use intercultural_cities::kernel::json::Json;
use intercultural_cities::schema::jobs;
use intercultural_cities::server::worker::run_due;
use serde_json::json;

use super::{PASSWORD, account, call, new_user, refresh, sign_in, signed_in, viewer};
use crate::support::app::TestApp;

const EMAIL: &str = "anna@example.org";
const OTHER: &str = "another horse battery";
const INVITE: &str = "mutation ($input: InviteUserInput!) { inviteUser(input: $input) { user { id email hasAccepted grants { role } } userErrors { code field message } } }";

/// The tokens of all links in the folder of mails, the last written last.
pub(super) fn mailed(app: &TestApp, path: &str) -> Vec<String> {
    run_due(&app.app).unwrap();
    let Ok(folder) = std::fs::read_dir(app.app.config.outbox_dir()) else {
        return Vec::new();
    };
    let mut files: Vec<_> = folder.map(|file| file.unwrap().path()).collect();
    files.sort();
    files
        .iter()
        .map(|file| std::fs::read_to_string(file).unwrap())
        .filter_map(|mail| {
            let (_, rest) = mail.split_once(path)?;
            Some(
                rest.chars()
                    .take_while(|character| !character.is_whitespace())
                    .collect(),
            )
        })
        .collect()
}

fn invited(app: &TestApp) -> UserId {
    app.arrange(|tx| {
        users::invite(
            tx,
            &new_user(EMAIL, "Anna Holm"),
            &[NewGrant::of(Role::Finance)],
        )
    })
}

pub(super) fn accept(app: &TestApp, token: &str, password: &str) -> u16 {
    call(
        app,
        "POST",
        &format!("/api/v1/invitations/{token}"),
        None,
        &json!({ "password": password }),
    )
    .status
}

fn reset(app: &TestApp, token: &str, password: &str) -> u16 {
    call(
        app,
        "POST",
        &format!("/api/v1/password/reset/{token}"),
        None,
        &json!({ "new": password }),
    )
    .status
}

fn forgot(app: &TestApp, email: &str) -> u16 {
    call(
        app,
        "POST",
        "/api/v1/password/reset",
        None,
        &json!({ "email": email }),
    )
    .status
}

crate::both_databases! {
    fn an_invitation_is_mailed_and_works_once(app: &TestApp) {
        let input = json!({ "input": { "email": EMAIL, "name": "Anna Holm", "role": "FINANCE" } });
        let answer = app.admin().ask_with(INVITE, input.clone());
        assert_eq!(answer.data("/inviteUser/user/grants"), &json!([{ "role": "FINANCE" }]));
        assert_eq!(answer.data("/inviteUser/user/hasAccepted"), &json!(false));
        assert_eq!(app.admin().ask_with(INVITE, input).refusal("inviteUser"), "EMAIL_TAKEN");
        let tokens = mailed(app, "/api/v1/invitations/");
        assert_eq!(tokens.len(), 1);
        assert_eq!(sign_in(app, EMAIL, PASSWORD).status, 401);
        assert_eq!(accept(app, &tokens[0], "short"), 422);
        assert_eq!(accept(app, &tokens[0], PASSWORD), 204);
        assert_eq!(accept(app, &tokens[0], PASSWORD), 404);
        assert_eq!(sign_in(app, EMAIL, PASSWORD).status, 200);
        // The message never held the token, and is forgotten with the job.
        let messages: Vec<Json> = jobs::table.select(jobs::payload).load(&mut app.db()).unwrap();
        assert_eq!(messages, [Json(json!({}))]);
    }

    fn a_browser_that_follows_a_link_finds_a_form_and_uses_nothing_up(app: &TestApp) {
        invited(app);
        let token = mailed(app, "/api/v1/invitations/").remove(0);
        for (path, field) in [("/api/v1/invitations", "password"), ("/api/v1/password/reset", "new")] {
            for (language, heading) in [("en", "Choose a password"), ("da-DK,da;q=0.9", "Vælg en adgangskode")] {
                let page = app.anonymous().send("GET", &format!("{path}/{token}"), &[("accept-language", language)], b"");
                assert_eq!((page.status, page.header("content-type"), page.header("cache-control")), (200, Some("text/html; charset=utf-8"), Some("no-store")));
                assert!(page.header("content-security-policy").unwrap().starts_with("default-src 'self'"));
                assert!(page.text().contains(heading) && page.text().contains(&format!("data-field=\"{field}\"")), "{}", page.text());
                for part in page.text().split('"').filter(|part| part.starts_with("/account/")) {
                    assert_eq!(app.anonymous().get(part).status, 200, "{part}");
                }
            }
        }
        assert_eq!(accept(app, &token, PASSWORD), 204);
    }

    fn an_invitation_expires(app: &TestApp) {
        let user = invited(app);
        let token = mailed(app, "/api/v1/invitations/").remove(0);
        app.set_now(app.now().utc() + TimeDelta::hours(72));
        assert_eq!(accept(app, &token, PASSWORD), 404);
        let again = app.arrange(|tx| invitations::open(tx, user, Purpose::Invitation)).unwrap();
        assert_eq!(reset(app, &again.text(), PASSWORD), 404);
        assert_eq!(accept(app, &again.text(), PASSWORD), 204);
    }

    fn a_forgotten_password_is_chosen_anew(app: &TestApp) {
        account(app, EMAIL, Role::Secretariat);
        let (access, token) = signed_in(app, EMAIL, PASSWORD);
        for _ in 0..10 {
            sign_in(app, EMAIL, "wrong horse battery");
        }
        assert_eq!((forgot(app, EMAIL), forgot(app, "nobody@example.org"), forgot(app, "no address")), (202, 202, 202));
        let mails = mailed(app, "/api/v1/password/reset/");
        assert_eq!(mails.len(), 1);
        // A second wish within a minute is not mailed again.
        assert_eq!(forgot(app, EMAIL), 202);
        assert_eq!(mailed(app, "/api/v1/password/reset/").len(), 1);
        assert_eq!(reset(app, &mails[0], OTHER), 204);
        assert_eq!(reset(app, &mails[0], OTHER), 404);
        assert_eq!((viewer(app, &access), refresh(app, &token).status), (Err(401), 401));
        // The holder of the mailbox is let in, whatever others guessed.
        assert_eq!(sign_in(app, EMAIL, OTHER).status, 200);
        assert_eq!(sign_in(app, EMAIL, PASSWORD).status, 401);
    }

    fn a_reset_link_expires_and_a_disabled_account_has_none(app: &TestApp) {
        account(app, "admin@example.org", Role::Admin);
        let user = account(app, EMAIL, Role::Secretariat);
        let first = app.arrange(|tx| invitations::open(tx, user, Purpose::Reset)).unwrap();
        app.set_now(app.now().utc() + TimeDelta::hours(1));
        assert_eq!(reset(app, &first.text(), OTHER), 404);
        let second = app.arrange(|tx| invitations::open(tx, user, Purpose::Reset)).unwrap();
        app.arrange(|tx| users::disable(tx, user, None));
        assert_eq!(reset(app, &second.text(), OTHER), 404);
        assert!(app.arrange(|tx| invitations::open(tx, user, Purpose::Reset)).is_none());
        for token in ["nonsense", &"A".repeat(43)] {
            assert_eq!(reset(app, token, OTHER), 404, "{token}");
        }
    }

    fn a_new_password_ends_the_other_sessions(app: &TestApp) {
        account(app, EMAIL, Role::Secretariat);
        let (here, here_refresh) = signed_in(app, EMAIL, PASSWORD);
        let (there, there_refresh) = signed_in(app, EMAIL, PASSWORD);
        assert!(viewer(app, &there).is_ok());
        let change = |current: &str, new: &str| call(app, "PUT", "/api/v1/password", Some(&here), &json!({ "current": current, "new": new }));
        let wrong = change("wrong horse battery", OTHER);
        assert_eq!((wrong.status, wrong.json()["code"].as_str()), (422, Some("WRONG_PASSWORD")));
        assert_eq!(change(PASSWORD, "short").status, 422);
        assert_eq!(change(PASSWORD, OTHER).status, 204);
        assert_eq!((viewer(app, &here).is_ok(), viewer(app, &there)), (true, Err(401)));
        assert_eq!((refresh(app, &here_refresh).status, refresh(app, &there_refresh).status), (200, 401));
        assert_eq!((sign_in(app, EMAIL, PASSWORD).status, sign_in(app, EMAIL, OTHER).status), (401, 200));
    }
}
