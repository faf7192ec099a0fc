//! Invented names and figures of cities: a pure function of seed and place. What it is not: names
//! of real cities, though one may sound like one.

/// Syllables; all have two letters, so that two different rows of them never read alike.
const SYLLABLES: [&str; 40] = [
    "ba", "be", "bo", "da", "de", "di", "fa", "fe", "ga", "go", "ha", "he", "hu", "ka", "ke", "ko",
    "la", "le", "li", "lo", "ma", "me", "mo", "na", "ne", "no", "pa", "po", "ra", "re", "ri", "ro",
    "sa", "se", "si", "ta", "te", "to", "va", "vi",
];

/// How names end.
const ENDINGS: [&str; 10] = [
    "borg", "by", "dal", "ford", "ham", "havn", "mark", "stad", "ville", "ø",
];

/// How many names there are.
pub(super) const COUNT: u32 = 640_000;

/// Coprime with [`COUNT`], so that every place gets a name of its own.
const STEP: u64 = 387_421;

/// What is invented about a city.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Invented {
    /// The name, unlike that of any other place of the seed.
    pub(super) name: String,
    /// Inhabitants, 10,000 to 1,009,999.
    pub(super) population: i64,
    /// Degrees north, 36 to 60.
    pub(super) latitude: f64,
    /// Degrees east, -9 to 27.
    pub(super) longitude: f64,
}

/// What the city at a place is called, and its figures.
pub(super) fn invent(seed: u64, place: u32) -> Invented {
    let count = u64::from(COUNT);
    let code = (u64::from(place) * STEP + seed % count) % count;
    let mixed = mix(seed ^ u64::from(place));
    let figure = |shift: u32, below: u32| {
        let part = (mixed >> shift) % u64::from(below);
        u32::try_from(part).unwrap_or_default()
    };
    Invented {
        name: name(code),
        population: 10_000 + i64::from(figure(0, 1_000_000)),
        latitude: 36.0 + f64::from(figure(20, 2_400)) / 100.0,
        longitude: -9.0 + f64::from(figure(40, 3_600)) / 100.0,
    }
}

fn name(code: u64) -> String {
    let mut rest = code;
    let mut digit = |base: u64| {
        let digit = usize::try_from(rest % base).unwrap_or_default();
        rest /= base;
        digit
    };
    let ending = ENDINGS.get(digit(10)).copied().unwrap_or_default();
    let mut name = String::with_capacity(12);
    for _ in 0..3 {
        name.push_str(SYLLABLES.get(digit(40)).copied().unwrap_or_default());
    }
    name.push_str(ending);
    let mut letters = name.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => name,
    }
}

/// The finalizer of `SplitMix64` (Steele, Lea and Flood, 2014): spreads neighbours far apart.
fn mix(value: u64) -> u64 {
    let value = value.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_place_has_a_name_of_its_own() {
        for seed in [0, 7, u64::MAX] {
            let names: HashSet<String> = (0..COUNT).map(|place| invent(seed, place).name).collect();
            assert_eq!(names.len(), COUNT as usize, "{seed}");
        }
    }

    #[test]
    fn the_same_seed_invents_the_same_and_another_one_other_things() {
        assert_eq!(invent(1, 5), invent(1, 5));
        assert_ne!(invent(1, 5).name, invent(2, 5).name);
        assert_ne!(invent(1, 5).population, invent(2, 5).population);
    }
}
