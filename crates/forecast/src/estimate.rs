//! Means over replications, each with its standard error.

/// A mean and how far it may be off.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Estimate {
    /// Mean over the replications; 0 if none had a value.
    pub mean: f64,
    /// Its standard error; 0 with fewer than two values.
    pub error: f64,
}

impl Estimate {
    /// From one value for each replication; what is no number (a mean of nothing) is left out.
    #[must_use]
    pub fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let values: Vec<f64> = values.into_iter().filter(|value| value.is_finite()).collect();
        let count = values.len() as f64;
        if values.is_empty() {
            return Self::default();
        }
        let mean = values.iter().sum::<f64>() / count;
        if values.len() < 2 {
            return Self { mean, error: 0.0 };
        }
        let spread = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (count - 1.0);
        Self { mean, error: (spread / count).sqrt() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_estimate_is_the_mean_and_its_standard_error() {
        let estimate = Estimate::of([1.0, 2.0, 3.0, f64::NAN]);
        assert_eq!(estimate.mean, 2.0);
        assert!((estimate.error - (1.0_f64 / 3.0).sqrt()).abs() < 1e-12);
        assert_eq!(Estimate::of([]), Estimate::default());
        assert_eq!(Estimate::of([4.0]), Estimate { mean: 4.0, error: 0.0 });
    }
}
