//! What the commands say of themselves is true: every example works when it is pasted, and a wrong word is answered with the
//! right one.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

#[expect(dead_code, reason = "the other test files use the rest")]
mod support;

use std::{
    path::Path,
    process::{Command, Output, Stdio},
    sync::Arc,
};

use reqwest::StatusCode;
use tempfile::TempDir;

use support::{
    bridge::{Bridge, folder},
    reader::Answer,
    upstream::{FEED, PASSWORD, Wiring, evenings, event, start},
};

/// Commands that run until they are told to end.
const ENDLESS: [&str; 3] = ["serve", "demo", "sandbox"];

/// A folder with a configuration in which every example has something to work on: a feed, a closed one, a server that runs,
/// and a source that holds something back.
struct Pasted {
    dir: Arc<TempDir>,
    server: Bridge,
    _upstream: calbridge::sandbox::prospero::Running,
}

impl Pasted {
    async fn begin() -> Self {
        let mut events = evenings();
        events.push(event(6, "Rehearsal", "2030-11-27T18:00:00Z"));
        let upstream = start(events).await;
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let admin = free.local_addr().unwrap();
        drop(free);
        let wiring = Wiring {
            server: format!("listen = \"127.0.0.1:0\"\nadmin_listen = \"{admin}\""),
            more: "[feeds.cast]\nsources = [\"stage\"]\naccess = \"token\"\n".to_owned(),
            ..Wiring::eager()
        };
        let dir = folder(&wiring.text(&upstream));
        let server = Bridge::start(&dir, &["serve"], &[]).await;
        let reader = server.reader();
        let good = |answer: &Answer| answer.status == StatusCode::OK;
        reader.get_until(FEED, "is served", good).await;
        upstream.edit(|season| season.events.clear());
        let held = |answer: &Answer| answer.header("x-calbridge-state").starts_with("stale");
        reader.get_until(FEED, "is held", held).await;
        Self {
            dir,
            server,
            _upstream: upstream,
        }
    }
}

