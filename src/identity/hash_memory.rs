//! The memory in which passwords are checked, kept from one check to the next: 19 MiB that are
//! asked of the system and given back at each sign-in lie in the allocator for a while, and a few
//! sign-ins would double what the service holds. What it is not: a limit; how many are checked at a
//! time is the matter of `hash_gate.rs`.

use std::sync::{Mutex, PoisonError};

use argon2::Block;

/// What the last check left. Two at a time have one each, of which one is kept.
static SPARE: Mutex<Vec<Block>> = Mutex::new(Vec::new());

/// The most blocks that are kept, of 1 KiB each: what today's parameters take.
const MOST: usize = 19 * 1024;

/// Does the work in so many blocks, whose content may be of an earlier one.
///
/// # Errors
/// There is no memory.
pub(super) fn lend<T>(
    blocks: usize,
    work: impl FnOnce(&mut [Block]) -> T,
) -> Result<T, std::collections::TryReserveError> {
    let mut memory = std::mem::take(&mut *SPARE.lock().unwrap_or_else(PoisonError::into_inner));
    memory.try_reserve_exact(blocks.saturating_sub(memory.len()))?;
    memory.resize(blocks, Block::default());
    let done = work(&mut memory);
    // A hash of other parameters may have asked for much more; that goes back.
    if memory.capacity() <= MOST {
        *SPARE.lock().unwrap_or_else(PoisonError::into_inner) = memory;
    }
    Ok(done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_has_the_size_that_was_asked_for() {
        for blocks in [8, 64, 16] {
            let lent = lend(blocks, |memory| {
                // Another one at the same time does not wait.
                assert_eq!(lend(4, |memory| memory.len()).unwrap(), 4);
                memory.len()
            });
            assert_eq!(lent.unwrap(), blocks);
        }
        assert!(lend(usize::MAX, |_| ()).is_err());
    }
}
