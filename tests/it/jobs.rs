//! Work for later: at least once, in order, again after failures. What it is not: what the jobs of
//! the slices do.

use std::cell::RefCell;

use chrono::TimeDelta;
use diesel::prelude::*;
use intercultural_cities::access::viewer::Viewer;
use intercultural_cities::jobs::{self, Counts, JobState, rules};
use intercultural_cities::kernel::email::Email;
use intercultural_cities::kernel::error::Error;
use intercultural_cities::kernel::ids::{Id, JobId};
use intercultural_cities::kernel::json::Json;
use intercultural_cities::notifications::{self, Message, SendMail};
use intercultural_cities::schema;
use intercultural_cities::server::worker::{run_due, run_due_by};

use crate::support::app::TestApp;

const RUNNER: Viewer = Viewer::System("jobs");

fn message(subject: &str) -> Message {
    Message {
        name: "Anna".to_owned(),
        recipient: Email::parse("anna@example.org").unwrap(),
        subject: subject.to_owned(),
        text: "Welcome.\n".to_owned(),
    }
}

fn enqueue(app: &TestApp, about: &str, subject: &str) -> JobId {
    app.arrange(|tx| jobs::enqueue(tx, &SendMail::new(about.to_owned(), message(subject))))
}

fn wait(app: &TestApp, span: TimeDelta) {
    app.set_now(app.now().plus(span).utc());
}

/// The mails in the folder, by name and content.
fn mails(app: &TestApp) -> Vec<(String, String)> {
    let Ok(files) = std::fs::read_dir(app.app.config.outbox_dir()) else {
        return Vec::new();
    };
    let mut mails: Vec<_> = files
        .map(|file| file.unwrap())
        .map(|file| {
            (
                file.file_name().into_string().unwrap(),
                std::fs::read_to_string(file.path()).unwrap(),
            )
        })
        .collect();
    mails.sort();
    mails
}

fn row(app: &TestApp, job: JobId) -> (JobState, Json, i32, Option<String>) {
    use schema::jobs::dsl;
    dsl::jobs
        .find(job)
        .select((dsl::state, dsl::payload, dsl::attempts, dsl::last_error))
        .first(&mut app.db())
        .unwrap()
}

/// Runs what is due, with these outcomes by subject, and tells what was attempted.
fn attempts(app: &TestApp, outcome: impl Fn(&str) -> anyhow::Result<()>) -> Vec<(JobId, String)> {
    let seen = RefCell::new(Vec::new());
    run_due_by(&app.app, |_, job, _| {
        let subject = job.payload.0["subject"].as_str().unwrap().to_owned();
        seen.borrow_mut().push((job.id, subject.clone()));
        outcome(&subject)
    })
    .unwrap();
    seen.into_inner()
}

fn subjects(attempts: &[(JobId, String)]) -> Vec<&str> {
    attempts
        .iter()
        .map(|(_, subject)| subject.as_str())
        .collect()
}

