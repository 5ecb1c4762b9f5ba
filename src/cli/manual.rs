//! `calbridge completions` and `calbridge man`, both from the definition of the commands.

use std::io::Write;

use clap::CommandFactory;

use super::{Arguments, CliError, stdout};

/// A shell that can complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Shell {
    Bash,
    Zsh,
    Fish,
}

/// Prints what `shell` needs to complete commands and options.
pub(super) fn completions(shell: Shell, out: &mut impl Write) -> Result<(), CliError> {
    let shell = match shell {
        Shell::Bash => clap_complete::Shell::Bash,
        Shell::Zsh => clap_complete::Shell::Zsh,
        Shell::Fish => clap_complete::Shell::Fish,
    };
    // It gives up where it cannot write, so it writes to memory.
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "calbridge", &mut text);
    out.write_all(&text).map_err(stdout)
}

/// Prints the man page, with a section for each command.
pub(super) fn man(out: &mut impl Write) -> Result<(), CliError> {
    let mut program = Arguments::command();
    program.build();
    clap_mangen::Man::new(program.clone())
        .render(out)
        .map_err(stdout)?;
    for command in program
        .get_subcommands()
        .filter(|command| command.get_name() != "help")
    {
        let page = clap_mangen::Man::new(command.clone());
        page.render_name_section(out)
            .and_then(|()| page.render_synopsis_section(out))
            .and_then(|()| page.render_description_section(out))
            .and_then(|()| page.render_options_section(out))
            .map_err(stdout)?;
    }
    Ok(())
}