/// Runs a line as somebody who pastes it into a shell.
fn paste(line: &str, dir: &Path) -> Output {
    let program = Path::new(env!("CARGO_BIN_EXE_calbridge"));
    let folder = program.parent().unwrap().display();
    Command::new("bash")
        .args(["-o", "pipefail", "-c"])
        .arg(format!("PATH={folder}:$PATH; {line}"))
        .current_dir(dir)
        .env("PROSPERO_PASSWORD", PASSWORD)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// The help of a command, such as `token new`.
fn help(words: &[String], dir: &Path) -> String {
    let line = format!("calbridge {} --help", words.join(" "));
    let told = paste(&line, dir);
    assert!(told.status.success(), "{line}: {told:?}");
    String::from_utf8(told.stdout).unwrap()
}

/// The words of every command, from the program itself on.
fn commands(above: &[String], dir: &Path) -> Vec<Vec<String>> {
    let text = help(above, dir);
    let Some((_, below)) = text.split_once("\nCommands:\n") else {
        return vec![above.to_vec()];
    };
    let rows = below.lines().take_while(|line| line.starts_with("  "));
    // What a row goes on with stands further to the right.
    let names = rows.filter(|line| !line.starts_with("   "));
    let names = names.filter_map(|line| line.split_whitespace().next());
    let commands = names.filter(|name| *name != "help").flat_map(|name| {
        let words: Vec<String> = above.iter().cloned().chain([name.to_owned()]).collect();
        commands(&words, dir)
    });
    [above.to_vec()].into_iter().chain(commands).collect()
}

/// The line that the help shows how to use a command by.
fn example(help: &str) -> Option<String> {
    let (_, rest) = help.split_once("\nExample: ")?;
    // Long lines are wrapped.
    Some(rest.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_example_in_every_help_works_when_it_is_pasted() {
    let Pasted {
        dir,
        server,
        _upstream,
    } = Pasted::begin().await;
    let commands = commands(&[], dir.path());
    assert!(commands.len() >= 16, "{commands:?}");
    let mut endless = Vec::new();
    for words in commands {
        let name = words.join(" ");
        let example = example(&help(&words, dir.path()));
        let example = example.unwrap_or_else(|| panic!("the help of `{name}` has no example"));
        assert!(
            example.contains(&format!("calbridge {name}")),
            "{name}: {example}"
        );
        let command = example.split_whitespace().nth(1).unwrap();
        if ENDLESS.contains(&command) {
            endless.push(example);
            continue;
        }
        let done = paste(&example, dir.path());
        assert_eq!(done.status.code(), Some(0), "{example}: {done:?}");
    }
    server.signal("TERM");
    assert_eq!(server.finished().await.code, Some(0));
    for example in endless {
        let words: Vec<&str> = example.split_whitespace().skip(1).collect();
        let bridge = Bridge::start(&dir, &words, &[]).await;
        bridge.signal("TERM");
        assert_eq!(bridge.finished().await.code, Some(0), "{example}");
    }
}

#[tokio::test]
async fn a_wrong_word_on_the_command_line_is_answered_with_the_right_one() {
    let dir = folder("");
    for (arguments, right) in [
        (&["serve", "--confg", "x.toml"][..], "'--config'"),
        (&["serv"], "'serve'"),
        (&["chek"], "'check'"),
        (&["exprot", "season"], "'export'"),
        (&["explian", "season", "x"], "'explain'"),
        (&["explain", "season", "x", "--fech"], "'--fetch'"),
        (&["check", "--ofline"], "'--offline'"),
        (&["demo", "--lisen", "127.0.0.1:0"], "'--listen'"),
        (&["export", "season", "--windw", "2026"], "'--window'"),
        (&["links", "--jsn"], "'--json'"),
        (&["token", "neww"], "'new'"),
        (&["token", "new", "cast", "--lable", "x"], "'--label'"),
        (&["sandbox", "--kind", "prospro"], "'prospero'"),
        (&["completions", "bsah"], "'bash'"),
    ] {
        let finished = Bridge::run(&dir, arguments).await;
        assert_eq!(
            (finished.code, finished.out.as_str()),
            (Some(2), ""),
            "{arguments:?}"
        );
        assert!(
            finished.err.contains(right),
            "{arguments:?}: {}",
            finished.err
        );
    }
}

#[tokio::test]
async fn a_wrong_key_in_the_configuration_is_answered_with_the_right_one() {
    for (config, said) in [
        ("[sever]\n", "sever: is not known; did you mean `server`"),
        (
            "[server]\nlisen = \"127.0.0.1:0\"\n",
            "server.lisen: is not known; did you mean `listen`",
        ),
        (
            "[server]\nadmin-listen = \"127.0.0.1:0\"\n",
            "server.admin-listen: is not known; did you mean `admin_listen`",
        ),
        (
            "[store]\nulr = \"memory\"\n",
            "store.ulr: is not known; did you mean `url`",
        ),
        (
            "[sources.s]\nkind = \"prospro\"\n",
            "sources.s.kind: `prospro` is not known; write `prospero`",
        ),
        (
            "[sources.s]\nkind = \"ics\"\nrefesh = \"10m\"\n",
            "sources.s.refesh: is not known; did you mean `refresh`",
        ),
        (
            "[feeds.f]\nsourcs = []\n",
            "feeds.f.sourcs: is not known; did you mean `sources`",
        ),
        (
            "[feeds.f]\nacces = \"token\"\n",
            "feeds.f.acces: is not known; did you mean `access`",
        ),
        (
            "[feeds.f]\ndetail = \"titel\"\n",
            "feeds.f.detail: `titel` is not known; write `full` or `title` or `busy`",
        ),
    ] {
        let dir = folder(config);
        let finished = Bridge::run(&dir, &["check", "--offline"]).await;
        assert_eq!(finished.code, Some(2), "{config}: {finished:?}");
        assert!(finished.err.contains(said), "{config}: {}", finished.err);
    }
}
