//! Callers of several classes: who is more important goes first, and nobody is interrupted.
//!
//! All have the same handling time and the same patience. Then the line as a whole is that of the plain model, and
//! so are, while everybody is busy, those of the first `k` classes together with only their own calls arriving:
//! whoever of them waits is served before all others. The mean line of class `k` is the difference of two such
//! lines, and Little's law makes it a mean wait. Without patience this is Cobham's formula.

use super::{Model, Unsolvable, line};

/// Mean time in the line of each class, seconds, the most important first. `shares` of the calls, above 0; they
/// are made to add up to 1.
///
/// # Errors
/// [`Unsolvable`]; a limited room too, because whom it keeps out depends on more than these sums.
pub fn waits(model: &Model, shares: &[f64]) -> Result<Vec<f64>, Unsolvable> {
    let whole: f64 = shares.iter().sum();
    let fine = shares.iter().all(|share| share.is_finite() && *share > 0.0);
    if model.room.is_some() || shares.is_empty() || !fine {
        return Err(Unsolvable::OutOfRange);
    }
    let all_busy = model.solve()?.all_busy();
    let (mut rate, mut line_before, mut waits) = (0.0, 0.0, Vec::with_capacity(shares.len()));
    for share in shares {
        let own = model.rate * share / whole;
        rate += own;
        let line = all_busy * line_while_busy(model, rate)?;
        waits.push((line - line_before) / own);
        line_before = line;
    }
    Ok(waits)
}

/// Mean number waiting while everybody is busy, if only `rate` calls a second join the line.
fn line_while_busy(model: &Model, rate: f64) -> Result<f64, Unsolvable> {
    let weights = line(rate, model.service(), model.giving_up(), None, 0.0)?;
    let top = weights.iter().copied().fold(0.0, f64::max);
    let (mut whole, mut sum) = (0.0, 0.0);
    for (weight, waiting) in weights.iter().zip(0_u32..) {
        let weight = (weight - top).exp();
        whole += weight;
        sum += weight * f64::from(waiting);
    }
    Ok(sum / whole)
}
