//! What is counted, in the text form that Prometheus reads. What it is not: logs; a metric has no
//! person and no request in it.

use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};

/// The labels of a request.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    route: String,
    method: &'static str,
    status: u16,
}

/// The counters of a process.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    duration: Histogram,
    waiting_reads: Gauge,
    waiting_writes: Gauge,
    statements: Counter,
    recalled: Counter,
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl Metrics {
    /// Counters at zero.
    #[must_use]
    pub fn new() -> Self {
        let mut registry = Registry::default();
        let requests = Family::<RequestLabels, Counter>::default();
        registry.register(
            "http_requests",
            "Requests answered, by route, method and status",
            requests.clone(),
        );
        let duration = Histogram::new(exponential_buckets(0.000_5, 2.0, 14));
        registry.register_with_unit(
            "http_request_duration",
            "Time from a request's head to its answer",
            Unit::Seconds,
            duration.clone(),
        );
        let waiting_reads = Gauge::default();
        registry.register(
            "database_queue_reads",
            "Operations that wait for a reading database worker",
            waiting_reads.clone(),
        );
        let waiting_writes = Gauge::default();
        registry.register(
            "database_queue_writes",
            "Operations that wait for a writing database worker",
            waiting_writes.clone(),
        );
        let statements = Counter::default();
        registry.register(
            "database_statements",
            "Statements sent to the database since the start",
            statements.clone(),
        );
        let recalled = Counter::default();
        registry.register(
            "graphql_answers_recalled",
            "Queries answered from memory, because no transaction had ended since",
            recalled.clone(),
        );
        Self {
            registry,
            requests,
            duration,
            waiting_reads,
            waiting_writes,
            statements,
            recalled,
        }
    }

    /// Counts an answered request.
    pub fn answered(&self, route: &str, method: &'static str, status: u16, after: Duration) {
        let labels = RequestLabels {
            route: route.to_owned(),
            method,
            status,
        };
        self.requests.get_or_create(&labels).inc();
        self.duration.observe(after.as_secs_f64());
    }

    /// Counts a query that was answered from memory.
    pub fn recalled(&self) {
        self.recalled.inc();
    }

    /// All counters as text.
    ///
    /// # Errors
    /// The text cannot be written.
    pub fn text(
        &self,
        waiting: (usize, usize),
        statements: u64,
    ) -> Result<String, std::fmt::Error> {
        self.waiting_reads
            .set(i64::try_from(waiting.0).unwrap_or(i64::MAX));
        self.waiting_writes
            .set(i64::try_from(waiting.1).unwrap_or(i64::MAX));
        self.statements
            .inc_by(statements.saturating_sub(self.statements.get()));
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

/// `OpenMetrics` as the older text of Prometheus, 0.0.4: there a counter's family has the name of its
/// sample, with `_total`, units are not told and there is no end mark.
#[must_use]
pub fn as_prometheus(open: &str) -> String {
    let counters: Vec<&str> = open
        .lines()
        .filter_map(|line| line.strip_prefix("# TYPE ")?.strip_suffix(" counter"))
        .collect();
    let mut text = String::with_capacity(open.len());
    for line in open.lines() {
        if line == "# EOF" || line.starts_with("# UNIT ") {
            continue;
        }
        let told = ["# HELP ", "# TYPE "]
            .into_iter()
            .find_map(|mark| Some((mark, line.strip_prefix(mark)?.split_once(' ')?)));
        match told {
            Some((mark, (family, rest))) if counters.contains(&family) => {
                text.extend([mark, family, "_total ", rest]);
            }
            _ => text.push_str(line),
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_texts_tell_the_same() {
        let metrics = Metrics::new();
        metrics.answered("/graphql", "POST", 200, Duration::from_millis(3));
        let open = metrics.text((1, 2), 5).unwrap();
        assert!(open.contains("# TYPE http_requests counter") && open.ends_with("# EOF\n"));
        let text = as_prometheus(&open);
        for line in [
            "# TYPE http_requests_total counter",
            "# HELP database_statements_total Statements sent to the database since the start.",
            "http_requests_total{route=\"/graphql\",method=\"POST\",status=\"200\"} 1",
            "database_statements_total 5",
            "database_queue_writes 2",
            "# TYPE http_request_duration_seconds histogram",
            "http_request_duration_seconds_count 1",
        ] {
            assert!(text.lines().any(|told| told == line), "{line}: {text}");
        }
        assert!(!text.contains("# EOF") && !text.contains("# UNIT"));
    }
}