crate::both_databases! {
    fn a_mail_is_sent_once_and_its_message_forgotten(app: &TestApp) {
        let job = enqueue(app, "city:1", "Welcome");
        assert_eq!(run_due(&app.app).unwrap(), 1);
        assert_eq!(run_due(&app.app).unwrap(), 0);
        let mails = mails(app);
        assert_eq!(mails.len(), 1);
        assert_eq!(mails[0].0, format!("{}.eml", job.uuid()));
        assert!(mails[0].1.contains("Subject: Welcome") && mails[0].1.contains(&format!("Message-ID: <{}@", job.uuid())));
        assert_eq!(row(app, job), (JobState::Finished, Json(serde_json::json!({})), 1, None));
        wait(app, rules::MEMORY + TimeDelta::seconds(1));
        assert_eq!(app.arrange(jobs::forget), 1);
    }

    fn what_is_taken_back_leaves_no_job(app: &TestApp) {
        let taken_back = app.try_arrange(|tx| {
            jobs::enqueue(tx, &SendMail::new("city:1".to_owned(), message("Never")))?;
            Err::<(), _>(Error::Forbidden("anything"))
        });
        assert!(taken_back.is_err());
        assert_eq!(jobs::counts(&mut app.db()).unwrap(), Counts::default());
        assert_eq!(run_due(&app.app).unwrap(), 0);
    }

    fn a_runner_that_dies_between_sending_and_marking_sends_again_under_the_same_id(app: &TestApp) {
        let job = enqueue(app, "city:1", "Welcome");
        let claimed = app.db().write(&RUNNER, app.now(), |tx| jobs::claim(tx, "one")).unwrap().unwrap();
        notifications::send(&app.app.mailer, &message("Welcome"), claimed.id, app.now()).unwrap();
        let first = mails(app);
        // The process is gone. As long as the lease lasts nobody else takes the job.
        assert_eq!(run_due(&app.app).unwrap(), 0);
        wait(app, rules::LEASE);
        assert_eq!(run_due(&app.app).unwrap(), 1);
        let again = mails(app);
        assert_eq!((again.len(), &again[0].0), (1, &first[0].0));
        assert_eq!(row(app, job).0, JobState::Finished);
        // A runner that was only slow cannot change what the other one did.
        assert!(!app.db().write(&RUNNER, app.now(), |tx| jobs::finish(tx, &claimed)).unwrap());
        assert_eq!(app.db().write(&RUNNER, app.now(), |tx| jobs::fail(tx, &claimed, "late", rules::Outlook::MayPass)).unwrap(), None);
        assert_eq!(row(app, job).0, JobState::Finished);
    }

    fn jobs_of_an_aggregate_run_in_order_and_wait_for_a_failed_one(app: &TestApp) {
        let first = enqueue(app, "city:1", "one");
        for (about, subject) in [("city:1", "two"), ("city:2", "other"), ("city:1", "three")] {
            enqueue(app, about, subject);
        }
        let done = attempts(app, |subject| if subject == "one" { anyhow::bail!("away") } else { Ok(()) });
        assert_eq!(subjects(&done), ["one", "other"]);
        assert_eq!(row(app, first), (JobState::Waiting, row(app, first).1, 1, Some("away".to_owned())));

        let pause = rules::pause(first, 1);
        wait(app, pause - TimeDelta::milliseconds(1));
        assert!(attempts(app, |_| Ok(())).is_empty());
        wait(app, TimeDelta::milliseconds(1));
        let done = attempts(app, |_| Ok(()));
        assert_eq!(subjects(&done), ["one", "two", "three"]);
        assert_eq!(done[0].0, first);
    }

    fn a_job_for_later_waits_for_its_time(app: &TestApp) {
        let at = app.now().plus(TimeDelta::hours(1));
        app.arrange(|tx| jobs::enqueue_at(tx, &SendMail::new("city:1".to_owned(), message("later")), at));
        assert!(attempts(app, |_| Ok(())).is_empty());
        wait(app, TimeDelta::hours(1));
        assert_eq!(subjects(&attempts(app, |_| Ok(()))), ["later"]);
    }

    fn a_job_that_keeps_failing_is_laid_aside_and_can_be_revived(app: &TestApp) {
        let job = enqueue(app, "city:1", "hopeless");
        enqueue(app, "city:1", "next");
        for attempt in 1..=rules::ATTEMPTS {
            let done = attempts(app, |subject| if subject == "hopeless" { anyhow::bail!("attempt {attempt}") } else { Ok(()) });
            // The last attempt gives the way free.
            let expected: &[&str] = if attempt == rules::ATTEMPTS { &["hopeless", "next"] } else { &["hopeless"] };
            assert_eq!(subjects(&done), expected, "{attempt}");
            wait(app, rules::pause(job, attempt));
        }
        let (state, payload, attempts_made, error) = row(app, job);
        assert_eq!((state, attempts_made, error.as_deref()), (JobState::Dead, 20, Some("attempt 20")));
        assert_eq!(payload.0["subject"], "hopeless");
        assert_eq!(jobs::counts(&mut app.db()).unwrap(), Counts { dead: 1, ..Counts::default() });
        wait(app, TimeDelta::days(1));
        assert!(attempts(app, |_| Ok(())).is_empty());

        assert_eq!(app.arrange(jobs::revive), [job]);
        assert_eq!(attempts(app, |_| Ok(())), [(job, "hopeless".to_owned())]);
        assert_eq!(jobs::counts(&mut app.db()).unwrap(), Counts::default());
    }

    fn a_job_that_kills_its_process_every_time_dies_too(app: &TestApp) {
        let job = enqueue(app, "city:1", "poison");
        for _ in 0..rules::ATTEMPTS {
            assert!(app.db().write(&RUNNER, app.now(), |tx| jobs::claim(tx, "killed")).unwrap().is_some());
            wait(app, rules::LEASE);
        }
        assert!(attempts(app, |_| Ok(())).is_empty());
        assert_eq!(row(app, job).0, JobState::Dead);
    }

    fn a_panic_is_a_failure_and_the_runner_goes_on(app: &TestApp) {
        let job = enqueue(app, "city:1", "panics");
        enqueue(app, "city:2", "sound");
        let done = attempts(app, |subject| if subject == "panics" { panic!("as the test wants") } else { Ok(()) });
        assert_eq!(subjects(&done), ["panics", "sound"]);
        assert_eq!((row(app, job).0, row(app, job).3.as_deref()), (JobState::Waiting, Some("it panicked")));
    }

    fn many_runners_do_each_job_once(app: &TestApp) {
        let jobs: Vec<JobId> = (0..24).map(|number| enqueue(app, &format!("city:{}", number % 6), "one of many")).collect();
        let done = std::sync::Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    run_due_by(&app.app, |_, job, _| {
                        done.lock().unwrap().push(job.id);
                        Ok(())
                    }).unwrap();
                });
            }
        });
        // A runner may end while the last job of an aggregate still blocks the next one.
        run_due_by(&app.app, |_, job, _| { done.lock().unwrap().push(job.id); Ok(()) }).unwrap();
        let mut done = done.into_inner().unwrap();
        for aggregate in 0..6 {
            let order: Vec<JobId> = done.iter().copied().filter(|job| jobs.iter().position(|known| known == job).unwrap() % 6 == aggregate).collect();
            assert!(order.is_sorted(), "{aggregate}");
        }
        done.sort_unstable();
        assert_eq!(done, jobs);
    }
}
