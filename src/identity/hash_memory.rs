//! The memory in which passwords are checked, kept from one check to the next: 19 MiB that are
//! asked of the system and given back at each sign-in lie in the allocator for a while, and a few
//! sign-ins would double what the service holds. What it is not: a limit; how many are checked at a
//! time is the matter of `hash_gate.rs`.

use std::collections::TryReserveError;
use std::sync::{Mutex, PoisonError};

use argon2::Block;

use crate::identity::passwords::PARAMETERS;

/// What the last check left. Two at a time have one each, of which one is kept.
#[derive(Debug, Default)]
pub struct HashMemory(Mutex<Vec<Block>>);

impl HashMemory {
    /// Does the work in so many blocks, whose content may be of an earlier one.
    ///
    /// # Errors
    /// There is no memory.
    pub(super) fn lend<T>(
        &self,
        blocks: usize,
        work: impl FnOnce(&mut [Block]) -> T,
    ) -> Result<T, TryReserveError> {
        let mut memory =
            std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        memory.try_reserve_exact(blocks.saturating_sub(memory.len()))?;
        memory.resize(blocks, Block::default());
        let done = work(&mut memory);
        // A hash of other parameters may have asked for much more; that goes back.
        if memory.capacity() <= PARAMETERS.block_count() {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = memory;
        }
        Ok(done)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_has_the_size_that_was_asked_for() {
        let kept = HashMemory::default();
        for blocks in [8, 64, 16] {
            let lent = kept.lend(blocks, |memory| {
                // Another one at the same time does not wait.
                assert_eq!(kept.lend(4, |memory| memory.len()).unwrap(), 4);
                memory.len()
            });
            assert_eq!(lent.unwrap(), blocks);
        }
        assert!(kept.lend(usize::MAX, |_| ()).is_err());
    }
}
