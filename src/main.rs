//! The binary `intercultural-cities`: reads the arguments and hands over. What it is not: anything
//! else.

use std::process::ExitCode;

/// Less CPU and memory than the system's allocator under many small strings.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    intercultural_cities::cli::run(std::env::args().collect())
}
